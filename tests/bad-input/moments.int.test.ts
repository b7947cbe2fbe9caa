import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readSqliteStore } from '@chancery/adapters/store-sqlite';
import { isJsonObject, type Json, type JsonObject } from '@chancery/kernel/encoding';
import { openEntry } from '@chancery/kernel/ledger';
import { chancery, start } from '../ground/command.ts';
import { dropGround, git, makeGround, type Ground } from '../ground/ground.ts';
import { scriptOf } from '../ground/house.ts';
import { copyOf, leftIn, linesOf, makePlace, refusalIn, runIn, type Place } from './place.ts';

let whole: Place;
beforeAll(async () => {
  whole = await makePlace();
});
afterAll(() => dropGround(whole));

const refusal = { lines: 1, type: 'error', hasRemedy: true, stderr: '' };

async function verifies(ground: Ground): Promise<boolean> {
  return (await chancery(ground, ['verify', '--json'])).exit === 0;
}

/** Node's flag for a program that runs before ours. */
function preloaded(source: string): { readonly env: { readonly NODE_OPTIONS: string } } {
  const url = `data:text/javascript,${encodeURIComponent(source)}`;
  return { env: { NODE_OPTIONS: `--import ${url}` } };
}

describe('a clock that goes backwards', () => {
  it.each([
    ['by a year before the run', 'const now = Date.now; Date.now = () => now() - 31_536_000_000;'],
    ['at every look', 'let left = Date.now(); Date.now = () => (left -= 60_000);'],
  ])('%s: the run goes on, and no entry is older than the one before', async (how, source) => {
    const place = copyOf(whole, how.replaceAll(' ', '-'));
    expect((await runIn(place, [], preloaded(source))).exit).toBe(0);
    const store = readSqliteStore(place.home.ledger);
    const times = (await store.readAll(0, 1_000)).map((stored) => openEntry(stored).entry.at);
    await store.close();
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    expect(await verifies(place)).toBe(true);
  });
});

describe('names and states that a command cannot use', () => {
  it('a second ledger in the same place is refused, and the first stays', async () => {
    const place = copyOf(whole, 'second');
    const code = 'ledger.exists';
    const again = await chancery(place, ['init', '--json']);
    expect(refusalIn(again)).toEqual({ ...refusal, exit: 8, code });
    expect(await verifies(place)).toBe(true);
  });

  it('letters that begin the ids of two runs, a run without a result', async () => {
    const place = copyOf(whole, 'states');
    expect((await runIn(place)).exit).toBe(0);
    writeFileSync(place.script, scriptOf('held', [[['fs.write', { path: '.npmrc', text: 'x' }]]]));
    const held = await runIn(place);
    expect(held.exit).toBe(4);
    const [run = ''] = await runsOf(place, 'waiting');
    const ambiguous = await chancery(place, ['show', run.slice(0, 1), '--json']);
    expect(refusalIn(ambiguous)).toEqual({ ...refusal, exit: 2, code: 'run.ambiguous' });
    const unfinished = await chancery(place, ['apply', run, '--json']);
    expect(refusalIn(unfinished)).toEqual({ ...refusal, exit: 8, code: 'run.unfinished' });
    expect(git(place.repository, 'status', '--porcelain')).toBe('');
  });

  it('two that found a ledger in one place at once: there is one', async () => {
    const ground = makeGround();
    const words = ['init', '--json'];
    const ended = await Promise.all([chancery(ground, words), chancery(ground, words)]);
    const founded = ended.filter(({ exit }) => exit === 0).flatMap(linesOf);
    expect(new Set(founded.map(({ ledger }) => ledger)).size).toBe(1);
    const refused = ended.filter(({ exit }) => exit !== 0).flatMap(linesOf);
    expect(refused.filter(({ code }) => code !== 'ledger.exists')).toEqual([]);
    expect((await chancery(ground, ['verify'])).exit).toBe(0);
    dropGround(ground);
  });
});

async function killedAfter(ground: Ground, words: readonly string[], delayMs: number) {
  const { child, ended } = start(ground, words);
  await sleep(delayMs);
  child.kill('SIGKILL');
  return ended;
}

const moments = Array.from({ length: 8 }, (_, nth) => nth / 8);
/** Before it, a process has not begun to do anything. */
const loadingMs = 100;

async function tookMs(work: () => Promise<unknown>): Promise<number> {
  const beganMs = performance.now();
  await work();
  return performance.now() - beganMs;
}

describe('a command that is killed', () => {
  it('leaves no half ledger: it is founded by asking again', async () => {
    const first = makeGround();
    const wholeMs = await tookMs(() => chancery(first, ['init']));
    dropGround(first);
    for (const moment of moments) {
      const ground = makeGround();
      await killedAfter(ground, ['init'], loadingMs + moment * wholeMs);
      const again = await chancery(ground, ['init', '--json']);
      if (again.exit !== 0) expect(linesOf(again)).toMatchObject([{ code: 'ledger.exists' }]);
      expect(await verifies(ground)).toBe(true);
      dropGround(ground);
    }
  });

  it('leaves no half run: it goes on when it is resumed, or the next run takes what is left away', async () => {
    const place = copyOf(whole, 'killed');
    const words = ['run', 'Do it', '--repo', place.repository, '--no-wait'];
    const command = [...words, '--model', `scripted:${place.script}`];
    const wholeMs = await tookMs(() => chancery(place, command));
    for (const moment of moments) {
      await killedAfter(place, command, loadingMs + moment * wholeMs);
      for (const run of await runsOf(place, 'open')) {
        expect((await chancery(place, ['resume', run])).exit).toBe(0);
      }
    }
    expect((await chancery(place, command)).exit).toBe(0);
    expect(await verifies(place)).toBe(true);
    const branches = join(place.repository, '.git', 'refs', 'heads', 'chancery');
    const finished = await runsOf(place, 'finished');
    expect(leftIn(place)).toEqual(finished.map((run) => join(branches, run)).sort());
  });
});

/** Ids of the runs that are in a phase. */
async function runsOf(place: Place, phase: string): Promise<readonly string[]> {
  const runs = linesOf(await chancery(place, ['runs', '--json', '--limit', '1000']));
  return runs.flatMap(({ run, status }) =>
    typeof run === 'string' && phaseOf(status) === phase ? [run] : [],
  );
}

function phaseOf(status: Json | undefined): Json | undefined {
  return isJsonObject(status ?? null) ? (status as JsonObject)['phase'] : undefined;
}
