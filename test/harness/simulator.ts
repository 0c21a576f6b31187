import type { Simulator } from '../../src/gateway/simulator/index.ts';
import { startProcess } from '../../src/runtime/processes.ts';

/** The simulated gateway as others run it: `his simulate-gateway`, its own process, any free ports. */
export async function startSimulatorProcess(
  settings: Readonly<Record<string, unknown>> = {},
): Promise<Simulator> {
  const set = Object.entries(settings).flatMap(([name, value]) => ['--set', `${name}=${String(value)}`]);
  const args = ['simulate-gateway', '--port', '0', '--control-port', '0', ...set];
  const running = await startProcess(args, {}, { quiet: true });
  const { url = '', controlUrl = '' } = running.details;
  return { url, controlUrl, stop: () => running.stop() };
}
