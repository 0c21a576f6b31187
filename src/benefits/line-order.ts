/**
 * Orders lines by their names, numbers in them as numbers (L2 before L10): so that a remainder falls on the same line
 * however the lines are handed in.
 */
export function byName(a: { readonly id: string }, b: { readonly id: string }): number {
  const [nameA, numberA] = apart(a.id);
  const [nameB, numberB] = apart(b.id);
  if (nameA !== nameB) return nameA < nameB ? -1 : 1;
  return numberA === numberB ? compare(a.id, b.id) : compare(numberA, numberB);
}

const ENDS_IN_NUMBER = /^(.*?)(\d{1,15})$/;

function apart(id: string): readonly [string, number] {
  const found = ENDS_IN_NUMBER.exec(id);
  return found ? [found[1]!, Number(found[2])] : [id, -1];
}

function compare<T extends string | number>(a: T, b: T): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
