/** Kept for test/workflow/network.test.ts, until it imports from there. */
export { CUT_STREAM, HUNG_UP, NEVER_SENT, RESET } from './faultyResponses';
