import { hash } from 'node:crypto';

/** A repeatable stream of chance: the same names always give the same stream (mulberry32, seeded by their hash). */
export interface Random {
  /** An integer in `[low, high]`. */
  int(low: number, high: number): number;
  chance(probability: number): boolean;
  pick<T>(choices: readonly T[]): T;
  /** Choices with their weights. */
  weighted<T>(choices: readonly (readonly [T, number])[]): T;
  /** A decimal text in `[low, high]`, all equally likely; computed in whole units, never as a float. */
  decimalText(low: string, high: string, decimals: number): string;
}

export function randomFrom(...names: readonly (string | number)[]): Random {
  let state = hash('sha256', names.join('\u0000'), 'buffer').readUInt32LE(0);
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  const int = (low: number, high: number) => low + Math.floor(next() * (high - low + 1));
  return {
    int,
    chance: (probability) => next() < probability,
    pick<T>(choices: readonly T[]) {
      if (choices.length === 0) throw new RangeError('nothing to pick from');
      return choices[int(0, choices.length - 1)] as T;
    },
    weighted<T>(choices: readonly (readonly [T, number])[]) {
      let left = next() * choices.reduce((sum, [, weight]) => sum + weight, 0);
      for (const [choice, weight] of choices) {
        left -= weight;
        if (left < 0) return choice;
      }
      const last = choices.at(-1);
      if (!last) throw new RangeError('nothing to pick from');
      return last[0];
    },
    decimalText(low, high, decimals) {
      const units = int(inUnits(low, decimals), inUnits(high, decimals));
      if (decimals === 0) return String(units);
      const digits = String(units).padStart(decimals + 1, '0');
      return `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
    },
  };
}

/** `1.25` in hundredths is 125. */
function inUnits(text: string, decimals: number): number {
  const [whole = '0', fraction = ''] = text.split('.');
  return Number(whole + fraction.padEnd(decimals, '0').slice(0, decimals));
}
