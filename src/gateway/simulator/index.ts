export { SettingError, type SimulatorSettings } from './settings.ts';
export type { Simulator, SimulatorOptions } from './simulator.ts';
export { startSimulator } from './simulator.ts';
