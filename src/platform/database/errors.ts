/** Is this (or what caused it) a PostgreSQL error with that SQLSTATE? MikroORM wraps the driver's errors. */
export function isDatabaseError(error: unknown, sqlState: string, constraint?: string): boolean {
  for (let current: unknown = error; current instanceof Error; current = current.cause) {
    const found = current as Error & { code?: unknown; constraint?: unknown };
    if (found.code === sqlState && (constraint === undefined || found.constraint === constraint)) return true;
  }
  return false;
}
