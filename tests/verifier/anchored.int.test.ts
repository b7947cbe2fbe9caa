import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { ExportReader } from '@chancery/kernel/export';
import { type Checkpoint } from '@chancery/kernel/tree';
import {
  exportOf,
  ledgerFixture,
  trustRuntime,
  writeRun,
  type LedgerFixture,
} from '@chancery/testkit/builders';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { build, runIn, type Built } from './built.ts';

let built: Built;
let empty: string;

beforeAll(async () => {
  built = await build();
  empty = path.join(built.folder, 'empty');
  mkdirSync(empty);
}, 120_000);

afterAll(() => built.remove());

function ledgerOf(...runs: readonly string[]): LedgerFixture {
  const made = ledgerFixture();
  trustRuntime(made);
  for (const run of runs) writeRun(made, run);
  return made;
}

/** The checkpoint of the first entries of a ledger, as its runtime signs it. */
function noteOf(made: LedgerFixture, size?: number, checkpoint: Partial<Checkpoint> = {}): string {
  const entries = made.recorder.entries.slice(0, size);
  const [first] = exportOf(made, { entries, checkpoint });
  const read = new ExportReader().push(Buffer.from(first ?? ''));
  const [record] = read.ok ? read.value : [];
  if (record?.type !== 'manifest') throw new Error('an export begins with its manifest');
  return record.manifest.note;
}

function publish({ recorder }: LedgerFixture, note: string): void {
  const body = { place: 'file:/elsewhere', note };
  recorder.write({ stream: 'anchor', kind: 'anchor.published', body });
}

let files = 0;
function fileOf(text: string): string {
  files += 1;
  const file = path.join(built.folder, `file-${files}`);
  writeFileSync(file, text);
  return file;
}

interface Told {
  readonly code: string;
  readonly stream: string;
  readonly seq: number;
}

async function verdictOn(made: LedgerFixture, ...args: readonly string[]) {
  const evidence = fileOf(exportOf(made).join(''));
  const asked = [evidence, '--ledger', made.ledger, ...args, '--json'];
  const { exit, stdout, stderr } = await runIn(empty, built.program, asked);
  if (stdout === '') return { exit, said: stderr };
  const { findings, refusals } = JSON.parse(stdout) as Record<string, readonly Told[]>;
  return {
    exit,
    found: findings?.map(({ code, stream, seq }) => `${code} of ${stream}/${seq}`),
    refused: refusals?.map(({ code }) => code),
  };
}

const whole = { exit: 0, found: [], refused: [] };

describe('an export that records where checkpoints were published', () => {
  it('is compared with each of them, though it tells their sizes too late', async () => {
    const made = ledgerOf('r1');
    for (const size of [3, 0, 7]) publish(made, noteOf(made, size));
    expect(await verdictOn(made)).toEqual(whole);
    publish(made, noteOf(made, 7, { root: 'd'.repeat(64) }));
    publish(made, noteOf(made, 8));
    const found = ['anchor.misstated of anchor/3'];
    expect(await verdictOn(made)).toEqual({ exit: 7, found, refused: [] });
  });

  it('is read from a file, which can be read twice', async () => {
    const asked = ['/dev/null', '--ledger', 'a'.repeat(64)];
    const { exit, stderr } = await runIn(empty, built.program, asked);
    expect({ exit, said: stderr }).toMatchObject({
      exit: 2,
      said: expect.stringContaining('usage.invalid') as string,
    });
  });
});
