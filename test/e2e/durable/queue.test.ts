import { durablePromises } from './durablePair';

durablePromises('queue');
