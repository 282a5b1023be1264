import { durablePromises } from './promises';

durablePromises('regular');
