import { refusal, type Refusal } from '../refusal/index.ts';
import { hasStrongSignature, type Certificate } from './certificate.ts';
import { isSignedBy } from './signed-bytes.ts';

/** What stands behind the certificate that a timestamp is signed with. */
export interface Surroundings {
  /** Certificates that came with it; they lead to trust, or to nothing. */
  readonly others: readonly Certificate[];
  /** Authorities that are trusted, whoever signed them. */
  readonly trusted: readonly Certificate[];
  readonly atMs: number;
}

/**
 * Why a signer may not attest this time; undefined where it may. A path of valid authorities leads
 * from its certificate to one that is trusted (RFC 5280, section 6), and its certificate is for
 * timestamps alone (RFC 3161, section 2.3). Revocation is not looked up: it takes a network. What is
 * wrong with its certificate itself is told whoever is trusted; where nobody is, and nothing is wrong,
 * it is `timestamp.unjudged`.
 */
export function distrustOf(signer: Certificate, around: Surroundings): Refusal | undefined {
  const { isForTimeAlone, maySign, isUnderstood } = signer;
  if (!isForTimeAlone) return untrusted('is not for timestamps alone, and critically so');
  if (!maySign) return untrusted('is not for signatures');
  if (!isUnderstood) return untrusted('has a critical extension that is not known');
  if (!hasStrongSignature(signer)) return untrusted('has a signature that is not believed');
  if (!isValid(signer, around.atMs)) return untrusted('was not valid at the time that it attests');
  if (leadsToTrust(signer, around)) return undefined;
  if (around.trusted.length === 0) {
    return refusal('timestamp.unjudged', 'no authority is trusted that could vouch for its signer');
  }
  return untrusted('does not lead to one that is trusted');
}

/** Searched in breadth, so that each certificate is looked at once and by its shortest path. */
function leadsToTrust(signer: Certificate, { others, trusted, atMs }: Surroundings): boolean {
  let unseen = others.filter((other) => other !== signer);
  let reached = [signer];
  for (let between = 0; reached.length > 0; between += 1) {
    const issues = (authority: Certificate): boolean =>
      mayIssue(authority, between, atMs) && reached.some((each) => hasIssued(authority, each));
    if (trusted.some(issues)) return true;
    reached = unseen.filter((other) => hasStrongSignature(other) && issues(other));
    unseen = unseen.filter((each) => !reached.includes(each));
  }
  return false;
}

function mayIssue(authority: Certificate, between: number, atMs: number): boolean {
  const { mayIssue: may, allowsTime, isUnderstood, pathLength } = authority;
  return may && allowsTime && isUnderstood && between <= pathLength && isValid(authority, atMs);
}

function isValid({ validMs }: Certificate, atMs: number): boolean {
  return validMs.from <= atMs && atMs <= validMs.to;
}

/** Names are compared as they are written (RFC 5280 asks issuers to write them alike). */
function hasIssued({ subject, key }: Certificate, { issuer, signed }: Certificate): boolean {
  return subject === issuer && isSignedBy(key, signed);
}

function untrusted(why: string): Refusal {
  return refusal('timestamp.untrusted', `the certificate that signed the timestamp ${why}`);
}
