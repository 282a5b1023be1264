import { useOwnN8n } from '../ownN8n';
import { Figures } from './figures';
import { TASK_SECONDS, underLoad } from './load';
import { workerLoss } from './workerLoss';
import { nonBlockingWorkflow } from './nonBlocking';

/**
 * n8n in its queue mode: a main process, workers, Redis and PostgreSQL. Images under load; the
 * non-blocking workflow, which waits in the database; and what becomes of every task when a worker
 * goes. In this order: the workflow's waits are real ones, of more than a minute, and the workers go
 * meanwhile.
 */
jest.setTimeout(15 * 60_000);

const n8n = useOwnN8n('queue', { taskSeconds: TASK_SECONDS });
const figures = new Figures();

underLoad(n8n, figures);
const ofNonBlocking = nonBlockingWorkflow(n8n, figures);
ofNonBlocking.waits();
workerLoss(n8n, figures);
ofNonBlocking.ends();

afterAll(() => void process.stdout.write(`\nMeasured\n${figures.toString()}\n\n`));
