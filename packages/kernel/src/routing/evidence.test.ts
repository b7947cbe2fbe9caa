import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { recordText } from '../encoding/index.ts';
import {
  choiceOf,
  isRoutingSound,
  readRouting,
  routingDecision,
  routingEvidenceOf,
  type RoutingChoice,
} from './index.ts';

const choice: RoutingChoice = {
  serial: 7,
  selected: 'anthropic:claude-sonnet-4-5',
  alternatives: ['openai:gpt-5', 'local/llama-3.3@q4+lora'],
  confidenceBps: 8_250,
  reasons: ['cheapest', 'fits-context'],
  latencyEstimateMs: 900,
  costEstimateMicrousd: 1_200,
  fallback: { selected: 'openai:gpt-5', reason: 'overloaded' },
};
const least: RoutingChoice = { selected: 'a', alternatives: [], confidenceBps: 0, reasons: [] };

describe('the evidence of a router', () => {
  test.each([choice, least])('is taken as it is given: %o', (each) => {
    const evidence = routingEvidenceOf(each);
    expect(readRouting(evidence)).toEqual({ ok: true, value: evidence });
    expect(choiceOf(evidence)).toEqual(each);
    expect(isRoutingSound(evidence)).toBe(true);
  });

  test('is named by SHA-256 of its type and the canonical text of the rest', () => {
    const hash = createHash('sha256').update('chancery:routing-decision:v1\n');
    expect(routingDecision(choice)).toBe(hash.update(recordText(choice)).digest('hex'));
  });

  test.each<[what: string, change: object, place: string]>([
    ['another choice', { selected: 'another' }, '/decision is not the digest of the rest'],
    ['a digest of nothing', { decision: 'f'.repeat(64) }, '/decision is not the digest'],
    ['no digest', { decision: 'x' }, '/decision is not of the form'],
    ['no choice', { selected: undefined }, '/selected is missing'],
    ['a sentence', { selected: 'delete all of it' }, '/selected is not of the form'],
    ['a path from the root', { selected: '/etc/passwd' }, '/selected is not of the form'],
    ['a choice of nothing', { selected: '' }, '/selected is not of the form'],
    ['a long name', { selected: 'a'.repeat(97) }, '/selected is not of the form'],
    ['a name of two lines', { selected: 'a\nb' }, '/selected is not of the form'],
    ['other letters', { alternatives: ['modèle'] }, '/alternatives/0 is not of the form'],
    ['many others', { alternatives: Array(9).fill('a') }, '/alternatives is not an array'],
    ['a fraction', { confidenceBps: 0.5 }, '/confidenceBps is not an integer'],
    ['more than certain', { confidenceBps: 10_001 }, '/confidenceBps is not an integer'],
    ['less than nothing', { confidenceBps: -1 }, '/confidenceBps is not an integer'],
    ['a number as text', { confidenceBps: '5' }, '/confidenceBps is not an integer'],
    ['a reason in words', { reasons: ['it is the best'] }, '/reasons/0 is not of the form'],
    ['a long reason', { reasons: ['a'.repeat(33)] }, '/reasons/0 is not of the form'],
    ['many reasons', { reasons: Array(9).fill('a') }, '/reasons is not an array'],
    ['a time that is none', { latencyEstimateMs: NaN }, '/latencyEstimateMs is not an integer'],
    ['endless costs', { costEstimateMicrousd: 2 ** 53 }, '/costEstimateMicrousd is not an'],
    ['a fallback without a reason', { fallback: { selected: 'a' } }, '/fallback/reason is missing'],
    ['a member more', { approved: true }, 'it has a member that is not documented'],
    [
      'a fallback with more',
      { fallback: { selected: 'a', reason: 'b', '/w\n': '' } },
      '/fallback has a member that is not documented',
    ],
  ])('with %s is refused, and the place is named', (_, change, place) => {
    const evidence = { ...routingEvidenceOf(choice), ...change };
    const read = readRouting(evidence);
    expect(read).toMatchObject({ ok: false, refusal: { code: 'routing.malformed' } });
    expect(read.ok ? '' : read.refusal.message).toContain(`the evidence: ${place}`);
    expect(read.ok ? '' : read.refusal.remedy).not.toBe('');
  });

  test.each([null, 'a', 7, [], true, undefined])('is no %o', (value) => {
    expect(readRouting(value)).toMatchObject({
      ok: false,
      refusal: { code: 'routing.malformed', message: 'the evidence: it is not an object' },
    });
  });
});
