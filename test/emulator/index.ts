export { startEmulator } from './emulator';
export type { Emulator, EmulatorOptions } from './emulator';
export type { Misbehaviour } from './misbehaviour';
export type { Call, RecordedRequest } from './records';
export { SCENARIOS } from './scenarios';
export type { ScenarioName } from './scenarios';
export type { EmulatedTask } from './task';
