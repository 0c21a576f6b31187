import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const HIS = fileURLToPath(new URL('../../src/his.js', import.meta.url));
const MANY = fileURLToPath(new URL('many.ts', import.meta.url));

export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

export interface RunningHis {
  readonly child: ChildProcess;
  /** Everything it said so far, on both channels. */
  said(): string;
  /** Waits until it said that. */
  until(words: string): Promise<void>;
  readonly ended: Promise<Ended>;
}

/** A `his` command as a person runs it: its own process, nothing of our environment but what is needed to run. */
export function startHis(
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
  node: readonly string[] = [],
): RunningHis {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', ...node, HIS, ...args], {
    env: { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '', LANGUAGE: 'en', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said = { out: '', err: '' };
  child.stdout.on('data', (chunk: Buffer) => {
    said.out += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    said.err += chunk.toString();
  });
  const ended = new Promise<Ended>((done) => child.once('close', (code) => done({ code, ...said })));
  const all = () => said.out + said.err;
  return {
    child,
    said: all,
    async until(words) {
      while (!all().includes(words)) {
        if (child.exitCode !== null) throw new Error(`ended before it said «${words}»: ${all()}`);
        await sleep(25);
      }
    },
    ended,
  };
}

/**
 * The same, where its process is not what is tried: commands follow each other in one process, which stands in for a
 * start each.
 */
export async function his(
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<Ended> {
  const { LANGUAGE = 'en' } = environment;
  const run = many.get(LANGUAGE) ?? startMany(LANGUAGE);
  many.set(LANGUAGE, run);
  return run(args, { ...environment, LANGUAGE });
}

type Run = (args: readonly string[], environment: Readonly<Record<string, string>>) => Promise<Ended>;
/** By language: commands keep the one in which they were loaded. */
const many = new Map<string, Run>();

/** One for all files of a worker: it ends with it. */
function startMany(language: string): Run {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', MANY], {
    env: { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '', LANGUAGE: language },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const waiting: PromiseWithResolvers<Ended>[] = [];
  createInterface({ input: child.stdout }).on('line', (line) =>
    waiting.shift()!.resolve(JSON.parse(line) as Ended),
  );
  child.once('close', (code) => {
    many.delete(language);
    for (const { reject } of waiting) reject(new Error(`the process of the commands ended with ${code}`));
  });
  child.unref();
  for (const pipe of [child.stdin, child.stdout]) (pipe as Socket).unref();
  return (args, environment) => {
    const answer = Promise.withResolvers<Ended>();
    waiting.push(answer);
    child.stdin.write(`${JSON.stringify({ args, environment })}\n`);
    return answer.promise;
  };
}

/** Numbers of the processes whose command line holds these words. */
export function processesWith(words: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(words);
      } catch {
        return false; // gone meanwhile
      }
    })
    .map(Number);
}
