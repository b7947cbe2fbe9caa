import { objectDigest, type Digest, type Json } from '../encoding/index.ts';

/** Digest over a rule in Cedar's JSON form: what it matches, what it does, and its annotations. */
export function ruleDigest(policy: Json): Digest {
  return objectDigest('policy-rule', policy);
}
