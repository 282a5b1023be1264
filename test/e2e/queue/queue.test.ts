import { Figures } from './figures';
import { underLoad } from './load';
import { losingWorkers } from './losing';
import { recipe } from './recipe';
import { useWorld } from './world';

/**
 * n8n in its queue mode: a main process, workers, Redis and PostgreSQL. Images under load; the recipe
 * that waits in the database; and what becomes of every task when a worker goes. In this order: the
 * recipe's waits are real ones, of more than a minute, and the workers go meanwhile.
 */
jest.setTimeout(15 * 60_000);

const world = useWorld();
const figures = new Figures();

underLoad(world, figures);
const ofRecipe = recipe(world, figures);
ofRecipe.waits();
losingWorkers(world, figures);
ofRecipe.ends();

afterAll(() => void process.stdout.write(`\nMeasured\n${figures.toString()}\n\n`));
