import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { ExportReader } from '@chancery/kernel/export';
import {
  cosignNote,
  formatNote,
  parseNote,
  verifierKey,
  verifierKeyText,
  type Checkpoint,
} from '@chancery/kernel/tree';
import {
  anotherWrit,
  exportOf,
  ledgerFixture,
  people,
  trustRuntime,
  writeRun,
  type ExportOptions,
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
});

afterAll(() => built.remove());

function ledgerOf(...runs: readonly string[]): LedgerFixture {
  const made = ledgerFixture();
  trustRuntime(made);
  for (const [nth, run] of runs.entries()) {
    writeRun(made, run, nth === 0 ? made.writ : anotherWrit(made));
  }
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

interface Verdict {
  readonly findings: readonly Told[];
  readonly refusals: readonly { readonly code: string; readonly message: string }[];
  readonly anchored: number;
  readonly heads: readonly { readonly witnesses: readonly { readonly name: string }[] }[];
}

interface Told {
  readonly code: string;
  readonly stream: string;
  readonly seq: number;
}

async function verdictOn(
  made: LedgerFixture,
  args: readonly string[] = [],
  options: ExportOptions = {},
) {
  const evidence = fileOf(exportOf(made, options).join(''));
  const asked = [evidence, '--ledger', made.ledger, ...args, '--json'];
  const { exit, stdout, stderr } = await runIn(empty, built.program, asked);
  if (stdout === '') return { exit, said: stderr };
  const verdict = JSON.parse(stdout) as Verdict;
  const { findings, refusals, anchored, heads } = verdict;
  return {
    exit,
    ...{ anchored, cosigned: heads[0]?.witnesses.map(({ name }) => name) ?? [] },
    found: findings.map(({ code, stream, seq }) => `${code} of ${stream}/${seq}`),
    refused: refusals.map(({ code, message }) => `${code}: ${message}`),
  };
}

const whole = { exit: 0, anchored: 0, cosigned: [], found: [], refused: [] };

describe('an export that records where checkpoints were published', () => {
  it('is compared with each of them, though it tells their sizes too late', async () => {
    const made = ledgerOf('r1');
    for (const size of [3, 0, 7]) publish(made, noteOf(made, size));
    expect(await verdictOn(made)).toEqual(whole);
    publish(made, noteOf(made, 7, { root: 'd'.repeat(64) }));
    publish(made, noteOf(made, 8));
    const found = ['anchor.misstated of anchor/3'];
    expect(await verdictOn(made)).toEqual({ ...whole, exit: 7, found });
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

/** What an anchor keeps of a ledger: the checkpoints of these sizes, and of the whole. */
const anchorOf = (made: LedgerFixture, ...sizes: readonly number[]): string =>
  [...sizes, undefined].map((size) => noteOf(made, size)).join('');

describe('what an anchor keeps, given as a file, shows somebody with the export alone', () => {
  const told = ledgerOf('r1', 'r2');

  it('that the ledger goes on from all of it', async () => {
    const anchor = fileOf(anchorOf(told, 0, 3, 5));
    expect(await verdictOn(told, ['--against', anchor])).toEqual({ ...whole, anchored: 4 });
    const longer = ledgerOf('r1', 'r2', 'r3');
    const two = ['--against', anchor, '--against', fileOf(anchorOf(longer))];
    expect(await verdictOn(longer, two)).toEqual({ ...whole, anchored: 5 });
  });

  const [cut, anew] = ['the end was cut off', 'the ledger was written anew'];
  it.each<[string, LedgerFixture, string]>([
    ['its tail was deleted', ledgerOf('r1'), cut],
    ['it was written anew and signed again', ledgerOf('r3', 'r2', 'r1'), anew],
    ['another has been shown a fork of it', ledgerOf('r1', 'r3', 'r2'), anew],
  ])('that %s', async (_what, shown, why) => {
    expect(shown.ledger).toBe(told.ledger);
    expect(await verdictOn(shown)).toEqual(whole);
    const left = await verdictOn(shown, ['--against', fileOf(anchorOf(told))]);
    expect(left).toEqual({
      ...{ ...whole, exit: 7 },
      refused: [expect.stringMatching(new RegExp(`^checkpoint.mismatch: .*${why}`, 'u')) as string],
    });
  });

  it('nothing when it is empty, broken, of another ledger, or signed by somebody else', async () => {
    const anchor = anchorOf(told);
    for (const [text, exit, said] of [
      ['', 1, 'anchor.empty'],
      [anchor.replaceAll(/^chancery.alt.[0-9a-f]{2}/gm, 'chancery.alt/00'), 1, 'anchor.empty'],
      [anchor.slice(0, -1), 7, 'anchor.broken'],
      ['more\n', 7, 'anchor.broken'],
    ] as const) {
      const left = await verdictOn(told, ['--against', fileOf(text)]);
      expect(left).toEqual({ exit, said: expect.stringContaining(`${said}: `) as string });
    }
    const forged = await verdictOn(told, ['--against', fileOf(anchor.replace(/\n\d+\n/, '\n1\n'))]);
    expect(forged).toMatchObject({
      exit: 7,
      refused: [expect.stringMatching(/^checkpoint.invalid/) as string],
    });
  });

  it('nothing of some streams, which cannot be compared with it', async () => {
    for (const flag of ['--against', '--checkpoint']) {
      const asked = [flag, fileOf(noteOf(told))];
      expect(await verdictOn(told, asked, { streams: ['ledger', 'run:r1'] })).toEqual({
        exit: 2,
        said: expect.stringContaining('usage.invalid: an export of some streams') as string,
      });
    }
  });
});

describe('witnesses', () => {
  const made = ledgerOf('r1');
  const [one, two] = [people.deputy, people.approver].map((signer, nth) => ({
    ...{ signer, name: `example.org/w${nth}` },
    key: verifierKey(`example.org/w${nth}`, signer.id, 'cosignature'),
  }));
  if (one === undefined || two === undefined) throw new Error('there are two');

  /** The checkpoint of the ledger, cosigned by one of them. */
  const cosigned = ((): string => {
    const parsed = parseNote(noteOf(made));
    if (!parsed.ok) throw new Error(parsed.refusal.message);
    const { text, signatures } = parsed.value;
    const more = cosignNote(text, one.name, one.signer, 1_700_000_000);
    return formatNote({ text, signatures: [...signatures, more] });
  })();
  const [first, both] = [
    ['--witness', verifierKeyText(one.key)],
    ['--witness', verifierKeyText(one.key), '--witness', verifierKeyText(two.key)],
  ];
  const holds = { ...whole, cosigned: [one.name] };
  const missing = (found: number, asked: number) => ({
    ...{ ...whole, exit: 7 },
    refused: [
      expect.stringContaining(`${found} witnesses have signed it, ${asked} must have`) as string,
    ],
  });

  it('that are given must have cosigned what the export was signed for', async () => {
    const options = { manifest: { note: cosigned } };
    expect(await verdictOn(made, first, options)).toEqual(holds);
    expect(await verdictOn(made, [...both, '--quorum', '1'], options)).toEqual(holds);
    expect(await verdictOn(made, both, options)).toEqual(missing(1, 2));
    expect(await verdictOn(made, first)).toEqual(missing(0, 1));
  });

  it('are not asked of what an anchor keeps, which they have not seen', async () => {
    const asked = [...first, '--against', fileOf(anchorOf(made, 3))];
    const options = { manifest: { note: cosigned } };
    expect(await verdictOn(made, asked, options)).toEqual({ ...holds, anchored: 2 });
    expect(
      (await verdictOn(made, [...first, '--checkpoint', fileOf(noteOf(made))], options)).exit,
    ).toBe(7);
  });
});
