import { intentDigest, stageNames } from '@chancery/kernel/compiler';
import type { JsonObject } from '@chancery/kernel/encoding';
import type { Body, Draft, SealedEntry } from '@chancery/kernel/ledger';
import {
  ledgerFixture,
  someDigest,
  writeRun,
  type LedgerRecorder,
} from '@chancery/testkit/builders';
import { describe, expect, it } from 'vitest';
import type { Contents } from '../cognition/index.ts';
import { TimelineFold, type TimelineLine } from './index.ts';

const contents: Contents = (content) =>
  'inline' in content ? content.inline : content.blob.digest;

function linesOf(entries: readonly SealedEntry[]): readonly TimelineLine[] {
  const fold = new TimelineFold(contents);
  return entries.map((sealed) => fold.advance(sealed));
}

/** Lines of these entries of a run, each written on its own. */
function linesAfter(...drafts: readonly Pick<Draft, 'kind' | 'body'>[]): readonly TimelineLine[] {
  const fixture = ledgerFixture();
  const written = drafts.flatMap((draft) =>
    fixture.recorder.write({ ...draft, stream: 'run:r1' } as Draft),
  );
  return linesOf(written);
}

const shape = ({ mark, minor, what, detail }: TimelineLine): string =>
  `${minor ? '  ' : ''}${mark} ${what}: ${detail}`;

