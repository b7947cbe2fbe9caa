import { catalogueDigest, type Draft } from '@chancery/kernel/ledger';
import {
  bytesDigest,
  ed25519Signer,
  signerOf,
  type Digest,
  type Signer,
} from '@chancery/kernel/encoding';
import { assert } from '@chancery/kernel/refusal';
import {
  createGenesis,
  foldTrust,
  issueWrit,
  trustKey,
  type Purpose,
  type ReadWrit,
  type Terms,
  type Trust,
  type KeyKind,
  type TrustEntry,
} from '@chancery/kernel/writ';

/** A signer whose key follows from a small number, so that tests tell the same story each time. */
export function signerFrom(seed: number): Signer {
  return signerOf(ed25519Signer(new Uint8Array(32).fill(seed)));
}

/** A digest of nothing in particular. */
export function someDigest(name: string): Digest {
  return bytesDigest(name);
}

/** An entry of the stream `ledger`, as a reader sees it. */
export function trustEntry(draft: Draft<'ledger.created' | KeyKind>, seq: number): TrustEntry {
  const place = {
    v: 1 as const,
    stream: 'ledger',
    seq,
    prev: seq === 0 ? null : someDigest(`entry ${seq - 1}`),
    at: 1_000 + seq,
    by: signerFrom(1).id,
    cause: null,
    batch: { id: `b${seq}`, index: 0, size: 1 },
  };
  return { ...place, kind: draft.kind, body: draft.body };
}

/** A ledger with one root and a key for each of the usual parts. */
export interface Authority {
  readonly ledger: Digest;
  readonly root: Signer;
  /** Trusted for issuing. */
  readonly issuer: Signer;
  /** Subject of the root writ, issuer of the agent's. */
  readonly lead: Signer;
  /** Subject of the writ that is presented. */
  readonly agent: Signer;
  /** Trusted for approving. */
  readonly approvers: readonly [Signer, Signer, Signer];
  /** Not trusted for anything. */
  readonly stranger: Signer;
  readonly entries: readonly TrustEntry[];
  readonly trust: Trust;
}

export function authority(name = 'test'): Authority {
  const ledger = someDigest(`ledger ${name}`);
  const root = signerFrom(1);
  const issuer = signerFrom(2);
  const approvers = [signerFrom(5), signerFrom(6), signerFrom(7)] as const;
  const genesis = createGenesis({
    name,
    roots: [root],
    threshold: 1,
    contractDigest: catalogueDigest,
    defaultPolicy: someDigest('policy'),
    nonce: 'genesis',
  });
  const keys: readonly (readonly [Signer, Purpose])[] = [
    [issuer, 'issue'],
    ...approvers.map((approver) => [approver, 'approve'] as const),
  ];
  const entries = [
    trustEntry({ stream: 'ledger', kind: 'ledger.created', body: { envelope: genesis } }, 0),
    ...keys.map(([signer, purpose], index) => {
      const statement = { ledger, key: signer.id, label: purpose, purposes: [purpose] };
      const envelope = trustKey({ ...statement, roots: [root] });
      return trustEntry({ stream: 'ledger', kind: 'key.trusted', body: { envelope } }, index + 1);
    }),
  ];
  const trust = foldTrust(
    ledger,
    entries.map((entry, position) => ({ entry, position })),
  );
  assert(trust.ok, 'the builder makes a ledger that is trusted');
  return {
    ledger,
    root,
    issuer,
    lead: signerFrom(3),
    agent: signerFrom(4),
    approvers,
    stranger: signerFrom(9),
    entries,
    trust: trust.value,
  };
}

/** Terms that grant reading and writing below `src`, for one generation below. */
export function someTerms(changes: Partial<Terms> = {}): Terms {
  return {
    grants: [
      { capability: 'fs.read', where: [] },
      { capability: 'fs.write', where: [{ arg: 'path', op: 'under', value: 'src' }] },
    ],
    effects: ['pure', 'read', 'write'],
    budget: {
      tokens: 1_000_000,
      costMicrousd: 2_000_000,
      calls: 100,
      wallMs: 600_000,
      cpuMs: 600_000,
      bytesOut: 1_000_000,
    },
    window: { notBefore: 1_000, notAfter: 9_000 },
    delegation: { depth: 1, children: 4 },
    ...changes,
  };
}

/** The writ of the agent, first, and the root writ that it was carved from. */
export function someChain(
  of: Authority,
  terms: Partial<Terms> = {},
): readonly [ReadWrit, ReadWrit] {
  const { ledger, issuer, lead, agent } = of;
  const top = someTerms({ effects: ['pure', 'read', 'write', 'external', 'irreversible'] });
  const root = issueWrit({
    ledger,
    parent: null,
    issuer,
    subject: lead.id,
    terms: { ...top, grants: terms.grants ?? top.grants },
    nonce: 'root',
  });
  assert(root.ok, 'the builder issues a root writ');
  const child = issueWrit({
    ledger,
    parent: root.value,
    issuer: lead,
    subject: agent.id,
    terms: someTerms({ delegation: { depth: 0, children: 0 }, ...terms }),
    nonce: 'child',
  });
  assert(child.ok, child.ok ? '' : `the builder issues a child writ: ${child.refusal.message}`);
  return [child.value, root.value];
}
