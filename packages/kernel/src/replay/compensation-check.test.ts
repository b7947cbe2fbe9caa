import { describe, expect, test } from 'vitest';
import {
  anotherWrit,
  ledgerFixture,
  FollowingStory,
  RunStory,
  told as toldOf,
  undoArgs,
  type LedgerFixture,
} from '@chancery/testkit/builders';
import type { Digest } from '../encoding/index.ts';
import { catalogueDigest, contractsWithoutPlans, type Body } from '../ledger/index.ts';
import { undoPlanDigest } from './undo-plan.ts';

interface Scene {
  readonly fixture: LedgerFixture;
  readonly undoing: FollowingStory;
  /** Entries of the other run that are commits, in order. */
  readonly commits: readonly number[];
}

/** A run of two actions that has ended, and one that is to undo what it did after its start. */
function scene(started: Partial<Body<'run.started'>> = {}, seq?: number): Scene {
  const fixture = ledgerFixture();
  const source = new RunStory(fixture);
  source.start();
  source.think();
  source.act();
  source.act('src/two.ts');
  source.finish();
  const last = fixture.recorder.heads.get(source.stream)?.seq ?? 0;
  const commits = fixture.recorder.entries.flatMap(({ entry }) =>
    entry.stream === source.stream && entry.kind === 'commit' ? [entry.seq] : [],
  );
  const undoing = new FollowingStory(fixture, 'r2', anotherWrit(fixture));
  const agent = { kind: 'rollback', model: 'none', why: 'a test' } as const;
  undoing.branch(source.stream, seq ?? last, {
    started: { agent, rollback: { to: 0 }, contractDigest: before, ...started },
  });
  return { fixture, undoing, commits };
}

/** A contract of before the plan was named that was agreed to: so a plan is tried for itself. */
const before = contractsWithoutPlans.at(-1) ?? '';

/** What is told besides that. */
const told = (fixture: LedgerFixture): readonly string[] =>
  toldOf(fixture).filter((line) => line !== 'contract.drift at run.started');

const begun = 'compensation.misstated at run.started';
const planned = 'compensation.misstated at compensation.planned';
const committed = 'compensation.misstated at commit';

