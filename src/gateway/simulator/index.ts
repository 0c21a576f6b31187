export type { SimulatorSettings } from './settings.ts';
export type { Simulator, SimulatorOptions } from './simulator.ts';
export { runSimulator, startSimulator } from './simulator.ts';
