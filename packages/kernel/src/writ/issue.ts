import {
  sealEnvelope,
  signEnvelope,
  type Digest,
  type Envelope,
  type KeyId,
  type Signer,
} from '../encoding/index.ts';
import { Fault, refusal, type Refusal, type Result } from '../refusal/index.ts';
import { checkEdge } from './covers.ts';
import type { Closing, Genesis, ReadWrit, Revocation, Terms, Writ } from './model.ts';
import { readGenesisDraft, readTerms, readWrit } from './read.ts';

export interface WritRequest {
  readonly ledger: Digest;
  /** The writ to carve from, whose subject the issuer is; null for a root writ. */
  readonly parent: ReadWrit | null;
  readonly issuer: Signer;
  readonly subject: KeyId;
  /** In canonical order, see `Terms`. */
  readonly terms: Terms;
  /** 1 to 128 characters; makes writs of equal terms distinct. */
  readonly nonce: string;
}

/**
 * Signs a writ. Refuses with `writ.void` (malformed terms, a parent of another ledger),
 * `writ.not-yours` (the issuer is not the parent's subject) and `writ.widened` (the parent does not
 * cover the terms). Whether the issuer of a root writ is trusted is for `checkChain` to say.
 */
export function issueWrit(request: WritRequest): Result<ReadWrit> {
  const { grants, effects, budget, window, delegation } = request.terms;
  const terms: Terms = { grants, effects, budget, window, delegation };
  const read = readTerms(terms);
  if (!read.ok) return read;
  const unfit = request.parent === null ? undefined : checkParent(request.parent, request);
  if (unfit !== undefined) return { ok: false, refusal: unfit };
  const writ: Writ = {
    ...terms,
    v: 1,
    ledger: request.ledger,
    parent: request.parent?.id ?? null,
    issuer: request.issuer.id,
    subject: request.subject,
    nonce: request.nonce,
  };
  return readWrit(sealEnvelope('application/vnd.chancery.writ+json', writ, [request.issuer]));
}

function checkParent(parent: ReadWrit, request: WritRequest): Refusal | undefined {
  if (parent.writ.ledger !== request.ledger) {
    return refusal('writ.void', 'the writ above is of another ledger');
  }
  if (parent.writ.subject !== request.issuer.id) {
    return refusal('writ.not-yours', 'the writ above names another subject');
  }
  return checkEdge(parent.writ, request.terms);
}

export interface GenesisRequest {
  readonly name: string;
  /** All of the roots; each of them signs. */
  readonly roots: readonly Signer[];
  readonly threshold: number;
  readonly contractDigest: Digest;
  readonly defaultPolicy: Digest;
  readonly nonce: string;
}

/** Signs a genesis. @throws {Fault} when `readGenesis` would refuse it. */
export function createGenesis(request: GenesisRequest): Envelope {
  const roots = request.roots.map((root) => root.id);
  return request.roots.reduce(signEnvelope, draftGenesis({ ...request, roots }));
}

/** A genesis that nobody has signed yet. @throws {Fault} when it could never be read. */
export function draftGenesis(
  request: Omit<GenesisRequest, 'roots'> & { readonly roots: readonly KeyId[] },
): Envelope {
  const { name, threshold, contractDigest, defaultPolicy, nonce } = request;
  const roots = [...request.roots].sort();
  const genesis: Genesis = { v: 1, name, roots, threshold, contractDigest, defaultPolicy, nonce };
  const envelope = sealEnvelope('application/vnd.chancery.genesis+json', genesis, []);
  const read = readGenesisDraft(envelope);
  if (!read.ok) throw new Fault(`a malformed genesis: ${read.refusal.message}`);
  return envelope;
}

export interface RevocationRequest {
  readonly ledger: Digest;
  readonly writ: Digest;
  readonly reason: string;
  readonly by: Signer;
}

/** Signs the revocation of a writ, and with it of every writ below: as its issuer, or a root. */
export function revokeWrit({ ledger, writ, reason, by }: RevocationRequest): Envelope {
  const revocation: Revocation = { v: 1, ledger, writ, reason };
  return sealEnvelope('application/vnd.chancery.revocation+json', revocation, [by]);
}

/** Signs that a writ is given back: as its subject, its issuer or a root. */
export function closeWrit({ ledger, writ, reason, by }: RevocationRequest): Envelope {
  const closing: Closing = { v: 1, ledger, writ, reason };
  return sealEnvelope('application/vnd.chancery.closing+json', closing, [by]);
}
