import { startTestCluster } from './cluster.ts';

/** One cluster for the whole run; test files copy its template database. */
export default async function globalSetup(): Promise<void> {
  if (process.env.HIS_TEST_FAST) return;
  const cluster = await startTestCluster();
  process.env.HIS_TEST_SUPERUSER_URL = cluster.server.superuserUrl;
  (globalThis as { hisCluster?: typeof cluster }).hisCluster = cluster;
}
