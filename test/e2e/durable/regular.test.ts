import { durablePromises } from './durablePair';

durablePromises('regular');
