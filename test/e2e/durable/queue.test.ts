import { durablePromises } from './promises';

durablePromises('queue');
