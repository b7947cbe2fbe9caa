import { ledgerFixture, people, writeRun, type LedgerFixture } from '@chancery/testkit/builders';
import { describe, expect, test } from 'vitest';
import { leafDigest, type Digest } from '../encoding/index.ts';
import type { Head, StoredEntry } from '../ledger/index.ts';
import {
  cosignNote,
  emptyFrontier,
  emptyHeadsMap,
  formatNote,
  grow,
  ledgerVerifier,
  originOf,
  parseNote,
  rootOf,
  signCheckpoint,
  verifierKey,
  withHeads,
  type Frontier,
} from '../tree/index.ts';
import { trustKey } from '../writ/index.ts';
import { LedgerAudit } from './ledger-audit.ts';
import type { AuditTrust } from './trust.ts';
import type { Verdict } from './verdict.ts';

/** Roots of a tree, made at once out of all that is in it. */
function rootsOf(growth: {
  readonly frontier: Frontier;
  readonly heads: ReadonlyMap<string, Head>;
}): { readonly root: Digest; readonly heads: Digest } {
  const all = [...growth.heads].map(([stream, head]) => ({ stream, head }));
  return { root: rootOf(growth.frontier), heads: withHeads(emptyHeadsMap, all).digest };
}

const fixture = told();
const { ledger, recorder } = fixture;
const trust: AuditTrust = {
  ledger,
  log: [ledgerVerifier(ledger, people.agent.id)],
  witnesses: [],
  quorum: 0,
};

function told(): LedgerFixture {
  const made = ledgerFixture();
  writeRun(made);
  return made;
}

/** A checkpoint of the first `size` entries, as the agent's key signs it. */
function checkpointOf(stored: readonly StoredEntry[], size: number, signer = people.agent): string {
  const covered = stored.slice(0, size);
  const leaves = covered.map(({ text }) => leafDigest(text));
  const frontier = grow(emptyFrontier, leaves);
  const heads = new Map(
    covered.map(({ stream, seq, text }) => [stream, { seq, digest: leafDigest(text) }]),
  );
  const { root, heads: map } = rootsOf({ frontier, heads });
  return signCheckpoint({ origin: originOf(ledger), size, root, heads: map }, [signer]);
}

function audited(
  checkpoints: readonly string[],
  stored: readonly StoredEntry[] = recorder.stored,
  whom: AuditTrust = trust,
): Verdict {
  const audit = new LedgerAudit(whom, { checkpoints });
  audit.page(stored);
  return audit.finish();
}

function refusalsOf({ ok, refusals }: Verdict): readonly string[] {
  expect(ok).toBe(false);
  return refusals.map(({ code, message }) => `${code}: ${message}`);
}

const { stored } = recorder;
const all = stored.length;

describe('an audit of a ledger that is whole', () => {
  test('tells what was signed, of its whole and of its beginning', () => {
    const verdict = audited([checkpointOf(stored, all), checkpointOf(stored, 3)]);
    const rootAt = (size: number): string =>
      rootOf(
        grow(
          emptyFrontier,
          stored.slice(0, size).map(({ text }) => leafDigest(text)),
        ),
      );
    expect(verdict).toMatchObject({ ok: true, refusals: [], missingContents: 0 });
    expect(verdict.verification.entries).toBe(all);
    expect(verdict.heads).toEqual(
      [all, 3].map((size) => ({ size, root: rootAt(size), log: [people.agent.id], witnesses: [] })),
    );
  });

  test('tells it of every size, in whatever order', () => {
    const sizes = Array.from({ length: all + 1 }, (_, size) => all - size);
    const verdict = audited(sizes.map((size) => checkpointOf(stored, size)));
    expect(verdict.refusals).toEqual([]);
    expect(verdict.heads.map(({ size }) => size)).toEqual(sizes);
  });

  test('holds without a checkpoint, which then says nothing of the end', () => {
    expect(audited([])).toMatchObject({ ok: true, heads: [], refusals: [] });
  });

  test('goes page by page as at once', () => {
    const audit = new LedgerAudit(trust, { checkpoints: [checkpointOf(stored, all)] });
    for (const entry of stored) audit.page([entry]);
    expect(audit.finish()).toEqual(audited([checkpointOf(stored, all)]));
  });

  test('asks the ledger itself for the keys that run, where none are given', () => {
    const made = ledgerFixture();
    const keyed = { ...trust, ledger: made.ledger, log: undefined };
    const sign = (): string => {
      const covered = made.recorder.stored;
      const frontier = grow(
        emptyFrontier,
        covered.map(({ text }) => leafDigest(text)),
      );
      const { root, heads } = rootsOf({ frontier, heads: made.recorder.heads });
      const head = { origin: originOf(made.ledger), size: covered.length, root, heads };
      return signCheckpoint(head, [people.lead]);
    };
    expect(refusalsOf(audited([sign()], made.recorder.stored, keyed))).toEqual([
      'checkpoint.invalid: no known key has signed it',
    ]);
    made.recorder.write({
      stream: 'ledger',
      kind: 'key.trusted',
      body: {
        envelope: trustKey({
          ledger: made.ledger,
          key: people.lead.id,
          label: 'runtime',
          purposes: ['run'],
          roots: [people.root],
        }),
      },
    });
    expect(audited([sign()], made.recorder.stored, keyed).refusals).toEqual([]);
  });

  test('tells which witnesses cosigned, and asks for a quorum of them', () => {
    const key = verifierKey('example.org/w', people.deputy.id, 'cosignature');
    const note = parseNote(checkpointOf(stored, all));
    if (!note.ok) throw new Error(note.refusal.message);
    const { text, signatures } = note.value;
    const cosignature = cosignNote(text, key.name, people.deputy, 1_700_000_000);
    const cosigned = formatNote({ text, signatures: [...signatures, cosignature] });
    const asking = { ...trust, witnesses: [key], quorum: 1 };
    expect(audited([cosigned], stored, asking).heads[0]?.witnesses).toEqual([
      { name: 'example.org/w', timeS: 1_700_000_000 },
    ]);
    expect(refusalsOf(audited([checkpointOf(stored, all)], stored, asking))).toEqual([
      'checkpoint.invalid: the checkpoint does not stand: 0 witnesses have signed it, 1 must have',
    ]);
  });
});

