import { useOwnN8n } from '../ownN8n';
import { printFigures } from './figures';
import { TASK_SECONDS, underLoad } from './load';
import { nonBlockingWorkflow } from './nonBlocking';
import { workerLoss } from './workerLoss';

/**
 * n8n in its queue mode: a main process, workers, Redis and PostgreSQL. Images under load; the
 * non-blocking workflow, which waits in the database; and what becomes of every task when a worker
 * goes. In this order: the workflow's waits are real ones, of more than a minute, and the workers go
 * meanwhile.
 */
jest.setTimeout(15 * 60_000);

const n8n = useOwnN8n('queue', TASK_SECONDS);

underLoad(n8n);
const ofNonBlocking = nonBlockingWorkflow(n8n);
ofNonBlocking.waits();
workerLoss(n8n);
ofNonBlocking.ends();

afterAll(printFigures);
