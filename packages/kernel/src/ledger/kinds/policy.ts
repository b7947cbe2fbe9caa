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
  /** A bundle that decides nothing before who may sign policies activates it. */
  'policy.proposed': object({
    /** The bundle. */
    envelope,
    /** What it is proposed for, in this ledger, at this place. */
    proposal: envelope,
    bundle: digest,
  }),
  'policy.proposal-withdrawn': object({ envelope }),
  /** Whom a request on a channel asks, signed as an activation is. */
  'channel.defined': object({ envelope }),
  'channel.removed': object({ envelope }),
  /** What models cost, from when on, signed as an activation is. */
  'prices.declared': object({ envelope }),
  /** A capability as data, signed as an activation is; and that it is offered no more. */
  'capability.declared': object({ envelope }),
  'capability.retired': object({ envelope }),
  /** What is known of programs besides what is built in, signed as an activation is; and of one no more. */
  'programs.declared': object({ envelope }),
  'programs.retired': object({ envelope }),
  'control.engaged': object({ envelope }),
  'control.cleared': object({ envelope }),
} as const;
