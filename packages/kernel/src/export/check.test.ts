import {
  exportOf,
  ledgerFixture,
  people,
  refusalOf,
  runtimeSigner,
  signerFrom,
  someDigest,
  trustRuntime,
  valueOf,
  writeRun,
  type ExportOptions,
  type LedgerFixture,
} from '@chancery/testkit/builders';
import { describe, expect, test } from 'vitest';
import { leafDigest, type Digest } from '../encoding/index.ts';
import type { SealedEntry } from '../ledger/index.ts';
import type { Result } from '../refusal/index.ts';
import { ledgerVerifier } from '../tree/index.ts';
import { chainAfter, emptyChain } from './chain.ts';
import { ExportCheck, type ExportVerdict } from './check.ts';
import { lineText } from './line-forms.ts';
import { ExportWriter } from './writer.ts';

const blobs = new Map<Digest, Uint8Array>();

function ledger(): LedgerFixture {
  const made = ledgerFixture();
  trustRuntime(made);
  writeRun(made, 'r1', made.writ, blobs);
  return made;
}

const on = ledger();
const { entries } = on.recorder;
const streams = ['ledger', 'run:nobody', 'run:r1'];
const utf8 = new TextEncoder();

function check(lines: readonly string[], pinned?: Digest): Result<ExportVerdict> {
  const checking = new ExportCheck(pinned);
  for (const line of lines) {
    const pushed = checking.push(utf8.encode(line));
    if (!pushed.ok) return pushed;
  }
  return checking.finish();
}

function refusedFor(options: ExportOptions): string {
  const { code, message } = refusalOf(check(exportOf(on, { blobs, ...options })));
  return `${code}: ${message}`;
}

/** What is signed of the ledger as it is. */
function honest() {
  const [record] = valueOf(new ExportCheck().push(utf8.encode(exportOf(on, { blobs })[0])));
  if (record?.type !== 'manifest') throw new Error('an export begins with its manifest');
  return { manifest: record.manifest, checkpoint: record.manifest.checkpoint };
}

/** How an export is refused that begins with this entry and these blobs. */
function messageAfter([text, digests]: readonly [string, readonly Digest[]]): string {
  const writer = new ExportWriter();
  const named = digests.map((digest) => ({ digest, bytes: blobs.get(digest) ?? new Uint8Array() }));
  const written = [writer.manifest(honest().manifest), writer.entry(text, named)];
  return refusalOf(check(written)).message;
}

/** How lines, the first ones of an export, are refused that end so. */
function endedMessage(lines: readonly string[]): string {
  const chain = lines.reduce((before, line) => chainAfter(before, line.trimEnd()), emptyChain);
  const count = lines.filter((line) => line.startsWith('{"at":')).length;
  const end = { digest: chain, entries: count, lines: lines.length };
  return refusalOf(check([...lines, `${lineText({ type: 'end', end })}\n`])).message;
}

/** The entries with one of another text in the place of the last of a kind. */
function rewritten(kind: string, from: string, to: string): readonly SealedEntry[] {
  const at = entries.findLastIndex(({ entry }) => entry.kind === kind);
  return entries.map((sealed, index) => {
    if (index !== at) return sealed;
    const text = sealed.text.replace(from, to);
    expect(text).not.toBe(sealed.text);
    return { ...sealed, text, digest: leafDigest(text) };
  });
}

