export { startEmulator } from './http';
export type { Emulator, EmulatorOptions } from './emulator';
export type { RecordedRequest } from './records';
export type { Scenario, ScenarioName } from './scenarios';
