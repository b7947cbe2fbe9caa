import { signerFrom, valueOf } from '@chancery/testkit/builders';
import { describe, expect, test } from 'vitest';
import { leafDigest, recordText } from '../encoding/index.ts';
import type { Result } from '../refusal/index.ts';
import { entryBytesMax } from './entry-length.ts';
import type { Draft } from './entry.ts';
import { sealBatch, type Sealed, type SealRequest } from './seal.ts';

const ledger = 'c'.repeat(64);
const by = signerFrom(1).id;
const envelope = { payloadType: 't', payload: '', signatures: [] };
const genesis: Draft = { stream: 'ledger', kind: 'ledger.created', body: { envelope } };

function turn(stream: string, number: number, cause?: Draft['cause']): Draft {
  const draft: Draft = { stream, kind: 'turn.started', body: { turn: number } };
  return cause === undefined ? draft : { ...draft, cause };
}

function proposed(intent: unknown): Draft {
  const body = {
    origin: 'model',
    turn: 1,
    callId: 'c',
    digest: 'd'.repeat(64),
    nonce: null,
    intent: { inline: intent },
  } as Draft<'intent.proposed'>['body'];
  return { stream: 'run:a', kind: 'intent.proposed', body };
}

function seal(request: Partial<SealRequest>): Result<Sealed> {
  return sealBatch({
    ledger,
    by,
    nowMs: 1_000,
    batchId: 'b1',
    heads: new Map(),
    drafts: [turn('run:a', 1)],
    ...request,
  });
}

function refusalOf(request: Partial<SealRequest>) {
  const sealed = seal(request);
  return sealed.ok ? undefined : { code: sealed.refusal.code, message: sealed.refusal.message };
}