describe('the export of a whole ledger', () => {
  test('verifies, with the findings of its ledger', () => {
    const verdict = valueOf(check(exportOf(on, { blobs }), on.ledger));
    expect(verdict.scope).toBe('ledger');
    if (verdict.scope !== 'ledger') return;
    const { ok, ledger, entries: count, findings, runs } = verdict.verification;
    expect({ ok, ledger, count, findings }).toEqual({
      ok: true,
      ledger: on.ledger,
      count: entries.length,
      findings: [],
    });
    expect(runs.map(({ stream }) => stream)).toEqual(['run:r1']);
  });

  test('is the same each time', () => {
    expect(exportOf(on, { blobs })).toEqual(exportOf(on, { blobs }));
  });

  test('is refused in the place of another', () => {
    const pinned = someDigest('another ledger');
    expect(refusalOf(check(exportOf(on, { blobs }), pinned)).code).toBe('export.foreign');
  });

  test('is refused when it ends too early', () => {
    const lines = exportOf(on, { blobs });
    expect(refusalOf(check(lines.slice(0, -1))).code).toBe('export.truncated');
    expect(refusalOf(check([])).code).toBe('export.truncated');
  });

  test('is refused when an entry was rewritten and its head signed anew', () => {
    const forged = rewritten('commit', '"redactions":0', '"redactions":7');
    expect(refusedFor({ entries: forged })).toMatch(/^export.tampered: entry.altered at entry /);
  });

  test('is refused when its last entry is not that of the checkpoint', () => {
    const forged = rewritten('writ.closed', '"tokens":', '"tokens":1');
    const { checkpoint } = honest();
    expect(refusedFor({ entries: forged, checkpoint })).toBe(
      `export.tampered: the first ${on.recorder.entries.length} entries are not those that it was signed for: the ledger was written anew`,
    );
    expect(refusedFor({ checkpoint: { heads: someDigest('heads') } })).toBe(
      'export.tampered: it tells other heads of streams than its own entries have',
    );
  });

  test('may have a checkpoint that tells no stream heads', () => {
    expect(check(exportOf(on, { blobs, checkpoint: { heads: undefined } })).ok).toBe(true);
  });

  test('is refused when the ledger does not trust who signed its head', () => {
    expect(refusedFor({ signer: people.issuer })).toBe(
      `export.tampered: its checkpoint is not to be believed: the ledger does not trust ${people.issuer.id} to run`,
    );
    expect(refusedFor({ signer: signerFrom(99) })).toContain('the ledger does not trust');
  });

  test('is refused when its head is not signed by who is named', () => {
    const keys = [ledgerVerifier(on.ledger, runtimeSigner.id)];
    expect(refusedFor({ signer: signerFrom(99), manifest: { keys } })).toMatch(
      /^export.tampered: its checkpoint is not to be believed: /,
    );
  });

  test('is refused without its genesis', () => {
    const refusal = refusalOf(check(exportOf(on, { blobs, entries: entries.slice(1) })));
    expect(refusal.code).toBe('export.tampered');
  });

  test('is refused without a blob that an entry names, or with one that none does', () => {
    const proposed = entries.find(({ entry }) => entry.kind === 'intent.proposed');
    const digest =
      /"blob":\{"bytes":[0-9]+,"digest":"([0-9a-f]+)"/.exec(proposed?.text ?? '')?.[1] ?? '';
    expect(blobs.has(digest)).toBe(true);
    const genesis = entries[0]?.text ?? '';
    expect(messageAfter([genesis, [digest]])).toBe(
      `entry 0 of ledger: the blob ${digest} stands where no entry names it`,
    );
    const without = exportOf(on, { blobs }).filter((line) => !line.startsWith('{"blob":'));
    expect(endedMessage(without.slice(0, -1))).toContain('is missing, and nobody has pruned it');
    expect(
      messageAfter([
        proposed?.text.replace(/"blob":\{"bytes":\d+/, '"blob":{"bytes":3') ?? '',
        [digest],
      ]),
    ).toContain(`the blob ${digest} has another length than recorded`);
  });

  test('is refused when what begins like an entry is none', () => {
    const text = (entries[0]?.text ?? '').replace('"ledger.created"', '"ledger.founded"');
    expect(messageAfter([text, []])).toContain('entry 0 of ledger: ');
  });
});

describe('the export of some streams', () => {
  test('shows that none of their entries is missing, and that a stream is not there', () => {
    const verdict = valueOf(check(exportOf(on, { blobs, streams }), on.ledger));
    const count = (stream: string) => entries.filter(({ entry }) => entry.stream === stream).length;
    expect(verdict.scope === 'streams' ? verdict.streams : undefined).toEqual([
      { stream: 'ledger', entries: count('ledger'), completeness: 'open' },
      { stream: 'run:nobody', entries: 0, completeness: 'open' },
      { stream: 'run:r1', entries: count('run:r1'), completeness: 'open' },
    ]);
  });

  test('is refused when the last entries of one are left out', () => {
    const lines = exportOf(on, { blobs, streams });
    expect(endedMessage(lines.slice(0, -3))).toMatch(/^entry \d+ of run:r1 are not here$/);
  });

  test('is refused with an entry that is not in the tree', () => {
    const forged = rewritten('run.finished', '"reason":"done"', '"reason":"dont"');
    const { checkpoint } = honest();
    expect(refusedFor({ streams, entries: forged, checkpoint })).toMatch(
      /^export.tampered: .*(inclusion|head)/,
    );
  });

  test('is refused when the ledger does not trust who signed its head', () => {
    expect(refusedFor({ streams, signer: people.issuer })).toContain('the ledger does not trust');
  });

  test('is refused with blobs that are not those of its entries', () => {
    const without = exportOf(on, { blobs, streams }).filter((line) => !line.startsWith('{"blob":'));
    expect(endedMessage(without.slice(0, -1))).toContain('is missing');
  });
});
