import { rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Job } from './job.ts';
import { makeBench, tryAll, whatIsMissing } from './process.ts';

const missing = whatIsMissing();

const noticed: readonly Job[] = [
  { scenario: 'calling-thread', kind: 'no-room-once', ending: 'closes' },
  { scenario: 'calling-thread', kind: 'no-room', ending: 'killed' },
  { scenario: 'calling-thread', kind: 'error-once', ending: 'closes' },
  { scenario: 'calling-thread', kind: 'error', ending: 'killed' },
  { scenario: 'calling-thread', kind: 'failed-barrier', ending: 'closes' },
  { scenario: 'calling-thread', kind: 'failed-barrier', ending: 'killed' },
  { scenario: 'calling-thread', kind: 'failed-barrier', ending: 'nothing' },
  { scenario: 'calling-thread', kind: 'power-cut', ending: 'nothing' },
  { scenario: 'calling-thread', kind: 'power-cut', ending: 'every-other' },
  { scenario: 'after-kill', kind: 'no-room', ending: 'closes' },
  { scenario: 'after-kill', kind: 'error-once', ending: 'killed' },
  { scenario: 'after-kill', kind: 'failed-barrier', ending: 'killed' },
  { scenario: 'after-kill', kind: 'failed-barrier', ending: 'nothing' },
  { scenario: 'after-kill', kind: 'power-cut', ending: 'nothing' },
  { scenario: 'after-kill', kind: 'power-cut', ending: 'every-other' },
];

const harmless: readonly Job[] = [
  { scenario: 'calling-thread', kind: 'short-write', ending: 'closes' },
  { scenario: 'after-kill', kind: 'short-read', ending: 'closes' },
];

const title = `a disk that fails at any call${missing === undefined ? '' : `: left out, ${missing}`}`;

describe.skipIf(missing !== undefined)(title, () => {
  let bench = '';
  beforeAll(() => {
    bench = makeBench();
  });
  afterAll(() => rmSync(bench, { recursive: true, force: true }));

  test.each(noticed)(
    'takes nothing that a store acknowledged, leaves no batch in part: $scenario, $kind, $ending',
    async (job) => {
      const { trials, refused, wrong } = await tryAll(bench, job);
      expect(wrong).toEqual([]);
      expect(trials).toBeGreaterThan(5);
      expect(refused['ledger.unreachable']).toBeGreaterThan(0);
    },
  );

  test.each(harmless)('does not disturb a store: $scenario, $kind', async (job) => {
    const { trials, refused, wrong } = await tryAll(bench, job);
    expect({ refused, wrong }).toEqual({ refused: { nothing: trials }, wrong: [] });
    expect(trials).toBeGreaterThan(5);
  });
});
