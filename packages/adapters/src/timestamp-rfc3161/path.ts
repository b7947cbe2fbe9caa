import { refusal, type Refusal } from '@chancery/kernel/refusal';
import { read } from './der.ts';
import { type Certificate } from './certificate.ts';

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
 * timestamps alone (RFC 3161, section 2.3). Revocation is not looked up: it takes a network.
 */
export function distrustOf(signer: Certificate, around: Surroundings): Refusal | undefined {
  const { isForTimeAlone, maySign, isUnderstood } = signer;
  if (!isForTimeAlone) return untrusted('is not for timestamps alone, and critically so');
  if (!maySign) return untrusted('is not for signatures');
  if (!isUnderstood) return untrusted('has a critical extension that is not known');
  if (!signer.hasStrongKey || !signer.hasStrongSignature)
    return untrusted('has a key or a signature that is not believed');
  if (!isValid(signer, around.atMs)) return untrusted('was not valid at the time that it attests');
  if (leadsToTrust(signer, around)) return undefined;
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
    reached = unseen.filter((other) => other.hasStrongSignature && issues(other));
    unseen = unseen.filter((each) => !reached.includes(each));
  }
  return false;
}

function mayIssue(authority: Certificate, between: number, atMs: number): boolean {
  const { mayIssue: may, allowsTime, isUnderstood, hasStrongKey, pathLength } = authority;
  const isFit = may && allowsTime && isUnderstood && hasStrongKey && between <= pathLength;
  return isFit && isValid(authority, atMs);
}

function isValid({ validMs }: Certificate, atMs: number): boolean {
  return validMs.from <= atMs && atMs <= validMs.to;
}

function hasIssued({ x509: authority, key }: Certificate, { x509 }: Certificate): boolean {
  return x509.checkIssued(authority) && read(() => x509.verify(key)) === true;
}

function untrusted(why: string): Refusal {
  return refusal('timestamp.untrusted', `the certificate that signed the timestamp ${why}`);
}
