import { digest, envelope, object } from '../schema.ts';

/** Kinds of the streams `policy` and `control`. */
export const policyKinds = {
  'policy.activated': object({
    level: { enum: ['organisation', 'tenant', 'repository', 'run'] },
    /** The bundle. */
    envelope,
    /** That it decides in this ledger, from this place on. */
    activation: envelope,
    bundle: digest,
    /** Digest of the set of all active bundles, this one included. */
    policySet: digest,
  }),
  'control.engaged': object({ envelope }),
  'control.cleared': object({ envelope }),
} as const;
