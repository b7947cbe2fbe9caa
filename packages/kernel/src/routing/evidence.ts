import { objectDigest, type Digest } from '../encoding/index.ts';
import { checkRouting, type Body } from '../ledger/index.ts';
import { done, refused, type Result } from '../refusal/index.ts';

/**
 * What a router says of how it came to a proposal. It stands beside the intent and the action, is in
 * no digest of either, and nothing that decides may read it.
 */
export type RoutingEvidence = NonNullable<Body<'intent.proposed'>['routing']>;

/** What of a choice its digest is taken of. */
export type RoutingChoice = Omit<RoutingEvidence, 'decision'>;

/** Evidence as an answer records it: what a router says, or why it is none. */
export type HeardRouting = NonNullable<Body<'model.responded'>['calls'][number]['routing']>;

/** Names a choice: SHA-256 of `chancery:routing-decision:v1\n` and its canonical text. */
export function routingDecision(choice: RoutingChoice): Digest {
  return objectDigest('routing-decision', choice);
}

/** Evidence of a choice, named by its digest. */
export function routingEvidenceOf(choice: RoutingChoice): RoutingEvidence {
  return { decision: routingDecision(choice), ...choice };
}

/** What the evidence says, without its digest. */
export function choiceOf(evidence: RoutingEvidence): RoutingChoice {
  const members = Object.entries(evidence).filter(([name]) => name !== 'decision');
  return Object.fromEntries(members) as RoutingChoice;
}

/** Whether evidence is named by the digest of what it says. */
export function isRoutingSound(evidence: RoutingEvidence): boolean {
  return routingDecision(choiceOf(evidence)) === evidence.decision;
}

/**
 * Evidence in a value that is not trusted. Refuses `routing.malformed`, naming the place, and repeats
 * nothing of the value.
 */
export function readRouting(value: unknown): Result<RoutingEvidence> {
  const wrong = checkRouting(value)?.replace(
    /\/[^/]*( is not a member)$/,
    ' has a member that is not documented',
  );
  if (wrong !== undefined) {
    return refused(
      'routing.malformed',
      `the evidence: ${wrong.startsWith('/') ? '' : 'it'}${wrong}`,
    );
  }
  const evidence = value as RoutingEvidence;
  if (isRoutingSound(evidence)) return done(evidence);
  return refused('routing.malformed', 'the evidence: /decision is not the digest of the rest');
}
