import { recordText } from '../encoding/index.ts';
import type { Body, Entry } from '../ledger/index.ts';
import { isRoutingSound, type HeardRouting, type RoutingEvidence } from '../routing/index.ts';
import type { RunContext } from './run-context.ts';

/** A call of an answer, and the canonical text of the evidence that it bears; '' where there is none. */
interface Call {
  readonly id: string;
  readonly evidence: string;
  /** Whether what was given as evidence is none, so that it is to be refused. */
  readonly malformed: boolean;
}

/**
 * Of one run: the evidence of a router says what its digest names, and an intent that follows from an
 * answer bears what its call bore there. What the evidence says is compared with nothing else.
 */
export class RoutingCheck {
  /** Of the latest answer. */
  private calls: readonly Call[] = [];
  /** Whether the proposal that comes next can only be a rejection. */
  private refused = false;

  take({ kind, body }: Entry, { tell }: Pick<RunContext, 'tell'>): void {
    if (kind === 'model.responded') {
      this.calls = body.calls.map(callOf);
      const forged = body.calls.find(({ routing }) => !isSound(routing));
      if (forged !== undefined) tell('routing.forged', 'a call bears evidence of another digest');
    } else if (kind === 'intent.proposed') {
      const wrong = this.wrongIn(body);
      if (wrong !== undefined) tell('routing.forged', wrong);
      const called = body.origin === 'model' ? this.called(body.callId) : [];
      this.refused = called.length > 0 && called.every(({ malformed }) => malformed);
    } else if (kind === 'proposal.staged' || kind === 'proposal.suspended') {
      if (this.refused) tell('routing.forged', 'malformed evidence was not refused');
      this.refused = false;
    }
  }

  private wrongIn({ origin, callId, routing }: Body<'intent.proposed'>): string | undefined {
    if (!isSound(routing)) return 'the evidence has another digest';
    if (origin === 'gate' && routing !== undefined) return 'nobody routes a gate';
    if (origin !== 'model') return undefined;
    const borne = this.called(callId).map(({ evidence }) => evidence);
    if ((borne.length === 0 ? [''] : borne).includes(textOf(routing))) return undefined;
    return 'the call that it follows from bears other evidence';
  }

  private called(callId: string): readonly Call[] {
    return this.calls.filter(({ id }) => id === callId);
  }
}

function callOf({ id, routing }: Body<'model.responded'>['calls'][number]): Call {
  const malformed = routing !== undefined && 'malformed' in routing;
  return { id, evidence: textOf(routing), malformed };
}

function isSound(routing: HeardRouting | undefined): boolean {
  const evidence = evidenceIn(routing);
  return evidence === undefined || isRoutingSound(evidence);
}

/** What was malformed is no evidence: its intent bears none. */
function evidenceIn(routing: HeardRouting | undefined): RoutingEvidence | undefined {
  return routing === undefined || 'malformed' in routing ? undefined : routing;
}

function textOf(routing: HeardRouting | undefined): string {
  const evidence = evidenceIn(routing);
  return evidence === undefined ? '' : recordText(evidence);
}
