import { rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeBench, trySuite, whatIsMissing } from './process.ts';
import { suiteCases } from './suite-cases.ts';

const missing = whatIsMissing();

/** Set for a long run: each call is struck by every fault that can befall it, not by one in turn. */
const extent = process.env['CHANCERY_EVERY_FAULT'] === undefined ? 'in-turn' : 'every';
const timeLimitMs = extent === 'every' ? 7_200_000 : 1_800_000;

const cases = suiteCases({ place: () => Promise.reject(new Error('nothing is run here')) });
const parts = Array.from(new Set(cases.map(({ part }) => part)), (part) => ({ part }));

const title = `the suite of every store, on a disk that fails at any call${missing === undefined ? '' : `: left out, ${missing}`}`;

/** What a counter has counted nothing of. */
function noneOf(counts: Readonly<Record<string, number>>): readonly string[] {
  return Object.keys(counts).filter((what) => counts[what] === 0);
}

describe.skipIf(missing !== undefined)(title, { timeout: timeLimitMs, concurrent: true }, () => {
  let bench = '';
  beforeAll(() => {
    bench = makeBench();
  });
  afterAll(() => rmSync(bench, { recursive: true, force: true }));

  test.each(parts)(
    'loses nothing that was acknowledged, and fails no case in silence: $part',
    async ({ part }) => {
      const {
        cases: tried,
        befell,
        struck,
        refused,
        wrong,
      } = await trySuite(bench, {
        part,
        extent,
      });
      const calls = tried.reduce((sum, it) => sum + it.calls, 0);
      const trials = tried.reduce((sum, it) => sum + it.trials, 0);
      console.info(`${part}: ${trials} faults at ${calls} calls`, befell, struck, refused);
      expect(wrong).toEqual([]);
      expect(tried.map((it) => it.title)).toEqual(
        cases.filter((it) => it.part === part).map((it) => it.title),
      );
      // Where a thread writes, a call more or less is made from one time to the next.
      const few = tried.filter((it) => it.trials < 0.9 * it.calls);
      const empty = { few, faults: noneOf(befell), calls: noneOf(struck) };
      expect(empty).toEqual({ few: [], faults: [], calls: [] });
    },
  );
});