describe('a run that undoes another', () => {
  test('does what its plan says, step by step, and tells how much it did', () => {
    const { fixture, undoing, commits } = scene();
    const [first = 0, second = 0] = commits;
    undoing.plan([[second], [first]]);
    undoing.undo(0, [second]);
    undoing.undo(1, [first]);
    undoing.conclude(2, 0);
    undoing.finish();
    expect(told(fixture)).toEqual([]);
  });

  test.each([
    ['the agreed plan', true, []],
    ['another plan', false, [planned]],
  ] as const)('records %s', (_, isAgreed, found) => {
    const steps = [[11], [7]];
    const args = steps.map((_commits, index) => undoArgs(index));
    const agreed = steps.map((commits, index) => ({
      ...{ commits, capability: 'fs.write', args: args[index] ?? {} },
    }));
    const undoing = undoPlanDigest({ steps: isAgreed ? agreed : agreed.toReversed(), lasting: [] });
    const on = scene({ rollback: { to: 0, undoing }, contractDigest: catalogueDigest });
    expect(on.commits.toReversed()).toEqual(steps.flat());
    on.undoing.plan(steps);
    on.undoing.undo(0, [11]);
    on.undoing.undo(1, [7]);
    on.undoing.conclude(2, 0);
    on.undoing.finish();
    expect(toldOf(on.fixture)).toEqual(found);
  });

  test('may leave steps undone, if it says so and fails', () => {
    const { fixture, undoing, commits } = scene();
    undoing.plan(commits.map((seq) => [seq]));
    undoing.undo(0, commits.slice(0, 1));
    undoing.conclude(1, 1);
    undoing.finish({ outcome: 'failed' });
    expect(told(fixture)).toEqual([]);
  });

  test.each<readonly [string, (commits: readonly number[]) => readonly (readonly number[])[]]>([
    ['what is no commit', () => [[2]]],
    ['what is behind the end', () => [[99]]],
    ['the same twice', ([first = 0]) => [[first], [first]]],
  ])('plans to undo no entry that is %s', (_, steps) => {
    const { fixture, undoing, commits } = scene();
    undoing.plan(steps(commits));
    expect(told(fixture)).toEqual([planned]);
  });

  test('says of nothing that it stays which is no effect', () => {
    const { fixture, undoing } = scene();
    undoing.plan([], [{ entry: 1, capability: 'shell.run' }]);
    expect(told(fixture)).toEqual([planned]);
  });

  test('undoes nothing that is behind the entry that it goes on from', () => {
    const [first = 0, second = 0] = scene().commits;
    const { fixture, undoing } = scene({}, first);
    undoing.plan([[second], [first]]);
    expect(told(fixture)).toEqual([planned]);
  });

  test('undoes nothing that is before the entry that it goes back to', () => {
    const { commits } = scene();
    const { fixture, undoing } = scene({ rollback: { to: commits[0] ?? 0 } });
    undoing.plan([commits]);
    expect(told(fixture)).toEqual([planned]);
  });

  test('is none with an agent', () => {
    const agent = { kind: 'native', model: 'scripted:mend', why: 'a test' } as const;
    const { fixture, undoing, commits } = scene({ agent });
    undoing.plan([commits]);
    expect(told(fixture)).toEqual([begun, planned]);
  });

  test('has no agent only where it undoes another', () => {
    const fixture = ledgerFixture();
    const agent = { kind: 'rollback', model: 'none', why: 'a test' } as const;
    new RunStory(fixture).start({ agent });
    expect(toldOf(fixture)).toEqual([begun]);
  });

  test('names the plan that was agreed to', () => {
    const { fixture } = scene({ contractDigest: catalogueDigest });
    expect(toldOf(fixture)).toEqual([begun]);
  });

  test('was started for it', () => {
    const { fixture, undoing } = nativeScene();
    undoing.plan([]);
    expect(told(fixture)).toEqual([planned]);
  });

  test('undoes nothing else than the plan says', () => {
    const { fixture, undoing, commits } = scene();
    undoing.plan(commits.map((seq) => [seq]));
    undoing.undo(0, commits);
    expect(told(fixture)).toEqual([committed]);
  });

  test('undoes by the calls of the plan', () => {
    const { fixture, undoing, commits } = scene();
    undoing.plan([commits]);
    undoing.undo(0, commits, { path: 'src/sum.ts', content: 'something else' });
    expect(told(fixture)).toEqual(['compensation.misstated at intent.proposed']);
  });

  test('takes no step that the plan has not got', () => {
    const { fixture, undoing, commits } = scene();
    undoing.plan([commits]);
    undoing.undo(0, commits);
    undoing.undo(1, []);
    expect(told(fixture)).toEqual(['compensation.misstated at intent.proposed', committed]);
  });

  test('does not say that it did more than it did', () => {
    const { fixture, undoing, commits } = scene();
    undoing.plan([commits]);
    undoing.conclude(1, 0);
    undoing.finish();
    expect(told(fixture)).toEqual([
      'compensation.misstated at compensation.finished',
      'compensation.misstated at run.finished',
    ]);
  });

  test('says of each commit what it undoes', () => {
    const { fixture, undoing, commits } = scene();
    undoing.plan([commits]);
    undoing.act();
    expect(told(fixture)).toContain(committed);
  });

  test('proposes calls, and nothing else', () => {
    const { fixture, undoing, commits } = scene();
    undoing.plan([commits]);
    undoing.propose('no call');
    expect(told(fixture)).toContain('compensation.misstated at intent.proposed');
  });

  test('tells no number of steps without a plan', () => {
    const { fixture, undoing } = scene();
    undoing.conclude(0, 0);
    expect(told(fixture)).toContain('compensation.misstated at compensation.finished');
  });

  test('plans nothing before it is started', () => {
    const fixture = ledgerFixture();
    new FollowingStory(fixture).plan([]);
    expect(told(fixture)).toContain(planned);
  });

  test('does not succeed with other files than there were', () => {
    const [first = 0] = scene().commits;
    const { fixture, undoing, commits } = scene({ rollback: { to: first } });
    const later = commits.slice(1);
    undoing.plan([later]);
    undoing.undo(0, later);
    undoing.conclude(1, 0);
    undoing.finish();
    expect(told(fixture)).toEqual(['compensation.misstated at run.finished']);
  });

  test('does not succeed without having told', () => {
    const { fixture, undoing, commits } = scene();
    undoing.plan([commits]);
    undoing.undo(0, commits);
    undoing.finish();
    expect(told(fixture)).toEqual(['compensation.misstated at run.finished']);
  });
});

