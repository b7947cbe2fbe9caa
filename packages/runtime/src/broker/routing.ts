import { intentDigest, parseIntent, stageNames, type Trace } from '@chancery/kernel/compiler';
import { recordText, type Json } from '@chancery/kernel/encoding';
import type { Body } from '@chancery/kernel/ledger';
import { refusal, type Refusal } from '@chancery/kernel/refusal';
import {
  choiceOf,
  readRouting,
  routingEvidenceOf,
  type HeardRouting,
  type RoutingEvidence,
} from '@chancery/kernel/routing';
import type { Redactor } from '../redaction/index.ts';

/**
 * What a router says of how it came to an intent: as it is given from outside, trusted for nothing, or
 * as the answer that the intent follows from has it on the ledger.
 */
export type GivenRouting =
  | { readonly from: 'outside'; readonly value: unknown }
  | { readonly from: 'ledger'; readonly value: HeardRouting };

/** Characters of what is said against evidence. */
const whyChars = 200;

/** What is recorded of evidence: its form checked, without secrets; or why it is none. */
export function hearRouting(value: unknown, redactor: Redactor): HeardRouting {
  const read = readRouting(value);
  if (!read.ok) return malformed(read.refusal.message, redactor);
  const { serial, latencyEstimateMs, costEstimateMicrousd } = read.value;
  const numbers = [serial, latencyEstimateMs, costEstimateMicrousd].map(String);
  // A number has no place for a mark.
  if (numbers.some((number) => redactor.findSecret(number) !== undefined)) {
    return malformed('the evidence: a number of it shows a secret', redactor);
  }
  return withoutSecrets(read.value, redactor);
}

function malformed(why: string, redactor: Redactor): HeardRouting {
  return { malformed: redactor.redactText(why).value.slice(0, whyChars).toWellFormed() };
}

/** A copy that is named by the digest of what is kept: that of what was taken out would tell of it. */
function withoutSecrets(evidence: RoutingEvidence, { findSecret }: Redactor): RoutingEvidence {
  const { selected, alternatives, reasons, fallback, ...numbers } = choiceOf(evidence);
  const name = (text: string): string => {
    const kind = findSecret(text);
    return kind === undefined ? text : `[redacted:${kind}]`;
  };
  const code = (text: string): string => (findSecret(text) === undefined ? text : 'redacted');
  const instead = fallback && { selected: name(fallback.selected), reason: code(fallback.reason) };
  return routingEvidenceOf({
    ...numbers,
    selected: name(selected),
    alternatives: alternatives.map(name),
    reasons: reasons.map(code),
    ...(instead === undefined ? {} : { fallback: instead }),
  });
}

/** Bytes that the evidence of one answer may take: its entry has 65,535, and says more than that. */
const answerBytes = 16 * 1024;

/** Hears the evidence of the calls of one answer, in order, as far as its entry has room. */
export function answerRouting(redactor: Redactor): (value: unknown) => HeardRouting {
  let left = answerBytes;
  return (value) => {
    const heard = hearRouting(value, redactor);
    // All its texts are ASCII, but for what is said against it.
    left -= 'malformed' in heard ? whyChars : recordText(heard).length;
    return left < 0 ? { malformed: 'an answer has no room for so much evidence' } : heard;
  };
}

const unreached = Object.fromEntries(stageNames.map((name) => [name, 'unreached'])) as Trace;

/** The proposal of an intent whose evidence is none: refused before any stage has seen the intent. */
export function misrouted(
  { callId, intent }: { readonly callId: string; readonly intent: Json },
  why: string,
  nowMs: number,
): { readonly body: Body<'proposal.rejected'>; readonly refusal: Refusal } {
  const parsed = parseIntent(intent);
  const refused = refusal('routing.malformed', why);
  const body = {
    ...{ callId, nowMs, refusal: refused, rules: [], trace: unreached },
    intent: parsed.ok ? intentDigest(parsed.value) : null,
  };
  return { body, refusal: refused };
}
