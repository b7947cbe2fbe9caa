import { count, digest, envelope, object, text } from '../schema.ts';

/** An envelope within the entry, or a reference to the blob of its canonical text when it is large. */
const bundleEnvelope = {
  anyOf: [envelope, object({ blob: object({ digest, bytes: count, mediaType: text }) })],
} as const;

const level = { enum: ['organisation', 'tenant', 'repository', 'run'] } as const;

/** Kinds of the streams `policy` and `control`. */
export const policyKinds = {
  'policy.activated': object({
    level,
    /** The bundle. */
    envelope: bundleEnvelope,
    /** That it decides in this ledger, from this place on. */
    activation: envelope,
    bundle: digest,
    /** Digest of the set of all active bundles, this one included. */
    policySet: digest,
  }),
  'policy.retired': object({
    level,
    name: text,
    bundle: digest,
    envelope,
    /** Digest of the set of the bundles that stay active. */
    policySet: digest,
  }),
  'control.engaged': object({ envelope }),
  'control.cleared': object({ envelope }),
} as const;