test('a run that undoes nothing says of no commit that it does', () => {
  const { fixture, undoing } = nativeScene();
  undoing.undo(0, [3]);
  expect(told(fixture)).toContain(committed);
});

/** A run that goes on from another, and undoes nothing. */
function nativeScene(): Scene {
  const fixture = ledgerFixture();
  const source = new RunStory(fixture);
  source.start();
  source.act();
  source.finish();
  const undoing = new FollowingStory(fixture, 'r2', anotherWrit(fixture));
  undoing.branch(source.stream, 0);
  return { fixture, undoing, commits: [] };
}

describe('what left the machine', () => {
  const commitsOf = (fixture: LedgerFixture, stream: string): readonly number[] =>
    fixture.recorder.entries.flatMap(({ entry }) =>
      entry.stream === stream && entry.kind === 'commit' ? [entry.seq] : [],
    );

  /** A run that did this, and one that is to undo it. */
  function undoing(did: (source: RunStory) => void): Scene {
    const fixture = ledgerFixture();
    const source = new RunStory(fixture);
    source.start();
    did(source);
    source.finish();
    const last = fixture.recorder.heads.get(source.stream)?.seq ?? 0;
    return {
      fixture,
      undoing: rollback(fixture, 'r2', last),
      commits: commitsOf(fixture, 'run:r1'),
    };
  }

  function rollback(fixture: LedgerFixture, run: string, seq: number): FollowingStory {
    const story = new FollowingStory(fixture, run, anotherWrit(fixture));
    const agent = { kind: 'rollback', model: 'none', why: 'a test' } as const;
    story.branch('run:r1', seq, {
      started: { agent, rollback: { to: 0 }, contractDigest: before },
    });
    return story;
  }

  /** An action that is begun, and is said to leave the machine. */
  function leave(story: RunStory): Digest {
    const action = story.begin();
    story.again(action, { effects: ['write', 'external'] });
    return action;
  }

  const isMisplanned = ({ fixture }: Scene): boolean => told(fixture).includes(planned);

  test('is undone or told to stay', () => {
    const done = () => undoing((source) => source.commit(leave(source)));
    const [silent, undone, told] = [done(), done(), done()];
    silent.undoing.plan([]);
    undone.undoing.plan([undone.commits]);
    told.undoing.plan([], [{ entry: told.commits[0] ?? 0, capability: 'fs.write' }]);
    expect([silent, undone, told].map(isMisplanned)).toEqual([true, false, false]);
  });

  test('need not be told of where it was in doubt and did not happen', () => {
    const [open, found] = [false, true].map((isFound) =>
      undoing((source) => {
        const action = leave(source);
        source.doubt(action);
        if (isFound) source.reconcile(action, false);
      }),
    );
    open?.undoing.plan([]);
    found?.undoing.plan([]);
    expect([open, found].map((scene) => scene && isMisplanned(scene))).toEqual([true, false]);
  });

  test('need not be told of where another run has undone it', () => {
    const scene = undoing((source) => source.commit(leave(source)));
    scene.undoing.plan([scene.commits]);
    scene.undoing.undo(0, scene.commits);
    scene.undoing.conclude(1, 0);
    scene.undoing.finish();
    rollback(scene.fixture, 'r3', lastOf(scene)).plan([]);
    expect(isMisplanned(scene)).toBe(false);
  });

  test('is not undone twice, but for its files', () => {
    const [outside, files] = [[], undefined].map((delta) =>
      undoing((source) => source.commit(leave(source), delta === undefined ? {} : { delta })),
    );
    for (const scene of [outside, files]) {
      if (scene === undefined) continue;
      scene.undoing.plan([scene.commits]);
      scene.undoing.undo(0, scene.commits);
      rollback(scene.fixture, 'r3', lastOf(scene)).plan([scene.commits]);
    }
    expect([outside, files].map((scene) => scene && isMisplanned(scene))).toEqual([true, false]);
  });

  const lastOf = ({ fixture }: Scene): number => fixture.recorder.heads.get('run:r1')?.seq ?? 0;
});

