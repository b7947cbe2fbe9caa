import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { serveWitness } from '@chancery/adapters/log-http';
import type { Digest } from '@chancery/kernel/encoding';
import {
  openCheckpoint,
  originOf,
  parseVerifierKey,
  signCheckpoint,
  verifierKey,
} from '@chancery/kernel/tree';
import { addCheckpointText } from '@chancery/kernel/witness';
import { Witness } from '@chancery/runtime/transparency';
import { signerFrom, valueOf } from '@chancery/testkit/builders';

interface Vectors {
  readonly ledger: Digest;
  readonly seeds: { readonly log: number };
  readonly log: string;
  readonly requests: readonly {
    readonly title: string;
    /** What the witness has cosigned before; null for nothing. */
    readonly last: { readonly size: number; readonly root: Digest } | null;
    readonly body: string;
    readonly status: number;
  }[];
}

const file = path.resolve(import.meta.dirname, '../vectors/tree/witness.json');
const vectors = JSON.parse(readFileSync(file, 'utf8')) as Vectors;
const origin = originOf(vectors.ledger);
const own = signerFrom(2);
const name = 'witness.example/w1';

let served: Awaited<ReturnType<typeof serveWitness>>;
const failures: unknown[] = [];

beforeEach(async () => {
  const files = new Map<string, Uint8Array>();
  const kept = {
    read: async (at: string) => files.get(at),
    write: async (at: string, bytes: Uint8Array) => void files.set(at, bytes),
  };
  const logs = [{ origin, keys: [valueOf(parseVerifierKey(vectors.log))] }];
  const clock = { nowMs: () => 1_700_000_000_000 };
  const witness = new Witness({ name, signer: own, kept, logs, clock });
  const onFailure = (error: unknown): void => void failures.push(error);
  served = await serveWitness({ witness, kept }, { host: '127.0.0.1', port: 0, onFailure });
});

afterEach(async () => {
  await served.close();
  expect(failures).toEqual([]);
});

async function post(body: string): Promise<{ readonly status: number; readonly text: string }> {
  const answer = await fetch(new URL('/add-checkpoint', served.url), { method: 'POST', body });
  return { status: answer.status, text: await answer.text() };
}

test.each(vectors.requests)('$title: $status', async ({ last, body, status }) => {
  if (last !== null) {
    const note = signCheckpoint({ origin, ...last, heads: undefined }, [
      signerFrom(vectors.seeds.log),
    ]);
    expect((await post(addCheckpointText({ oldSize: 0, proof: [], note }))).status).toBe(200);
  }
  const answer = await post(body);
  expect(answer.status).toBe(status);
  if (status !== 200) return;
  const note = body.slice(body.indexOf('\n\n') + 2);
  const opened = openCheckpoint(`${note}${answer.text}`, {
    ...{ origin, log: [valueOf(parseVerifierKey(vectors.log))], quorum: 1 },
    witnesses: [verifierKey(name, own.id, 'cosignature')],
  });
  expect(opened.ok).toBe(true);
});
