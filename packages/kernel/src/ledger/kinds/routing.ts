import { array, count, digest, object, text } from '../schema.ts';

/**
 * Name of a model, an agent, a tool or a plan of a router, or the mark of what was redacted in its
 * place. No blank, no quote, no first slash: a name, and neither a sentence nor a path of this machine.
 */
const name = {
  type: 'string',
  pattern: '^(?:[A-Za-z0-9][A-Za-z0-9._:/@+-]{0,95}|\\[redacted:[a-z0-9-]{1,32}\\])$',
} as const;

/** A word of the router's own vocabulary; never a sentence. */
const reasonCode = { type: 'string', pattern: '^[a-z](?:[a-z0-9-]{0,30}[a-z0-9])?$' } as const;

/**
 * What a router says of its choice, beside the proposal that came of it and in no digest of that.
 * `decision` is the digest of everything else in it, see the room routing.
 */
export const routingEvidence = object(
  {
    decision: digest,
    /** The router's own number for it, so that two equal choices have two digests. */
    serial: count,
    selected: name,
    alternatives: { ...array(name), maxItems: 8 },
    /** In hundredths of a percent. */
    confidenceBps: { type: 'integer', minimum: 0, maximum: 10_000 },
    reasons: { ...array(reasonCode), maxItems: 8 },
    latencyEstimateMs: count,
    costEstimateMicrousd: count,
    /** What is to be taken where the choice fails, and why that. */
    fallback: object({ selected: name, reason: reasonCode }),
  },
  ['serial', 'latencyEstimateMs', 'costEstimateMicrousd', 'fallback'],
);

/** Evidence, or why what was given as such is none. */
export const routingHeard = {
  anyOf: [routingEvidence, object({ malformed: { ...text, maxLength: 200 } })],
} as const;
