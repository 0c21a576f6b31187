import { readConfig } from '../config.ts';
import { startSimulator } from '../gateway/simulator/index.ts';
import { ready, say, untilStopped } from './console.ts';

/** The simulated gateway, until it is told to stop. */
export async function simulateGateway(options: {
  port?: number;
  controlPort?: number;
  records?: string;
  signature: 'ignore' | 'presence';
}): Promise<void> {
  const config = readConfig();
  await untilStopped(async (stops) => {
    const simulator = await startSimulator({
      host: config.HOST,
      port: options.port ?? config.SIMULATOR_PORT,
      controlPort: options.controlPort ?? config.SIMULATOR_CONTROL_PORT,
      settings: { 'submit.signature': options.signature },
      ...(options.records ? { snapshotFile: options.records } : {}),
    });
    stops.add(() => simulator.stop());
    say('simulating', { url: simulator.url, controlUrl: simulator.controlUrl });
    if (options.signature === 'ignore') say('simulatorUnsigned', { mode: options.signature });
    ready({ url: simulator.url, controlUrl: simulator.controlUrl });
  });
}
