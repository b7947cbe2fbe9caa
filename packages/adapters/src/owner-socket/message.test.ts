import { describe, expect, it } from 'vitest';
import { bytesDigest } from '@chancery/kernel/encoding';
import { done, refusal } from '@chancery/kernel/refusal';
import { genesis, ledgerHead, turns } from '@chancery/testkit/store-suite';
import { encodeReply, encodeRequest, parseReply, parseRequest, type Answer } from './message.ts';

const bytes = new Uint8Array([0, 1, 254, 255]);
const batch = {
  ...turns('run:a', null, 2),
  reads: [
    { stream: 'ledger', head: ledgerHead },
    { stream: 'policy', head: null },
  ],
  blobs: [{ digest: bytesDigest(bytes), bytes, mediaType: 'text/plain' }],
};

/** The request as an object, with changed members. */
function changed(change: Readonly<Record<string, unknown>>): string {
  const request = JSON.parse(encodeRequest(1, batch)) as object;
  return JSON.stringify({ ...request, ...change });
}

describe('a request', () => {
  it('is read as it was sent', () => {
    expect(parseRequest(encodeRequest(7, batch))).toEqual({ id: 7, batch: done(batch) });
    expect(parseRequest(encodeRequest(8, genesis))).toEqual({ id: 8, batch: done(genesis) });
  });

  it('can be answered, and says why, when an entry is not one', () => {
    const entries = [{ stream: 'run:a', seq: 0, text: '{}' }];
    const request = parseRequest(changed({ entries }));
    expect(request?.id).toBe(1);
    expect(request?.batch).toMatchObject({ ok: false, refusal: { code: 'entry.invalid' } });
  });

  it.each([
    ['is not JSON', '{"id":'],
    ['is not an object', '[]'],
    ['has a member that is not known', changed({ more: 1 })],
    ['lacks a member', changed({ reads: undefined })],
    ['has an id that is no number', changed({ id: '1' })],
    ['has an id that is no integer', changed({ id: 0.5 })],
    ['has a list that is none', changed({ writes: {} })],
    ['has a head that is not one', changed({ reads: [{ stream: 'a', head: { seq: 0 } }] })],
    [
      'has a head with another digest',
      changed({ reads: [{ stream: 'a', head: { seq: 0, digest: 'A' } }] }),
    ],
    ['has an entry without a text', changed({ entries: [{ stream: 'run:a', seq: 0 }] })],
    [
      'has a blob that is not base64',
      changed({ blobs: [{ digest: bytesDigest(''), mediaType: 'a', base64: '*' }] }),
    ],
  ])('is none when it %s', (_, text) => {
    expect(parseRequest(text)).toBeUndefined();
  });
});

describe('a reply', () => {
  const answers: readonly Answer[] = [
    { kind: 'outcome', outcome: { kind: 'appended', position: 3 } },
    {
      kind: 'outcome',
      outcome: {
        kind: 'conflict',
        conflict: { stream: 'run:a', expected: null, actual: ledgerHead },
      },
    },
    {
      kind: 'refusal',
      refusal: refusal('ledger.unreachable', 'no room', { details: { free: 0, path: 'x' } }),
    },
    { kind: 'fault', message: 'broken' },
  ];

  it.each(answers)('is read as it was sent: $kind', (answer) => {
    expect(parseReply(encodeReply({ id: 4, answer }))).toEqual({ id: 4, answer });
  });

  it.each([
    ['of another kind', { kind: 'perhaps' }],
    ['with an outcome of another kind', { kind: 'outcome', outcome: { kind: 'perhaps' } }],
    ['appended nowhere', { kind: 'outcome', outcome: { kind: 'appended', position: -1 } }],
    ['with a code that is not known', { kind: 'refusal', refusal: { code: 'toString' } }],
    ['with more than belongs there', { kind: 'fault', message: 'a', more: 1 }],
  ])('is none when it is an answer %s', (_, answer) => {
    expect(parseReply(JSON.stringify({ id: 1, answer }))).toBeUndefined();
  });
});