describe('a run that comes after the undoing of what goes on from the same one', () => {
  const agent = { kind: 'rollback', model: 'none', why: 'a test' } as const;

  interface Group {
    readonly fixture: LedgerFixture;
    /** Undoes the run that goes on. */
    readonly first: FollowingStory;
    readonly second: FollowingStory;
    readonly commits: readonly number[];
  }

  /** A run, one that goes on from a moment after its start, and what is to undo each; or `first` goes on itself. */
  function group(
    rollback: Partial<NonNullable<Body<'run.started'>['rollback']>> = {},
    { undoes = true } = {},
  ): Group {
    const fixture = ledgerFixture();
    const follow = (run: string): FollowingStory =>
      new FollowingStory(fixture, run, anotherWrit(fixture));
    const lastOf = (stream: string): number => fixture.recorder.heads.get(stream)?.seq ?? 0;
    const source = new RunStory(fixture);
    source.start();
    source.think();
    source.act();
    source.finish();
    const commits = fixture.recorder.entries.flatMap(({ entry }) =>
      entry.kind === 'commit' ? [entry.seq] : [],
    );
    const child = follow('r2');
    child.branch(source.stream, 1);
    child.think();
    child.act();
    child.finish();
    const first = follow('r3');
    first.branch(child.stream, lastOf(child.stream), {
      started: undoes ? { agent, rollback: { to: 0 }, contractDigest: before } : {},
    });
    const second = follow('r4');
    const started = {
      ...{ agent, contractDigest: before },
      rollback: { to: 0, undoneFirst: [first.stream], ...rollback },
    };
    second.branch(source.stream, lastOf(source.stream), { started });
    return { fixture, first, second, commits };
  }

  function end({ fixture, first }: Group, outcome: 'succeeded' | 'failed'): void {
    const last = fixture.recorder.entries.findLast(
      ({ entry }) => entry.stream === 'run:r2' && entry.kind === 'commit',
    );
    const commits = [last?.entry.seq ?? 0];
    const done = outcome === 'succeeded' ? 1 : 0;
    first.plan([commits]);
    if (done === 1) first.undo(0, commits);
    first.conclude(done, 1 - done);
    first.finish({ outcome });
  }

  test.each([
    ['has succeeded', 'succeeded', []],
    ['has failed', 'failed', [committed]],
    ['has not ended', undefined, [committed]],
  ] as const)('takes a step where that %s', (_, outcome, found) => {
    const on = group();
    const { fixture, second, commits } = on;
    if (outcome !== undefined) end(on, outcome);
    second.plan([commits]);
    second.undo(0, commits);
    expect(told(fixture)).toEqual(found);
  });

  test.each([
    ['the run that goes on', ['run:r2']],
    ['itself', ['run:r4']],
    ['nothing', ['run:r9']],
  ] as const)('does not come after %s', (_, undoneFirst) => {
    const { fixture, second, commits } = group({ undoneFirst });
    second.plan([commits]);
    expect(told(fixture)).toEqual([planned]);
  });

  test('does not come after one that goes on from the run that goes on', () => {
    const { fixture, second, commits } = group({}, { undoes: false });
    second.plan([commits]);
    expect(told(fixture)).toEqual([planned]);
  });

  test('does not come after the undoing of what goes on from before', () => {
    const { fixture, second } = group({ to: 99 });
    second.plan([]);
    expect(told(fixture)).toEqual([planned]);
  });
});
