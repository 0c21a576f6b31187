import { readConfig } from '../config.ts';
import { startSimulator } from '../gateway/simulator/index.ts';
import { ready, say, untilStopped, words } from './console.ts';
import { CommandFailure } from './failure.ts';

/** The simulated gateway, until it is told to stop. */
export async function simulateGateway(options: {
  port?: number;
  controlPort?: number;
  records?: string;
  signature?: 'ignore' | 'presence' | 'verify';
  certificates?: string;
}): Promise<void> {
  const config = readConfig();
  const signature = options.signature ?? (options.certificates ? 'verify' : 'ignore');
  if (signature === 'verify' && !options.certificates)
    throw new CommandFailure(words('signatureNeedsCertificates'), 2);
  await untilStopped(async (stops) => {
    const simulator = await startSimulator({
      host: config.HOST,
      port: options.port ?? config.SIMULATOR_PORT,
      controlPort: options.controlPort ?? config.SIMULATOR_CONTROL_PORT,
      settings: { 'submit.signature': signature },
      ...(options.certificates ? { certificatesDir: options.certificates } : {}),
      ...(options.records ? { snapshotFile: options.records } : {}),
    });
    stops.add(() => simulator.stop());
    say('simulating', { url: simulator.url, controlUrl: simulator.controlUrl });
    if (signature !== 'verify') say('simulatorUnsigned', { mode: signature });
    ready({ url: simulator.url, controlUrl: simulator.controlUrl });
  });
}
