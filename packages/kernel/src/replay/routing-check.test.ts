import {
  forging,
  ledgerFixture,
  RunStory,
  told,
  writeRun,
  type LedgerFixture,
} from '@chancery/testkit/builders';
import { describe, expect, test } from 'vitest';
import type { Body, Draft } from '../ledger/index.ts';
import { routingEvidenceOf, type RoutingEvidence } from '../routing/index.ts';
import { verifyLedger } from './index.ts';

const evidence = routingEvidenceOf({
  selected: 'fs.write',
  alternatives: ['fs.patch'],
  confidenceBps: 9_000,
  reasons: ['cheapest'],
});
const other = routingEvidenceOf({
  selected: 'fs.patch',
  alternatives: [],
  confidenceBps: 1,
  reasons: [],
});
const forged = { ...evidence, selected: 'fs.patch' };

type Call = Body<'model.responded'>['calls'][number];

/** A run whose first call bears the one, and whose first intent bears the other. */
function borne(
  call: Call['routing'],
  intent: RoutingEvidence | undefined,
  change: Partial<Body<'intent.proposed'>> = {},
): readonly string[] {
  const answers = forging('model.responded', (body) => ({
    ...body,
    calls: body.calls.map((each) => (call === undefined ? each : { ...each, routing: call })),
  }));
  const intents = forging('intent.proposed', (body) =>
    body.callId === 'c1' && intent !== undefined ? { ...body, routing: intent, ...change } : body,
  );
  const edit = (drafts: readonly Draft[]) => intents(answers(drafts));
  const fixture = ledgerFixture({ edit });
  writeRun(fixture);
  return told(fixture);
}

describe('the evidence of a router on the ledger', () => {
  test('is what the call of the answer bore', () => {
    expect(borne(evidence, evidence)).toEqual([]);
  });

  test('is on no intent whose call bore what is none', () => {
    const malformed = { malformed: 'it is not an object' };
    expect(borne(malformed, evidence)).toEqual([
      'routing.forged at intent.proposed',
      'routing.forged at proposal.staged',
    ]);
    expect(borne(malformed, undefined)).toEqual(['routing.forged at proposal.staged']);
  });

  test.each([
    ['was taken away', evidence, undefined],
    ['was added', undefined, evidence],
    ['was exchanged', evidence, other],
  ])('is told where it %s', (_, call, intent) => {
    expect(borne(call, intent)).toEqual(['routing.forged at intent.proposed']);
  });

  test('is told where it says something else than its digest names', () => {
    expect(borne(forged, forged)).toEqual([
      'routing.forged at model.responded',
      'routing.forged at intent.proposed',
    ]);
  });

  test('is given by a program for what no model wants, and by nobody for a gate', () => {
    const asked = (origin: 'human' | 'gate', given: RoutingEvidence) =>
      borne(undefined, given, { origin }).filter((line) => line.startsWith('routing'));
    expect(asked('human', evidence)).toEqual([]);
    expect(asked('human', forged)).toEqual(['routing.forged at intent.proposed']);
    expect(asked('gate', evidence)).toEqual(['routing.forged at intent.proposed']);
  });

  test('is missed in no run of before there was any', () => {
    const before = '6bb429168d66ef0a644605f27919692174710e48888487afb3422dd9a2376e59';
    const fixture = ledgerFixture();
    const story = new RunStory(fixture);
    story.start({ contractDigest: before });
    story.think();
    story.act();
    story.finish();
    expect(told(fixture)).toEqual(['contract.drift at run.started']);
  });

  test('cannot be of another form', () => {
    const { recorder, ledger } = written();
    const at = recorder.entries.findIndex(({ entry }) => entry.kind === 'intent.proposed');
    const stored = recorder.stored.map((entry, index) =>
      index === at
        ? { ...entry, text: entry.text.replace(',"turn":', ',"routing":{},"turn":') }
        : entry,
    );
    const { findings } = verifyLedger(ledger, [stored], recorder.heads);
    expect(findings[0]).toMatchObject({ code: 'entry.unreadable', position: at });
    expect(findings[0]?.message).toContain('/routing/decision is missing');
  });
});

function written(): LedgerFixture {
  const fixture = ledgerFixture();
  writeRun(fixture);
  return fixture;
}
