import { describe, expect, test } from 'vitest';
import { ed25519Signer, leafDigest, signerOf } from '@chancery/kernel/encoding';
import { refused, type Result } from '@chancery/kernel/refusal';
import { MemoryStore } from '@chancery/adapters/store-memory';
import {
  emptyFrontier,
  grow,
  originOf,
  rootOf,
  signCheckpoint,
  ledgerVerifier,
  verifierKey,
  type VerifierKey,
} from '@chancery/kernel/tree';
import {
  askWitnesses,
  type AskedWitness,
  type SignedCheckpoint,
} from '@chancery/runtime/transparency';

const ledger = 'a'.repeat(64);
const signer = signerOf(ed25519Signer(new Uint8Array(32).fill(1)));
const key = verifierKey('witness.example', signer.id, 'cosignature');
const root = rootOf(grow(emptyFrontier, [leafDigest('x')]));
const checkpoint = { origin: originOf(ledger), size: 1, root, heads: undefined };
const signed: SignedCheckpoint = { checkpoint, note: signCheckpoint(checkpoint, [signer]) };
const tiles = { read: async () => undefined, write: async () => undefined };

const stale = (size: number) => refused('witness.stale', '', { details: { size } });

/** What becomes of what a witness answers, each time that it is asked. */
function codeOf(...answers: readonly Result<string>[]): Promise<string> {
  return codeFrom(key, answers);
}

async function codeFrom(
  witnessKey: VerifierKey,
  answers: readonly Result<string>[],
): Promise<string> {
  let asked = 0;
  const witness: AskedWitness = {
    key: witnessKey,
    add: async () => {
      asked += 1;
      return answers[asked - 1] ?? refused('witness.unreachable', 'asked too often');
    },
  };
  const [said] = await askWitnesses({ store: new MemoryStore(), tiles, ledger }, signed, [witness]);
  return said?.answer.ok === false ? said.answer.refusal.code : 'cosigned';
}

describe('a witness that was asked', () => {
  test.each([
    ['tells the size that it was asked with', stale(0), 'witness.forked'],
    ['has cosigned more than is here', stale(2), 'witness.forked'],
    ['tells no size', refused('witness.stale', ''), 'witness.malformed'],
    ['answers with nothing', { ok: true, value: '' } as const, 'witness.malformed'],
    [
      'answers with what is no signature',
      { ok: true, value: 'yes\n' } as const,
      'witness.malformed',
    ],
    ['is not there', refused('witness.unreachable', ''), 'witness.unreachable'],
  ])('and %s has not cosigned', async (_what, answer, code) => {
    expect(await codeOf(answer)).toBe(code);
  });

  test('and goes back and forth between other trees is not asked for ever', async () => {
    expect(await codeOf(stale(1), stale(0), stale(1), stale(0))).toBe('witness.stale');
  });

  test('and signs as a log does has not cosigned', async () => {
    const own = ledgerVerifier(ledger, signer.id);
    const lines = signed.note.split('\n\n')[1] ?? '';
    expect(await codeFrom(own, [{ ok: true, value: lines }])).toBe('witness.malformed');
  });
});
