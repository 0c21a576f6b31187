import { currentLanguage, readConfig } from '../config.ts';
import { SettingError, type Simulator, startSimulator } from '../gateway/simulator/index.ts';
import { ready, say, untilStopped, words } from './console.ts';
import { CommandFailure } from './failure.ts';

/** The simulated gateway, until it is told to stop. */
export async function simulateGateway(options: {
  port?: number;
  controlPort?: number;
  records?: string;
  signature?: 'ignore' | 'presence' | 'verify';
  certificates?: string;
  set?: readonly string[];
  seed?: string;
}): Promise<void> {
  const config = readConfig();
  const signature = options.signature ?? (options.certificates ? 'verify' : 'ignore');
  if (signature === 'verify' && !options.certificates)
    throw new CommandFailure(words('signatureNeedsCertificates'), 2);
  await untilStopped(async (stops) => {
    const simulator = await started({
      host: config.HOST,
      port: options.port ?? config.SIMULATOR_PORT,
      controlPort: options.controlPort ?? config.SIMULATOR_CONTROL_PORT,
      settings: { 'submit.signature': signature, ...settingsIn(options.set ?? []) },
      ...(options.seed === undefined ? {} : { seed: options.seed }),
      ...(options.certificates ? { certificatesDir: options.certificates } : {}),
      ...(options.records ? { snapshotFile: options.records } : {}),
    });
    stops.add(() => simulator.stop());
    say('simulating', { url: simulator.url, controlUrl: simulator.controlUrl });
    if (signature !== 'verify') say('simulatorUnsigned', { mode: signature });
    ready({ url: simulator.url, controlUrl: simulator.controlUrl });
  });
}

/** @throws CommandFailure for a setting that it does not know or cannot keep */
async function started(options: Parameters<typeof startSimulator>[0]): Promise<Simulator> {
  try {
    return await startSimulator(options);
  } catch (error) {
    if (!(error instanceof SettingError)) throw error;
    throw new CommandFailure(words('simulatorSetting', { reason: error.reason(currentLanguage()) }), 2);
  }
}

/** `name=value`: numbers and yes-no values as such, everything else as text. */
function settingsIn(given: readonly string[]): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    given.map((one) => {
      const [name = '', ...rest] = one.split('=');
      const value = rest.join('=');
      if (value === 'true' || value === 'false') return [name, value === 'true'];
      return [name, /^\d+$/.test(value) ? Number(value) : value];
    }),
  );
}
