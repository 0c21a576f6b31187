/** Every string inside in normal form C, trimmed at both ends; applied once, where data comes in. */
export function normalised<T>(value: T): T {
  if (typeof value === 'string') return value.normalize('NFC').trim() as T;
  if (Array.isArray(value)) return value.map(normalised) as T;
  if (value !== null && typeof value === 'object')
    return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, normalised(entry)])) as T;
  return value;
}