describe('the timeline of a run', () => {
  it('has a line for each entry, steps on the way marked as such', () => {
    const { recorder } = fixtureWithRun();
    const entries = recorder.entries.filter(({ entry }) => entry.stream === 'run:r1');
    expect(linesOf(entries).map(shape)).toEqual([
      'start run: scripted:mend · sandbox none · branch chancery/r1',
      '  turn turn 1: ',
      '  step model: asked, 2 messages',
      'model model: I write the file. ✍ · 10 tokens',
      '  step fs.write: src/sum.ts',
      '  step fs.write: src/sum.ts → permitted',
      '  step fs.write: src/sum.ts → begins',
      'done fs.write: src/sum.ts → files changed',
      '  step fs.write: /etc/passwd',
      'refused fs.write: /etc/passwd',
      '  turn turn 2: ',
      '  step model: asked, 2 messages',
      'model model: I write the file. ✍ · 10 tokens',
      '  step fs.write: src/package.json',
      'held fs.write: src/package.json',
      'approved fs.write: src/package.json → approved by a human',
      '  step fs.write: src/package.json → begins',
      'done fs.write: src/package.json → files changed',
      'end succeeded: done · nothing changed',
    ]);
  });

  it('says why something was refused, and what to do', () => {
    const { recorder } = fixtureWithRun();
    const entries = recorder.entries.filter(({ entry }) => entry.stream === 'run:r1');
    const lines = linesOf(entries);
    expect(lines.find(({ mark }) => mark === 'refused')?.why).toEqual({
      code: 'args.escapes',
      message: 'it is outside',
      remedy: 'Name a path inside the workspace that leads to no place outside it.',
      rules: [],
    });
    expect(lines.find(({ mark }) => mark === 'held')).toMatchObject({
      action: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
      why: { code: 'held', message: 'src/package.json is protected', rules: ['protected-path'] },
    });
  });

  it('names the rules that stood against it, and no others', () => {
    const [, line] = linesAfter(intent('shell.run', { command: 'git push' }), {
      kind: 'proposal.rejected',
      body: {
        callId: 'c1',
        intent: null,
        trace: passed,
        rules: [
          { id: 'one', level: 'tenant', effect: 'permit' },
          { id: 'two', level: 'tenant', effect: 'forbid' },
          { id: 'three', level: 'tenant', effect: 'shadow' },
        ],
        refusal: {
          code: 'policy.denied',
          message: 'no',
          remedy: 'yes',
          retryable: false,
          details: {},
        },
        nowMs: 1,
      },
    });
    expect(line).toMatchObject({ what: 'shell.run', detail: 'git push', why: { rules: ['two'] } });
  });

  it('tells a gate from a command of the model, and whether it passes', () => {
    const shown = (origin: 'model' | 'gate', exitCode: number) => {
      const action = someDigest(`${origin} ${exitCode}`);
      const { kind, body } = intent('shell.run', { command: 'npm test' });
      const entries = [
        { kind, body: { ...body, origin } },
        { kind: 'proposal.staged', body: { actionDigest: action, action: gateAction } },
        { kind: 'execution.started', body: { action } },
        {
          kind: 'commit',
          body: { action, observation: { inline: { exitCode } }, redactions: 0, delta: [] },
        },
      ];
      const fold = new TimelineFold(contents);
      return entries.map((entry) => {
        const sealed = { entry: { ...entry, seq: 1, at: 1, stream: 'run:r1' } };
        return shape(fold.advance(sealed as unknown as SealedEntry));
      });
    };
    expect(shown('gate', 0)).toEqual([
      '  step gate: npm test',
      '  step gate: npm test → permitted',
      '  step gate: npm test → begins',
      'done gate: npm test → exit 0',
    ]);
    expect(shown('gate', 1).at(-1)).toBe('failed gate: npm test → exit 1');
    expect(shown('model', 1).at(-1)).toBe('done shell.run: npm test → exit 1');
  });

  it('tells what has begun and has no end yet', () => {
    const begunAfter = (...kinds: readonly (readonly [string, object])[]) => {
      const fold = new TimelineFold(contents);
      for (const [index, [kind, body]] of kinds.entries()) {
        const entry = { kind, body, seq: index, at: index * 10, stream: 'run:r1' };
        fold.advance({ entry } as unknown as SealedEntry);
      }
      return fold.begun();
    };
    const action = someDigest('an action');
    const { kind, body } = intent('shell.run', { command: 'npm test' });
    const failure = { class: 'terminal', code: 'c', message: 'm' };
    const began = [
      [kind, body],
      ['proposal.staged', { actionDigest: action, action: gateAction }],
      ['execution.started', { action }],
    ] as const;
    expect(begunAfter(...began)).toEqual([
      { seq: 2, atMs: 20, what: 'shell.run', about: 'npm test', action },
    ]);
    const observed = { observation: { inline: {} }, redactions: 0, delta: [] };
    for (const end of [
      ['commit', { action, ...observed }],
      ['execution.failed', { action, failure }],
      ['execution.in-doubt', { action, reason: 'cut off' }],
    ] as const) {
      expect(begunAfter(...began, end)).toEqual([]);
    }
    const asked = ['model.requested', { messages: 1 }] as const;
    expect(begunAfter(asked)).toEqual([
      { seq: 0, atMs: 0, what: 'model', about: '', action: null },
    ]);
    const answer = { text: { inline: 'a' }, calls: [], cost: { tokens: 0 }, stop: 'end' };
    expect(begunAfter(asked, ['model.responded', answer])).toEqual([]);
    expect(begunAfter(asked, ['model.interrupted', { failure, retryInMs: null }])).toEqual([]);
  });

  it('tells how a model failed, and whether it is asked again', () => {
    const failure = { class: 'retryable', code: 'overloaded', message: 'busy' } as const;
    const call = { turn: 1, attempt: 0, failure, cost: { tokens: 0, costMicrousd: 0 } };
    const lines = linesAfter(
      { kind: 'model.interrupted', body: { ...call, retryInMs: 500 } },
      { kind: 'model.interrupted', body: { ...call, retryInMs: null } },
    );
    expect(lines.map(({ mark, why }) => [mark, why?.code, why?.remedy])).toEqual([
      ['failed', 'overloaded', 'asked again in 500 ms'],
      ['failed', 'overloaded', 'not asked again'],
    ]);
  });

  it('tells of doubt, of the word that ended it, and of an answer without a text', () => {
    const action = someDigest('an action');
    const empty = { inputTokens: 0, cachedInputTokens: 0, outputTokens: 0 };
    const lines = linesAfter(
      { kind: 'execution.in-doubt', body: { action, reason: 'cut off' } },
      {
        kind: 'execution.reconciled',
        body: { action, happened: false, evidence: 'I looked', word: null },
      },
      {
        kind: 'model.responded',
        body: {
          ...{ turn: 1, attempt: 0, text: { inline: '' }, calls: [], stop: 'length' },
          ...{ usage: empty, cost: { tokens: 0, costMicrousd: 0 }, servedBy: 'another' },
        },
      },
    );
    expect(lines.map(shape)).toEqual([
      'doubt :  → cut off',
      'step :  → it did not happen, says the capability: I looked',
      'model model: said nothing (length) · 0 tokens · served by another',
    ]);
  });
});

const verdicts = stageNames.map((stage) => [stage, stage === 'policy' ? 'refuse' : 'pass']);
const passed = Object.fromEntries(verdicts) as Body<'proposal.rejected'>['trace'];

const gateAction = { capability: 'shell.run', normalisedArgs: { inline: { command: 'npm test' } } };

function intent(
  capability: string,
  args: JsonObject,
): Pick<Draft<'intent.proposed'>, 'kind' | 'body'> {
  const proposed = { kind: 'act', capability, args, rationale: '', nonce: 'n' };
  return {
    kind: 'intent.proposed',
    body: {
      ...{ origin: 'model', turn: 1, callId: 'c1' },
      ...{ digest: intentDigest(proposed), nonce: 'n', intent: { inline: proposed } },
    },
  };
}

function fixtureWithRun(): { readonly recorder: LedgerRecorder } {
  const fixture = ledgerFixture();
  writeRun(fixture);
  return fixture;
}
