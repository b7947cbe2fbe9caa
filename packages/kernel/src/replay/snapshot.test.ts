import {
  ledgerFixture,
  people,
  someDigest,
  stateOf,
  writeMoments,
} from '@chancery/testkit/builders';
import { describe, expect, test } from 'vitest';
import { bytesDigest, recordText, sealEnvelope, type JsonObject } from '../encoding/index.ts';
import { runStateDigest, runStateJson } from './run-state-json.ts';
import { openSnapshot, takeSnapshot, type TakenSnapshot } from './snapshot.ts';

const fixture = ledgerFixture();
writeMoments(fixture, ['acts', 'is held'], { ends: false });
const { ledger, recorder } = fixture;
const state = stateOf(recorder.entries);
const taken = takeSnapshot(state, { ledger, after: ledger, by: people.agent });
const isTrusted = (key: string): boolean => key === people.agent.id;

/** What is said of a snapshot, by code and words. */
function said(
  { body, blob }: TakenSnapshot,
  ground: { ledger: string; isTrusted: (key: string) => boolean } = { ledger, isTrusted },
) {
  const opened = openSnapshot(blob.bytes, { body, prev: ledger }, ground);
  return opened.ok ? 'opened' : `${opened.refusal.code}: ${opened.refusal.message}`;
}

/** A snapshot with any payload, named rightly by what is recorded of it. */
function signed(
  payload: JsonObject,
  type: Parameters<typeof sealEnvelope>[0] = 'application/vnd.chancery.snapshot+json',
  signers = [people.agent],
): TakenSnapshot {
  return holding(recordText(sealEnvelope(type, payload, signers)));
}

function holding(text: string): TakenSnapshot {
  const bytes = new TextEncoder().encode(text);
  const digest = bytesDigest(bytes);
  const { mediaType } = taken.blob;
  const snapshot = { blob: { digest, bytes: bytes.length, mediaType } };
  return { body: { ...taken.body, snapshot }, blob: { digest, bytes, mediaType } };
}

const payload = { v: 1, ledger, after: ledger, state: runStateJson(state) };
const cannot = 'snapshot.invalid: the snapshot cannot be used: ';

describe('a snapshot', () => {
  test('names the run, the entry, the state and its own bytes', () => {
    expect(taken.body).toEqual({
      run: 'run:r1',
      at: recorder.heads.get('run:r1'),
      state: runStateDigest(state),
      snapshot: {
        blob: {
          digest: bytesDigest(taken.blob.bytes),
          bytes: taken.blob.bytes.length,
          mediaType: 'application/vnd.dsse.envelope.v1+json',
        },
      },
    });
    expect(said(taken)).toBe('opened');
  });

  test('is the same bytes for the same state and key', () => {
    expect(takeSnapshot(state, { ledger, after: ledger, by: people.agent })).toEqual(taken);
    expect(signed(payload)).toEqual(taken);
  });

  test('is refused with any byte altered', () => {
    for (let at = 0; at < taken.blob.bytes.length; at += 97) {
      const bytes = taken.blob.bytes.with(at, (taken.blob.bytes[at] ?? 0) ^ 1);
      expect(said({ ...taken, blob: { ...taken.blob, bytes } })).toBe(
        `${cannot}its bytes were altered`,
      );
    }
  });

  test.each([
    ['no JSON', '{', 'it is not a signed envelope'],
    ['a list', '[]', 'it is not a signed envelope'],
    ['another object', '{"payload":""}', 'it is not a signed envelope'],
  ])('is refused where the bytes are %s', (_, text, why) => {
    expect(said(holding(text))).toBe(`${cannot}${why}`);
  });

  test('is refused with a signature of a key that may not run, or of more than one', () => {
    const stranger = signed(payload, undefined, [people.approver]);
    expect(said(stranger)).toBe(`${cannot}the ledger does not trust ${people.approver.id} to run`);
    const both = signed(payload, undefined, [people.agent, people.approver]);
    expect(said(both)).toContain('snapshot.invalid');
  });

  test('is refused with a signature that is not over its payload', () => {
    const other = recordText({ ...payload, ledger: someDigest('another') });
    const text = new TextDecoder().decode(taken.blob.bytes);
    const envelope = {
      ...(JSON.parse(text) as JsonObject),
      payload: Buffer.from(other).toString('base64'),
    };
    expect(said(holding(recordText(envelope)))).toBe(
      `${cannot}the signature of ${people.agent.id} does not verify`,
    );
  });

  test('is refused when it was signed for another purpose', () => {
    expect(said(signed(payload, 'application/vnd.chancery.word+json'))).toContain(
      `${cannot}expected a payload of type`,
    );
  });

  test('is refused in another ledger', () => {
    expect(said(taken, { ledger: someDigest('another'), isTrusted })).toBe(
      `${cannot}it is of another ledger`,
    );
  });

  test('is refused in another place of its own', () => {
    const before = someDigest('a snapshot before it');
    expect(said(signed({ ...payload, after: before }))).toBe(
      `${cannot}it was signed for another place`,
    );
  });

  test('is refused as newer when a later version has written it', () => {
    expect(said(signed({ ...payload, v: 2, more: true }))).toBe(
      'ledger.newer: the snapshot has the version 2',
    );
  });

  test.each([
    ['its version', { ...payload, v: 0 }, 'it has a malformed "v"'],
    ['a member too many', { ...payload, more: 1 }, 'it has a malformed "more"'],
    ['its state', { ...payload, state: {} }, 'its state is malformed'],
    [
      'an amount',
      { ...payload, state: { ...payload.state, spent: { tokens: -1 } } },
      'its state is malformed',
    ],
    [
      'how it stands',
      { ...payload, state: { ...payload.state, stand: { phase: 'asleep' } } },
      'its state is malformed',
    ],
    [
      'how the run began',
      { ...payload, state: { ...payload.state, started: {} } },
      'its state is malformed',
    ],
  ])('is refused with %s malformed', (_, malformed, why) => {
    expect(said(signed(malformed))).toBe(`${cannot}${why}`);
  });

  test('is refused where the ledger tells of another run, entry or state', () => {
    const { body } = taken;
    const { at } = body;
    const other = someDigest('another');
    const told = (changes: Partial<typeof body>) =>
      said({ ...taken, body: { ...body, ...changes } });
    expect([
      told({ run: 'run:r2' }),
      told({ at: { ...at, seq: at.seq + 1 } }),
      told({ at: { ...at, digest: other } }),
      told({ state: other }),
    ]).toEqual([
      `${cannot}it is of run:r1`,
      `${cannot}it is of another entry`,
      `${cannot}it is of another entry`,
      `${cannot}it tells another state`,
    ]);
  });
});

describe('the size of a snapshot', () => {
  test('does not grow with what is settled', () => {
    const long = ledgerFixture();
    writeMoments(
      long,
      Array.from({ length: 40 }, () => 'acts' as const),
      { ends: false },
    );
    const sizes = [10, 40].map((actions) => {
      const entries = long.recorder.entries.filter(({ entry }) => entry.stream === 'run:r1');
      const { blob } = takeSnapshot(stateOf(entries.slice(0, 1 + 4 * actions)), {
        ...{ ledger: long.ledger, after: long.ledger },
        by: people.agent,
      });
      return blob.bytes.length;
    });
    const [few = 0, many = 0] = sizes;
    // Numbers have more digits, and nothing else is longer.
    expect(many - few).toBeLessThan(64);
  });
});
