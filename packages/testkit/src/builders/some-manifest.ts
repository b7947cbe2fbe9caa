import type { Digest, Signer } from '@chancery/kernel/encoding';
import { declareManifest, type HttpExecutor, type Manifest } from '@chancery/kernel/manifest';
import { assert } from '@chancery/kernel/refusal';
import { people, type LedgerFixture } from './ledger-fixture.ts';

/** A request that changes something. */
export const someRequest: HttpExecutor = {
  kind: 'http',
  method: 'POST',
  url: 'https://api.example.org/things/{thing}',
  query: {},
  headers: {},
  body: { note: '{note}' },
  credentials: [],
  signing: null,
  success: [200],
  observed: { id: '/body/id' },
};

/** A capability as data that can be declared. */
export function someManifest(changes: Partial<Manifest> = {}): Manifest {
  return {
    v: 1,
    name: 'things.note',
    version: '1.0.0',
    description: 'Notes something about a thing.',
    effect: 'irreversible',
    risk: 'low',
    input: {
      type: 'object',
      additionalProperties: false,
      required: ['thing'],
      properties: { thing: { type: 'string' }, note: { type: 'string' } },
    },
    output: {
      type: 'object',
      additionalProperties: false,
      required: ['id'],
      properties: { id: { type: 'integer' } },
    },
    roles: { thing: 'object', note: 'text' },
    authors: { id: 'service' },
    limits: { timeoutMs: 1_000, inputBytes: 4_096, outputBytes: 4_096 },
    executor: someRequest,
    reconcile: null,
    compensate: null,
    ...changes,
  };
}

/** Declares a manifest; gives the digest of the entry. */
export function declareManifestOn(
  { recorder, ledger }: LedgerFixture,
  manifest: Manifest = someManifest(),
  by: Signer = people.legislator,
): Digest {
  const after = recorder.heads.get('policy')?.digest ?? ledger;
  const envelope = declareManifest({ ledger, after, manifest }, by);
  const draft = { stream: 'policy', kind: 'capability.declared', body: { envelope } } as const;
  const [declared] = recorder.writeBy(by.id, draft);
  assert(declared !== undefined, 'a manifest is written');
  return declared.digest;
}
