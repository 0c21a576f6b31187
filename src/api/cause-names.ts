import type { CauseKind } from '../assessment/index.ts';
import type { Catalogue } from '../catalogues/index.ts';
import type { Directory } from '../facilities/index.ts';

type Names = ReadonlyMap<string, string>;
/** One copy of the catalogue is asked many times. */
const ofCatalogue = new WeakMap<Catalogue, Names>();
const ofDirectory = new WeakMap<Directory, Names>();

/** The name of what causes findings, as the catalogues and the register of practitioners know it; null = they do not. */
export function causeNames({ catalogue, directory }: { catalogue: Catalogue; directory: Directory }) {
  const items = keptIn(ofCatalogue, catalogue, () =>
    catalogue.items.flatMap(({ officialCode, itemCode, name }) => [
      [itemCode, name],
      [officialCode, name],
    ]),
  );
  const people = keptIn(ofDirectory, directory, () =>
    directory.facilities.flatMap(({ practitioners }) =>
      practitioners.map(({ licenceNumber, name }) => [licenceNumber, name] as const),
    ),
  );
  return ({ kind, key }: { readonly kind: CauseKind; readonly key: string }): string | null => {
    if (kind === 'practitioner') return people.get(key) ?? null;
    if (kind === 'diagnosis') return catalogue.diagnosis(key)?.name ?? null;
    if (kind === 'machine' || kind === 'person') return null;
    return items.get(key) ?? null;
  };
}

function keptIn<Source extends object>(
  known: WeakMap<Source, Names>,
  source: Source,
  entries: () => Iterable<readonly [string, string]>,
): Names {
  const names = known.get(source) ?? new Map(entries());
  known.set(source, names);
  return names;
}
