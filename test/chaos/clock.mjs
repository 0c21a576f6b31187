// Put before a process (`--import`): its clock differs from the machine's by the milliseconds in the file that
// CHAOS_CLOCK names, read again and again. Monotonic time is left alone, as a wrong clock leaves it.
import { readFileSync } from 'node:fs';

const file = process.env.CHAOS_CLOCK ?? '';
let offsetMs = 0;
const look = () => {
  try {
    offsetMs = Number(readFileSync(file, 'utf8')) || 0;
  } catch {
    // being written
  }
};
look();
setInterval(look, 100).unref();

const Real = Date;
globalThis.Date = class extends Real {
  constructor(...given) {
    if (given.length === 0) super(Real.now() + offsetMs);
    else super(...given);
  }
  static now() {
    return Real.now() + offsetMs;
  }
  static [Symbol.hasInstance](value) {
    return value instanceof Real;
  }
};
