import {
  forging,
  ledgerFixture,
  RunStory,
  someDigest,
  told,
  type LedgerFixture,
} from '@chancery/testkit/builders';
import { describe, expect, test } from 'vitest';
import { bytesDigest, type Digest, type Json } from '../encoding/index.ts';
import type { Body } from '../ledger/index.ts';
import { verifyLedger } from './verify.ts';

type Gates = Body<'run.finished'>['gates'];

const commands = ['npm test', 'npm run lint'] as const;

interface Forgery {
  /** What the gates print. */
  readonly output?: Json;
  readonly told?: (gates: Gates) => Gates;
  readonly outcome?: 'succeeded' | 'failed';
  readonly after?: (story: RunStory) => void;
}

/** A run that acts, runs its gates, and tells of them as it is said. */
function gated(fixture: LedgerFixture, forgery: Forgery = {}): LedgerFixture {
  const { output = { exitCode: 0 }, outcome = 'succeeded', after } = forgery;
  const story = new RunStory(fixture);
  story.start({ gates: commands });
  story.act();
  const gates = commands.map((command) => {
    const action = story.gate(command, { inline: output });
    return { command, action, exitCode: 0, passed: true };
  });
  after?.(story);
  story.finish({ outcome, gates: forgery.told?.(gates) ?? gates });
  return fixture;
}

function found(forgery: Forgery): readonly string[] {
  return told(gated(ledgerFixture(), forgery));
}

const misstated = ['run.misstated at run.finished'];

describe('the gates that the end of a run tells of', () => {
  test('are those that it began with and that it ran', () => {
    expect(found({})).toEqual([]);
  });

  test('may be fewer, or not pass, in a run that did not succeed', () => {
    const first = (gates: Gates): Gates =>
      gates.slice(0, 1).map((gate) => ({ ...gate, exitCode: 2, passed: false }));
    expect(found({ output: { exitCode: 2 }, outcome: 'failed', told: first })).toEqual([]);
  });

  test('have the exit code -1 where the observation tells none', () => {
    const killed = (gates: Gates): Gates =>
      gates.map((gate) => ({ ...gate, exitCode: -1, passed: false }));
    const output = { exitCode: null };
    expect(found({ output, outcome: 'failed', told: killed })).toEqual([]);
  });

  test.each<readonly [string, Forgery]>([
    ['none of them', { told: () => [] }],
    ['one too few', { told: (gates) => gates.slice(0, 1) }],
    ['one too many', { told: (gates) => [...gates, ...gates.slice(0, 1)] }],
    ['another order', { told: (gates) => gates.toReversed() }],
    ['another command', { told: (gates) => gates.map((gate) => ({ ...gate, command: 'true' })) }],
    [
      'the action of another gate',
      { told: (gates) => gates.map((gate) => ({ ...gate, action: gates[0]?.action ?? '' })) },
    ],
    [
      'an action that nobody ran',
      { told: (gates) => gates.map((gate) => ({ ...gate, action: someDigest('none') })) },
    ],
    ['an exit code that was another', { output: { exitCode: 1 } }],
    ['a pass where there was no exit code', { output: { exitCode: null } }],
    [
      'a pass in spite of its exit code',
      {
        output: { exitCode: 1 },
        told: (gates) => gates.map((gate) => ({ ...gate, exitCode: 1 })),
      },
    ],
    [
      'success although one did not pass',
      {
        output: { exitCode: 1 },
        told: (gates) => gates.map((gate) => ({ ...gate, exitCode: 1, passed: false })),
      },
    ],
    ['a pass of files that were changed since', { after: (story) => story.act() }],
  ])('are a finding when they tell %s', (_what, forgery) => {
    expect(found(forgery)).toEqual(misstated);
  });

  test('are no gates when the model ran the command', () => {
    const edit = forging('intent.proposed', (body) => ({ ...body, origin: 'model' }));
    const found = told(gated(ledgerFixture({ edit })));
    expect(found.filter((each) => !each.startsWith('cause.'))).toEqual(misstated);
  });

  test('may have been refused, or have failed', () => {
    const fixture = ledgerFixture({
      edit: (drafts) =>
        drafts.map((draft) => {
          if (draft.kind !== 'commit' || 'inline' in draft.body.observation) return draft;
          const { action, cost } = draft.body;
          const failure = { class: 'terminal', code: 'timeout', message: '' } as const;
          const body = { action, failure, redactions: 0, delta: [], cost };
          return { ...draft, kind: 'execution.failed', body };
        }),
    });
    const story = new RunStory(fixture);
    story.start({ gates: commands });
    const failed = story.gate(commands[0], { blob: blobOf('') });
    const refused = story.refuseGate(commands[1]);
    const ends = [failed, refused].map((action, index) => {
      return { command: commands[index] ?? '', action, exitCode: -1, passed: false };
    });
    story.finish({ outcome: 'failed', gates: ends });
    expect(told(fixture)).toEqual([]);
  });
});

function blobOf(text: string): { digest: Digest; bytes: number; mediaType: string } {
  return { digest: bytesDigest(text), bytes: text.length, mediaType: 'application/json' };
}

describe('the output of a gate that stands outside its entry', () => {
  const text = '{"exitCode":1}';

  function verified(blob: Uint8Array | undefined, exitCode: number) {
    const fixture = ledgerFixture();
    const { recorder, ledger } = fixture;
    const story = new RunStory(fixture);
    story.start({ gates: ['npm test'] });
    const action = story.gate('npm test', { blob: blobOf(text) });
    const passed = exitCode === 0;
    const gates = [{ command: 'npm test', action, exitCode, passed }];
    story.finish({ outcome: passed ? 'succeeded' : 'failed', gates });
    const blobs = () => blob;
    const { ok, findings } = verifyLedger(ledger, [recorder.stored], recorder.heads, { blobs });
    return { ok, codes: findings.map(({ code }) => code) };
  }

  test('is compared where it is given', () => {
    const bytes = new TextEncoder().encode(text);
    expect([verified(bytes, 1), verified(bytes, 0)]).toEqual([
      { ok: true, codes: [] },
      { ok: false, codes: ['run.misstated'] },
    ]);
  });

  test('is drift where it is not given, or is another', () => {
    const unread = { ok: true, codes: ['gate.unread'] };
    const bytes = new TextEncoder().encode('{"exitCode":0}');
    expect([verified(undefined, 0), verified(bytes, 0)]).toEqual([unread, unread]);
  });
});

describe('a gate whose intent cannot be read', () => {
  test('is not known to be the one that it is told as, which is drift', () => {
    const fixture = ledgerFixture();
    const kept = new Map<Digest, Uint8Array>();
    const story = new RunStory(fixture, 'r1', fixture.writ, kept);
    story.start({ gates: ['npm test'] });
    const action = story.gate('npm test', { inline: { exitCode: 0 } });
    const gates = [{ command: 'npm test', action, exitCode: 0, passed: true }];
    story.finish({ outcome: 'succeeded', gates });
    expect(told(fixture, (digest) => kept.get(digest))).toEqual([]);
    expect(told(fixture)).toEqual([
      'content.unread at intent.proposed',
      'content.unread at proposal.staged',
      'gate.unread at run.finished',
    ]);
  });
});