describe('an audit finds', () => {
  test('an end that was cut off, of which no link tells', () => {
    expect(refusalsOf(audited([checkpointOf(stored, all)], stored.slice(0, -1)))[0]).toContain(
      `checkpoint.mismatch: it was signed for ${all} entries, and ${all - 1} are here`,
    );
  });

  test('a ledger that was written anew with the same keys', () => {
    const forged = ledgerFixture();
    writeRun(forged, 'r2');
    expect(forged.ledger).toBe(ledger);
    expect(refusalsOf(audited([checkpointOf(stored, all)], forged.recorder.stored))[0]).toContain(
      'the ledger was written anew',
    );
  });

  test('a checkpoint that lies about the heads of streams', () => {
    const frontier = grow(
      emptyFrontier,
      stored.map(({ text }) => leafDigest(text)),
    );
    const lie = rootsOf({ frontier, heads: new Map() });
    const note = signCheckpoint(
      { origin: originOf(ledger), size: all, root: lie.root, heads: lie.heads },
      [people.agent],
    );
    expect(refusalsOf(audited([note]))[0]).toContain('other heads of streams');
  });

  test.each([
    ['signed by somebody else', checkpointOf(stored, all, people.deputy)],
    ['that is no note', 'Ceci n’est pas une note'],
  ])('a checkpoint %s', (_, note) => {
    const [code] = refusalsOf(audited([note]))[0]?.split(':') ?? [];
    expect(code).toBe('checkpoint.invalid');
  });

  /** With one digit more in the time of one entry. */
  function changedAt(changed: number): readonly StoredEntry[] {
    return stored.map((entry) =>
      entry.position === changed
        ? { ...entry, text: entry.text.replace('"at":', '"at":1') }
        : entry,
    );
  }

  test('an entry that was changed, and says which', () => {
    const { verification } = audited([], changedAt(1));
    expect(verification.findings[0]).toMatchObject({ position: 1, code: 'entry.altered' });
  });

  test('a change of the last entry, of which only the checkpoint tells', () => {
    const changed = changedAt(all - 1);
    expect(audited([], changed).ok).toBe(true);
    expect(refusalsOf(audited([checkpointOf(stored, all)], changed))[0]).toContain(
      'the ledger was written anew',
    );
  });
});

test('contents that were not given are counted', () => {
  const outside = new Map<string, Uint8Array>();
  const made = ledgerFixture();
  writeRun(made, 'r1', made.writ, outside);
  const whom = { ...trust, ledger: made.ledger };
  const without = new LedgerAudit(whom);
  without.page(made.recorder.stored);
  const withAll = new LedgerAudit(whom, { blobs: (digest) => outside.get(digest) });
  withAll.page(made.recorder.stored);
  expect(without.finish().missingContents).toBeGreaterThan(0);
  expect(withAll.finish()).toMatchObject({ ok: true, missingContents: 0 });
});

test('contents have to be there where the evidence holds them, unless they were pruned', () => {
  const outside = new Map<string, Uint8Array>();
  const made = ledgerFixture();
  writeRun(made, 'r1', made.writ, outside);
  const [first = ''] = outside.keys();
  const audit = new LedgerAudit(
    { ...trust, ledger: made.ledger },
    {
      holdsContents: true,
      blobs: (digest) => (digest === first ? undefined : outside.get(digest)),
    },
  );
  audit.page(made.recorder.stored);
  expect(refusalsOf(audit.finish())[0]).toMatch(
    new RegExp(`^export.tampered: entry [0-9]+ of run:r1: the blob ${first} is missing`),
  );
});
