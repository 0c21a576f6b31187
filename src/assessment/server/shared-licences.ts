import type { Directory } from '../../facilities/index.ts';

const known = new WeakMap<Directory, ReadonlySet<string>>();

/** Licences that are registered at more than one facility, whenever: of no other can anything stand elsewhere. */
export function sharedLicences(directory: Directory): ReadonlySet<string> {
  const found = known.get(directory) ?? licencesOf(directory);
  known.set(directory, found);
  return found;
}

function licencesOf({ facilities }: Directory): ReadonlySet<string> {
  const places = new Map<string, string>();
  const shared = new Set<string>();
  for (const { code, practitioners } of facilities)
    for (const { licenceNumber } of practitioners) {
      if ((places.get(licenceNumber) ?? code) !== code) shared.add(licenceNumber);
      places.set(licenceNumber, code);
    }
  return shared;
}
