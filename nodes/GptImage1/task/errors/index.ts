/**
 * The only place that words an error. A message says what happened, with the request id; the
 * description says what to do next and carries the service's own words, because n8n rewrites
 * messages that happen to contain a system code (engine fact 15). "cancelled" is written with two l
 * on purpose: n8n ends the whole execution as canceled on the other spelling (engine fact 11).
 */
export * from './calls';
export * from './images';
export * from './parameters';
export * from './problem';
export * from './refusals';
export * from './tasks';
