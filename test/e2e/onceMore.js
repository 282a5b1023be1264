/** A browser on a busy machine misses a moment now and then: once more, and the first error is printed. */
jest.retryTimes(1, { logErrorsBeforeRetry: true });
