import { rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Job } from './job.ts';
import { makeBench, tryAll, whatIsMissing } from './process.ts';

const missing = whatIsMissing();

/** A job has some hundred trials, of about ten milliseconds each on a machine that is idle. */
const timeLimitMs = 1_800_000;

/** What the suite of every store does not do: the log is copied while it is open, or left by who was killed. */
const noticed: readonly Job[] = [
  { scenario: 'calling-thread', kind: 'no-room', ending: 'killed' },
  { scenario: 'calling-thread', kind: 'error-once', ending: 'closes' },
  { scenario: 'calling-thread', kind: 'failed-barrier', ending: 'killed' },
  { scenario: 'calling-thread', kind: 'failed-barrier', ending: 'nothing' },
  { scenario: 'calling-thread', kind: 'power-cut', ending: 'every-other' },
  { scenario: 'after-kill', kind: 'no-room', ending: 'closes' },
  { scenario: 'after-kill', kind: 'error-once', ending: 'killed' },
  { scenario: 'after-kill', kind: 'error', ending: 'killed' },
  { scenario: 'after-kill', kind: 'failed-barrier', ending: 'killed' },
  { scenario: 'after-kill', kind: 'failed-barrier', ending: 'nothing' },
  { scenario: 'after-kill', kind: 'power-cut', ending: 'nothing' },
  { scenario: 'after-kill', kind: 'power-cut', ending: 'every-other' },
];

const growing: readonly Job[] = [
  { scenario: 'tiles', kind: 'no-room-once', ending: 'closes' },
  { scenario: 'tiles', kind: 'no-room', ending: 'killed' },
  { scenario: 'tiles', kind: 'error-once', ending: 'closes' },
  { scenario: 'tiles', kind: 'failed-barrier', ending: 'killed' },
  { scenario: 'tiles', kind: 'failed-barrier', ending: 'nothing' },
  { scenario: 'tiles', kind: 'power-cut', ending: 'nothing' },
  { scenario: 'tiles', kind: 'power-cut', ending: 'every-other' },
];

const importing: readonly Job[] = [
  { scenario: 'import', kind: 'no-room', ending: 'killed' },
  { scenario: 'import', kind: 'error-once', ending: 'closes' },
  { scenario: 'import', kind: 'failed-barrier', ending: 'killed' },
  { scenario: 'import', kind: 'power-cut', ending: 'every-other' },
];

const keeping: readonly Job[] = (['anchor', 'witness', 'export', 'erase'] as const).flatMap(
  (scenario) => [
    { scenario, kind: 'no-room-once', ending: 'closes' },
    { scenario, kind: 'no-room', ending: 'killed' },
    { scenario, kind: 'error-once', ending: 'closes' },
    { scenario, kind: 'failed-barrier', ending: 'nothing' },
    { scenario, kind: 'power-cut', ending: 'nothing' },
    { scenario, kind: 'power-cut', ending: 'every-other' },
  ],
);

const lying: readonly Job[] = [
  { scenario: 'checkpointed', kind: 'false-barrier', ending: 'nothing' },
  { scenario: 'checkpointed', kind: 'false-barriers', ending: 'nothing' },
  { scenario: 'checkpointed', kind: 'false-barriers', ending: 'every-other' },
  { scenario: 'checkpointed', kind: 'false-barrier-cut', ending: 'nothing' },
  { scenario: 'checkpointed', kind: 'false-barrier-cut', ending: 'every-other' },
];

const harmless: readonly Job[] = [
  { scenario: 'after-kill', kind: 'short-read', ending: 'closes' },
  { scenario: 'tiles', kind: 'short-write', ending: 'closes' },
];

/** What makes the key of a subject has two files to write, and what destroys it one. */
const small: readonly Job[] = [
  { scenario: 'erase', kind: 'short-write', ending: 'closes' },
  { scenario: 'export', kind: 'short-write', ending: 'closes' },
  { scenario: 'anchor', kind: 'short-write', ending: 'closes' },
  { scenario: 'witness', kind: 'short-write', ending: 'closes' },
];

const title = `a disk that fails at any call${missing === undefined ? '' : `: left out, ${missing}`}`;

describe.skipIf(missing !== undefined)(title, { timeout: timeLimitMs, concurrent: true }, () => {
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

  test.each(growing)(
    'takes no checkpoint that was given out, and the tree grows on to the same files: $kind, $ending',
    async (job) => {
      const { trials, refused, wrong } = await tryAll(bench, job);
      expect({ refused, wrong }).toEqual({ refused: { 'ledger.unreachable': trials }, wrong: [] });
      expect(trials).toBeGreaterThan(20);
    },
  );

  test.each(importing)(
    'leaves whole batches of an import, which goes on from there: $kind, $ending',
    async (job) => {
      const { trials, refused, wrong } = await tryAll(bench, job);
      expect(wrong).toEqual([]);
      expect(trials).toBeGreaterThan(5);
      expect(refused['ledger.unreachable']).toBeGreaterThan(0);
    },
  );

  test.each(keeping)(
    'takes nothing that was said to be kept or written, and it goes on, or says why not: $scenario, $kind, $ending',
    async (job) => {
      const { trials, refused, wrong } = await tryAll(bench, job);
      expect(wrong).toEqual([]);
      expect(trials).toBeGreaterThan(1);
      expect(refused['nothing'] ?? 0).toBeLessThan(trials);
    },
  );

  test('takes a tile that was read in part for one that was changed, and signs nothing', async () => {
    const job: Job = { scenario: 'tiles', kind: 'short-read', ending: 'closes' };
    const { refused, wrong } = await tryAll(bench, job);
    expect(wrong).toEqual([]);
    expect(refused['tile.invalid']).toBeGreaterThan(0);
  });

  test.each(lying)(
    'loses nothing in silence beside a checkpoint on another disk: $kind, $ending',
    async (job) => {
      const { trials, wrong } = await tryAll(bench, job);
      expect(wrong).toEqual([]);
      expect(trials).toBeGreaterThan(10);
    },
  );

  test.each(small)(
    'is made up for where it only does less at once: $scenario, $kind',
    async (job) => {
      const { trials, refused, wrong } = await tryAll(bench, job);
      expect({ refused, wrong }).toEqual({ refused: { nothing: trials }, wrong: [] });
      expect(trials).toBeGreaterThan(1);
    },
  );

  test.each(harmless)(
    'is not noticed where it only does less at once: $scenario, $kind',
    async (job) => {
      const { trials, refused, wrong } = await tryAll(bench, job);
      expect({ refused, wrong }).toEqual({ refused: { nothing: trials }, wrong: [] });
      expect(trials).toBeGreaterThan(5);
    },
  );
});
