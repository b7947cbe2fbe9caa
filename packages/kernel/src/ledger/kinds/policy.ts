import { digest, envelope, keyId, nullable, object, text } from '../schema.ts';

/** Kinds of the streams `policy` and `control`. */
export const policyKinds = {
  'policy.activated': object({
    level: { enum: ['organisation', 'tenant', 'repository', 'run'] },
    envelope,
    bundle: digest,
    /** Digest of the set of all active bundles, this one included. */
    policySet: digest,
  }),
  'control.engaged': object({
    scope: { enum: ['all', 'run'] },
    run: nullable(text),
    mode: { enum: ['kill'] },
    reason: text,
    by: keyId,
  }),
} as const;
