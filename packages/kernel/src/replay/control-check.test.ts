import {
  engageOn,
  forging,
  halt,
  ledgerFixture,
  people,
  RunStory,
  someDigest,
  told,
  writeRun,
  type FixtureOptions,
  type LedgerFixture,
} from '@chancery/testkit/builders';
import { describe, expect, test } from 'vitest';
import { clear, engage, type ControlMode, type ControlScope } from '../control/index.ts';
import { isJsonObject, type Envelope, type Signer } from '../encoding/index.ts';
import type { Body } from '../ledger/index.ts';
import { assert } from '../refusal/index.ts';

const { approver, agent, root } = people;
const ignored = ['control.ignored at proposal.staged', 'control.ignored at proposal.suspended'];
const invalid = 'control.invalid at control.engaged';

/** What is told of a run after a control was engaged, signed with these changes. */
function engaged(
  change: object,
  signer: Signer = approver,
  author: Signer = signer,
): readonly string[] {
  const fixture = ledgerFixture();
  const { ledger, recorder } = fixture;
  const whole = { ledger, after: ledger, scope: 'all', run: null, mode: 'kill' } as const;
  const forged = { ...whole, reason: 'stop', ...change } as typeof whole & { reason: string };
  const envelope = engage(forged, signer);
  recorder.writeBy(author.id, { stream: 'control', kind: 'control.engaged', body: { envelope } });
  writeRun(fixture);
  return told(fixture);
}

/** What is told of a run after a control was engaged, and then cleared. */
function cleared(by: Signer, change: object = {}, times = 1): readonly string[] {
  const fixture = ledgerFixture();
  const { ledger, recorder } = fixture;
  const first = halt(fixture, null);
  for (let time = 0; time < times; time += 1) {
    const after = recorder.heads.get('control')?.digest ?? ledger;
    const envelope = clear({ ledger, after, engaged: first, reason: 'over', ...change }, by);
    const body = { envelope };
    recorder.writeBy(by.id, { stream: 'control', kind: 'control.cleared', body, cause: first });
  }
  writeRun(fixture);
  return told(fixture);
}

/** What a control can be about: four that concern the run of the fixture, and two that do not. */
const scopes: readonly ((on: LedgerFixture) => ControlScope)[] = [
  () => ({ scope: 'all', run: null }),
  () => ({ scope: 'run', run: 'r1' }),
  ({ writ }) => ({ scope: 'writ', run: null, writ: writ.id }),
  ({ above }) => ({ scope: 'writ', run: null, writ: above.id }),
  () => ({ scope: 'run', run: 'r2' }),
  () => ({ scope: 'writ', run: null, writ: someDigest('another writ') }),
];

/** What is told of a run that went on although a control was engaged. */
function underHalt(
  of: (on: LedgerFixture) => ControlScope,
  mode: ControlMode,
  options: FixtureOptions = {},
): readonly string[] {
  const fixture = ledgerFixture(options);
  engageOn(fixture, of(fixture), mode);
  writeRun(fixture);
  return told(fixture);
}

