import { rmSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { phases } from '@chancery/runtime/broker';
import { linesOf } from './capabilities.ts';
import { makeBench, makeFolder, runDriver, twoAtATime, type Ended } from './process.ts';
import { placeOf, remainsOf } from './remains.ts';
import type { Mark } from './reaper.ts';
import { placesIn, type Job } from './scene.ts';

let bench = '';
beforeAll(() => {
  bench = makeBench();
});
afterAll(() => rmSync(bench, { recursive: true, force: true }));

const timeLimitMs = 1_800_000;
/** Kills by a timer, beside those at every instant that the parts of the run tell of. */
const timedKills = 16;
/** Each so manieth run is killed once more while it is taken up. */
const secondKills = 5;

const wasKilled = { signal: 'SIGKILL', code: null } as const;
const hasFinished = { signal: null, code: 0, said: 'ready\nfinished\n' } as const;

function marksOf({ folder }: Job): readonly string[] {
  return linesOf(placesIn(folder).marks);
}

function partsOf({ signal, code, said }: Ended) {
  return { signal, code, ...(signal === null ? { said } : {}) };
}

/** Members of `found` that are not as in `right`. */
function differences(
  found: Readonly<Record<string, unknown>>,
  right: Readonly<Record<string, unknown>>,
): readonly (readonly [name: string, found: unknown])[] {
  return Object.entries(found).filter(([name, value]) => !isDeepStrictEqual(value, right[name]));
}

/** How many kills fell into each phase of the broker. */
class Toll {
  private readonly kills = new Map<string, number>();

  note(place: string): void {
    this.kills.set(place, this.in(place) + 1);
  }

  in(place: string): number {
    return this.kills.get(place) ?? 0;
  }

  get total(): number {
    return [...this.kills.values()].reduce((sum, count) => sum + count, 0);
  }

  toString(): string {
    const places = [...phases, 'between actions'];
    const rows = places.map((place) => `${place.padEnd(16)} ${String(this.in(place)).padStart(5)}`);
    return [
      'phase            kills',
      ...rows,
      `${'in all'.padEnd(16)} ${String(this.total).padStart(5)}`,
    ].join('\n');
  }
}

describe('a run whose process is killed', () => {
  it('ends as it would have ended, whenever that happens', { timeout: timeLimitMs }, async () => {
    const calm: Job = { folder: makeFolder(bench, 'calm'), story: 'whole', killAt: 0 };
    const { tookMs, ...end } = await runDriver(bench, calm);
    const remains = await remainsOf(calm.folder);
    expect({ end, remains }).toEqual({
      end: hasFinished,
      remains: {
        findings: [],
        outcomes: ['succeeded'],
        lost: [],
        miscounted: [],
        counted: 4,
        tree: remains.tree,
        files: [
          { path: 'deep/er/made.txt', text: 'deep\n' },
          { path: 'kept.txt', text: 'as it was\n' },
          { path: 'made.txt', text: 'second version, longer\n' },
          { path: 'tool.sh', text: '#!/bin/sh\n' },
        ],
      },
    });

    const toll = new Toll();
    const wrong: unknown[] = [];

    /** Kills a run, takes it up until it has ended, and notes what is otherwise than in the calm one. */
    const endure = async (name: string, killAt: number, killAfterMs?: number): Promise<void> => {
      const job: Job = { folder: makeFolder(bench, name), story: 'whole', killAt };
      const first = await runDriver(bench, job, killAfterMs);
      // A timer may come too late.
      if (killAfterMs !== undefined && first.signal === null) return;
      const marks = marksOf(job);
      toll.note(placeOf(marks));
      if (killAt % secondKills === 1) {
        const second = await runDriver(bench, { ...job, killAt: (killAt % 40) + 1 });
        if (second.signal !== null) toll.note(placeOf(marksOf(job).slice(marks.length)));
      }
      const last = await runDriver(bench, { ...job, killAt: 0 });
      const found = { first: first.signal, ...partsOf(last), ...(await remainsOf(job.folder)) };
      const right = { first: 'SIGKILL', ...hasFinished, ...remains };
      const differing = differences(found, right);
      if (differing.length > 0) wrong.push({ name, after: marks.at(-1), differing });
      rmSync(job.folder, { recursive: true, force: true });
    };

    await twoAtATime(marksOf(calm).keys(), (index) => endure(`instant-${index + 1}`, index + 1));
    await twoAtATime(Array(timedKills).keys(), (nth) =>
      endure(`timed-${nth}`, 0, ((nth + 0.5) * tookMs) / timedKills),
    );

    process.stdout.write(`${String(toll)}\n`);
    expect(wrong).toEqual([]);
    expect(phases.filter((phase) => toll.in(phase) === 0)).toEqual([]);
    expect(toll.total).toBeGreaterThanOrEqual(60);
  });

  it.each([
    { instant: 'effect done', word: true },
    { instant: 'effect begun', word: false },
  ])(
    'rests in doubt after $instant of an effect that cannot be asked for, until a human tells',
    { timeout: timeLimitMs },
    async ({ instant, word }) => {
      const calm: Job = { folder: makeFolder(bench, `calm-${instant}`), story: 'doubt', killAt: 0 };
      expect((await runDriver(bench, calm)).said).toBe('ready\nfinished\n');
      const killAt = marksOf(calm).indexOf(instant) + 1;
      const job: Job = { folder: makeFolder(bench, `doubt-${instant}`), story: 'doubt', killAt };
      expect(partsOf(await runDriver(bench, job))).toEqual(wasKilled);
      for (let time = 0; time < 2; time += 1) {
        expect((await runDriver(bench, { ...job, killAt: 0 })).said).toBe('ready\nin-doubt\n');
      }
      expect(partsOf(await runDriver(bench, { ...job, killAt: 0, word }))).toEqual(hasFinished);
      expect(await remainsOf(job.folder)).toEqual(await remainsOf(calm.folder));
    },
  );
});

describe('a granted command that writes a protected file, whose process is killed', () => {
  it.each<Mark>(['effect half', 'effect done', 'executed', 'observed'])(
    'writes it all the same, as granted, when its run is taken up after: %s',
    { timeout: timeLimitMs },
    async (instant) => {
      const calm: Job = { folder: makeFolder(bench, `own-${instant}`), story: 'lifted', killAt: 0 };
      expect(partsOf(await runDriver(bench, calm))).toEqual(hasFinished);
      const remains = await remainsOf(calm.folder);
      expect(remains).toMatchObject({
        ...{ findings: [], outcomes: ['succeeded'], lost: [] },
        files: [
          { path: 'ci/jobs', text: 'as was granted\n' },
          { path: 'kept.txt', text: 'as it was\n' },
          { path: 'tool.sh', text: '#!/bin/sh\n' },
        ],
      });
      const killAt = marksOf(calm).indexOf(instant) + 1;
      const job: Job = { folder: makeFolder(bench, `cut-${instant}`), story: 'lifted', killAt };
      expect(partsOf(await runDriver(bench, job))).toEqual(wasKilled);
      expect(partsOf(await runDriver(bench, { ...job, killAt: 0 }))).toEqual(hasFinished);
      expect(await remainsOf(job.folder)).toEqual(remains);
    },
  );
});

describe('a rollback whose process is killed', () => {
  it('undoes each effect once, whenever that happens', { timeout: timeLimitMs }, async () => {
    const prepared = async (name: string): Promise<string> => {
      const folder = makeFolder(bench, name);
      const brief: Job = { folder, story: 'brief', killAt: 0 };
      expect(partsOf(await runDriver(bench, brief))).toEqual(hasFinished);
      rmSync(placesIn(folder).marks);
      return folder;
    };
    const calm: Job = { folder: await prepared('undo-calm'), story: 'undo', killAt: 0 };
    expect(partsOf(await runDriver(bench, calm))).toEqual(hasFinished);
    const remains = await remainsOf(calm.folder);
    expect(remains).toEqual({
      findings: [],
      outcomes: ['succeeded', 'succeeded'],
      lost: [],
      miscounted: [],
      counted: 4,
      tree: remains.tree,
      files: [
        { path: 'kept.txt', text: 'as it was\n' },
        { path: 'tool.sh', text: '#!/bin/sh\n' },
      ],
    });

    const wrong: unknown[] = [];
    await twoAtATime(marksOf(calm).keys(), async (index) => {
      const folder = await prepared(`undo-${index + 1}`);
      const job: Job = { folder, story: 'undo', killAt: index + 1 };
      const first = await runDriver(bench, job);
      const after = marksOf(job).at(-1);
      const last = await runDriver(bench, { ...job, killAt: 0 });
      const found = { first: first.signal, ...partsOf(last), ...(await remainsOf(folder)) };
      const differing = differences(found, { first: 'SIGKILL', ...hasFinished, ...remains });
      if (differing.length > 0) wrong.push({ killAt: index + 1, after, differing });
      rmSync(folder, { recursive: true, force: true });
    });
    expect(wrong).toEqual([]);
  });
});
