import { ledgerFixture, people, writeRun, type LedgerFixture } from '@chancery/testkit/builders';
import { describe, expect, test } from 'vitest';
import { leafDigest, type Digest } from '../encoding/index.ts';
import type { StoredEntry } from '../ledger/index.ts';
import {
  emptyFrontier,
  emptyHeadsMap,
  grow,
  originOf,
  rootOf,
  signCheckpoint,
  withHeads,
  type Checkpoint,
} from '../tree/index.ts';
import { LedgerAudit } from './ledger-audit.ts';
import type { Verdict } from './verdict.ts';

function told(): LedgerFixture {
  const made = ledgerFixture();
  writeRun(made);
  return made;
}

/** The checkpoint of the first entries of a ledger, or one that says something else of them. */
function headAt({ ledger, recorder }: LedgerFixture, size: number): Checkpoint {
  const covered = recorder.stored.slice(0, size);
  const leaves = covered.map(({ text }) => leafDigest(text));
  const heads = new Map(
    covered.map(({ stream, seq, text }) => [stream, { seq, digest: leafDigest(text) }]),
  );
  const all = [...heads].map(([stream, head]) => ({ stream, head }));
  return {
    origin: originOf(ledger),
    size,
    root: rootOf(grow(emptyFrontier, leaves)),
    heads: withHeads(emptyHeadsMap, all).digest,
  };
}

/** Records that the checkpoint of the first entries was published, with what is changed of it. */
function publish(made: LedgerFixture, size: number, change: Partial<Checkpoint> = {}): void {
  const note = signCheckpoint({ ...headAt(made, size), ...change }, [people.agent]);
  const body = { place: 'file:/elsewhere', note };
  made.recorder.write({ stream: 'anchor', kind: 'anchor.published', body });
}

function audited(
  { ledger, recorder }: LedgerFixture,
  { first = recorder.stored, second = first }: Partial<Passes> = {},
): Verdict {
  const audit = new LedgerAudit({ ledger, log: [], witnesses: [], quorum: 0 });
  audit.page(first);
  const verdict = audit.finish();
  const again = audit.secondPass();
  if (again === undefined) return verdict;
  for (const stored of second) again.page([stored]);
  return again.finish(verdict);
}

interface Passes {
  readonly first: readonly StoredEntry[];
  readonly second: readonly StoredEntry[];
}

const foundIn = ({ verification: { findings } }: Verdict): readonly string[] =>
  findings.map(({ code, stream, seq }) => `${code} of ${stream}/${seq}`);

describe('checkpoints that a ledger says were published', () => {
  test('are those of its entries, of every size that was here', () => {
    const made = told();
    const sizes = Array.from({ length: made.recorder.stored.length + 1 }, (_, size) => size);
    for (const size of sizes.toReversed()) publish(made, size);
    expect(audited(made)).toMatchObject({ ok: true, refusals: [], verification: { findings: [] } });
  });

  const others: Digest = 'd'.repeat(64);
  test.each<[string, Partial<Checkpoint>]>([
    ['other entries', { root: others }],
    ['other heads of streams', { heads: others }],
  ])('are found, by their entry, when they are of %s', (_what, change) => {
    const made = told();
    publish(made, 4);
    publish(made, 5, change);
    publish(made, 6);
    const verdict = audited(made);
    expect(verdict).toMatchObject({ ok: false, refusals: [], verification: { ok: false } });
    expect(foundIn(verdict)).toEqual(['anchor.misstated of anchor/1']);
  });

  test('are found once when they are of entries that were not here', () => {
    const made = told();
    publish(made, 4);
    publish(made, 4, { size: 1_000, root: others });
    expect(foundIn(audited(made))).toEqual(['anchor.misstated of anchor/1']);
  });

  test('take no second pass where there are none', () => {
    const made = told();
    const audit = new LedgerAudit({ ledger: made.ledger, log: [], witnesses: [], quorum: 0 });
    audit.page(made.recorder.stored);
    expect(audit.secondPass()).toBeUndefined();
  });

  test('are not judged by other entries than the first pass has seen', () => {
    const made = told();
    publish(made, 4);
    const { stored } = made.recorder;
    for (const second of [stored.slice(0, -1), [], [...stored, ...stored.slice(-1)]]) {
      expect(audited(made, { second })).toMatchObject({
        ok: false,
        refusals: [{ code: 'export.tampered' }],
      });
    }
  });

  test('are judged in a ledger of which a stream goes back', () => {
    const made = told();
    publish(made, 4);
    publish(made, 5);
    publish(made, 9);
    const { stored } = made.recorder;
    const back = stored.map((entry) => ({ ...entry, stream: 'anchor', seq: 0 }));
    const first = stored.map((entry, at) => (at === 4 || at === 6 ? (back[at] ?? entry) : entry));
    const verdict = audited(made, { first });
    expect(verdict.ok).toBe(false);
    expect(foundIn(verdict)).toContain('anchor.misstated of anchor/2');
  });
});