describe('a control', () => {
  test('halts all runs, or the one that it names, when a human has signed it', () => {
    expect([
      engaged({}),
      engaged({}, root),
      engaged({ scope: 'run', run: 'r1' }),
      engaged({ scope: 'run', run: 'r2' }),
    ]).toEqual([ignored, ignored, ignored, []]);
  });

  test('halts nothing, and is told, when its signature or what it names is not right', () => {
    const other = someDigest('another');
    expect([
      engaged({}, agent),
      engaged({}, approver, root),
      engaged({ ledger: other }),
      engaged({ after: other }),
      engaged({ scope: 'all', run: 'r1' }),
      engaged({ scope: 'run', run: null }),
    ]).toEqual([[invalid], [invalid], [invalid], [invalid], [invalid], [invalid]]);
  });

  test('halts nothing, and is told, where its scope or its mode is none that this version knows', () => {
    const writ = someDigest('a writ');
    const wrong = [
      { scope: 'plan' },
      { scope: 'plan', plan: '' },
      { scope: 'plan', run: 'r1', plan: 'p1' },
      { scope: 'tenant', tenant: 't1' },
      { scope: 'toString' },
      { scope: 'writ' },
      { scope: 'writ', writ: 'r1' },
      { scope: 'writ', run: 'r1', writ },
      { scope: 'all', writ },
      { mode: 'pause' },
    ];
    expect(wrong.map((change) => engaged(change))).toEqual(wrong.map(() => [invalid]));
  });

  test.each<readonly [ControlMode]>([['kill'], ['soft'], ['lockdown']])(
    '%s of all, of a run, of a writ and of one above it is told where an action went on',
    (mode) => {
      expect(scopes.map((of) => underHalt(of, mode))).toEqual([
        ...[ignored, ignored, ignored, ignored],
        ...[[], []],
      ]);
    },
  );

  test('lets what only looks go on under a lockdown, and under nothing else', () => {
    /** A capability that changes nothing by itself, whose calls have this effect. */
    const having = (
      effect: 'read' | 'write',
      body: Body<'proposal.staged' | 'proposal.suspended'>,
    ) => {
      const { question } = body;
      const asked = question !== undefined && 'inline' in question && question.inline;
      assert(isJsonObject(asked) && isJsonObject(asked['context']), 'a question is recorded');
      assert(isJsonObject(asked['capability']), 'it is about a capability');
      const looks = effect === 'read' ? { protectedFile: false } : {};
      const effects = ['pure', effect] as const;
      const context = { ...asked['context'], effect, effects, ...looks };
      const capability = { ...asked['capability'], effect: 'pure' };
      const holds = effect === 'read' ? [] : (asked['holds'] ?? []);
      return { ...body, effects, question: { inline: { ...asked, capability, context, holds } } };
    };
    const staged = forging('proposal.staged', (body) => having('read', body));
    const suspended = forging('proposal.suspended', (body) => having('write', body));
    const edit: FixtureOptions['edit'] = (drafts) => suspended(staged(drafts));
    const [held] = ['control.ignored at proposal.suspended'];
    const all = () => ({ scope: 'all', run: null }) as const;
    // The held action is staged once more when it is released, and then only looks, too.
    expect(underHalt(all, 'lockdown', { edit })).toEqual([held]);
    expect(underHalt(all, 'soft', { edit })).toEqual(ignored);
    expect(underHalt(all, 'kill', { edit })).toEqual(ignored);
  });

  test('of a plan is told where an action of its runs went on, and of no other', () => {
    const found = (plan: string | undefined) => {
      const fixture = ledgerFixture();
      engageOn(fixture, { scope: 'plan', run: null, plan: 'release' }, 'soft');
      const story = new RunStory(fixture);
      story.start(plan === undefined ? {} : { plan });
      story.act();
      return told(fixture);
    };
    expect([found('release'), found('another'), found(undefined)]).toEqual([
      ...[['control.ignored at proposal.staged'], [], []],
    ]);
  });

  test('is cleared by a human, once', () => {
    expect([cleared(approver), cleared(root)]).toEqual([[], []]);
    expect(cleared(approver, {}, 2)).toEqual(['control.invalid at control.cleared']);
  });

  test('is not cleared by the agent, elsewhere, or by the words that engage one', () => {
    const wrong = ['control.invalid at control.cleared', ...ignored];
    expect([
      cleared(agent),
      cleared(approver, { ledger: someDigest('another') }),
      cleared(approver, { after: someDigest('another') }),
      cleared(approver, { engaged: someDigest('another') }),
      cleared(approver, { control: 'engage' }),
      cleared(approver, { more: 1 }),
    ]).toEqual([wrong, wrong, wrong, wrong, [], wrong]);
  });

  test('does not halt a second time by the envelope of the first', () => {
    const fixture = ledgerFixture();
    const { ledger, recorder } = fixture;
    const first = halt(fixture, null);
    const after = recorder.heads.get('control')?.digest ?? ledger;
    const over = clear({ ledger, after, engaged: first, reason: 'over' }, approver);
    const write = (kind: 'control.engaged' | 'control.cleared', envelope: Envelope) => {
      const cause = kind === 'control.cleared' ? first : null;
      recorder.writeBy(approver.id, { stream: 'control', kind, body: { envelope }, cause });
    };
    write('control.cleared', over);
    const again = recorder.entries.find(({ digest }) => digest === first)?.entry;
    if (again?.kind !== 'control.engaged') throw new Error('a control is engaged');
    write('control.engaged', again.body.envelope);
    writeRun(fixture);
    expect(told(fixture)).toEqual([invalid]);
  });
});