describe('sealBatch', () => {
  test('refuses an entry that no bundle can hold, by a byte', () => {
    const { entries } = valueOf(seal({ drafts: [proposed('')] }));
    const room = entryBytesMax - (entries[0]?.text.length ?? 0);
    const longest = `${'a'.repeat(room - 3)}✍`;
    expect(refusalOf({ drafts: [proposed(longest)] })).toBeUndefined();
    expect(refusalOf({ drafts: [turn('run:a', 1), proposed(`${longest}.`)] })).toEqual({
      code: 'entry.too-long',
      message: 'draft 1: the entry has 65536 bytes, 65535 at most',
    });
  });

  test('gives a draft its place, link, batch mark, canonical text and digest', () => {
    const head = { seq: 6, digest: 'd'.repeat(64) };
    const trace = `00-${'1'.repeat(32)}-${'2'.repeat(16)}-01`;
    const sealed = seal({ heads: new Map([['run:a', head]]), trace });
    const entry = {
      v: 1,
      stream: 'run:a',
      seq: 7,
      prev: head.digest,
      kind: 'turn.started',
      at: 1_000,
      by,
      cause: null,
      batch: { id: 'b1', index: 0, size: 1 },
      trace,
      body: { turn: 1 },
    };
    const text = recordText(entry);
    const digest = leafDigest(text);
    expect(sealed).toEqual({
      ok: true,
      value: {
        entries: [{ entry, text, digest }],
        heads: new Map([['run:a', { seq: 7, digest }]]),
      },
    });
  });

  test('writes the text that JCS gives, whatever stands in the body and the batch id', () => {
    const awkward = { '\u20ac': '"\\\u0000\u2028', '\u{1f600}': [], '10': -5, '9': null };
    const sealed = seal({ batchId: 'a "quoted" \\ id', drafts: [proposed(awkward)] });
    const [first] = sealed.ok ? sealed.value.entries : [];
    expect(first?.text).toBe(recordText(first?.entry));
  });

  test('begins new streams from the ledger id and links within the batch', () => {
    const sealed = seal({ drafts: [turn('run:a', 1), turn('run:b', 1), turn('run:a', 2)] });
    const [a0, b0, a1] = sealed.ok ? sealed.value.entries : [];
    expect([a0?.entry.prev, b0?.entry.prev, a1?.entry.prev]).toEqual([ledger, ledger, a0?.digest]);
    expect([a0?.entry.seq, b0?.entry.seq, a1?.entry.seq]).toEqual([0, 0, 1]);
    expect(a1?.entry.batch).toEqual({ id: 'b1', index: 2, size: 3 });
  });

  test('resolves a cause that is given as the index of an earlier draft', () => {
    const cause = 'e'.repeat(64);
    const sealed = seal({ drafts: [turn('run:a', 1, cause), turn('run:a', 2, 0)] });
    const [first, second] = sealed.ok ? sealed.value.entries : [];
    expect([first?.entry.cause, second?.entry.cause]).toEqual([cause, first?.digest]);
  });

  test('begins a ledger: the genesis has no prev, and its digest is the ledger id', () => {
    const sealed = seal({ ledger: null, drafts: [genesis, turn('run:a', 1)] });
    const [first, second] = sealed.ok ? sealed.value.entries : [];
    expect([first?.entry.prev, second?.entry.prev]).toEqual([null, first?.digest]);
  });

  test.each<readonly [string, Partial<SealRequest>, string]>([
    ['an empty batch', { drafts: [] }, 'a batch without an entry'],
    [
      'a ledger that begins with something else',
      { ledger: null },
      'draft 0: a ledger begins with ledger.created, and has it nowhere else',
    ],
    [
      'a second genesis',
      { drafts: [genesis] },
      'draft 0: a ledger begins with ledger.created, and has it nowhere else',
    ],
    [
      'a body that its schema does not admit',
      { drafts: [turn('run:a', 1), turn('run:a', -1)] },
      'draft 1: the body of turn.started: /turn is not an integer from 0 to 9007199254740991',
    ],
    [
      'a kind on a stream that is not its home',
      { drafts: [turn('ledger', 1)] },
      'draft 0: turn.started does not belong on the stream "ledger"',
    ],
    [
      'a cause that is a later draft',
      { drafts: [turn('run:a', 1, 1), turn('run:a', 2)] },
      'draft 0: its cause, 1, is not an earlier draft of the batch',
    ],
    [
      'a cause that is no digest',
      { drafts: [turn('run:a', 1, 'yesterday')] },
      'draft 0: the entry: /cause is not of the form ^[0-9a-f]{64}$',
    ],
    [
      'a time that is no integer',
      { nowMs: 1.5 },
      'draft 0: the entry: /at is not an integer from 0 to 9007199254740991',
    ],
    [
      'a fraction where anything may stand',
      { drafts: [proposed({ weight: 0.5 })] },
      'draft 0: it cannot be recorded: a recorded number is not a safe integer',
    ],
    [
      'a lone surrogate',
      { drafts: [proposed('\ud800')] },
      'draft 0: it cannot be recorded: a string holds a lone surrogate',
    ],
    [
      'an object of a class, which would be recorded as an empty one',
      { drafts: [proposed({ when: new Date(0) })] },
      'draft 0: it cannot be recorded: an object of a class is not JSON',
    ],
    [
      'a body that is nested too deeply',
      { drafts: [proposed(nested(64))] },
      'draft 0: it cannot be recorded: nested too deeply',
    ],
  ])('refuses %s', (_what, request, message) => {
    expect(refusalOf(request)).toEqual({ code: 'entry.invalid', message });
  });

  test('accepts a body of the greatest depth', () => {
    expect(refusalOf({ drafts: [proposed(nested(62))] })).toBeUndefined();
  });

  test('refuses a kind that is not in the catalogue', () => {
    const draft = { ...turn('run:a', 1), kind: 'turn.imagined' } as unknown as Draft;
    expect(refusalOf({ drafts: [draft] })?.code).toBe('entry.unknown-kind');
  });
});

function nested(depth: number): unknown {
  let value: unknown = [];
  for (let level = 1; level < depth; level += 1) value = [value];
  return value;
}
