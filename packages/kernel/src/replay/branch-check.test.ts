import { describe, expect, test } from 'vitest';
import {
  anotherWrit,
  FollowingStory,
  forging,
  ledgerFixture,
  RunStory,
  someDigest,
  told,
  type FixtureOptions,
} from '@chancery/testkit/builders';
import { contractsWithoutEgress, type Body } from '../ledger/index.ts';

type Branched = Body<'run.branched'>;

/** A run of three actions that has ended, and another that begins at one of its entries and goes on. */
function branching(
  branched: Partial<Branched> = {},
  { options = {}, seq }: { readonly options?: FixtureOptions; readonly seq?: number } = {},
): readonly string[] {
  const fixture = ledgerFixture(options);
  const source = new RunStory(fixture);
  source.start();
  source.think();
  source.act();
  source.act('src/two.ts');
  source.finish();
  const at = seq ?? fixture.recorder.heads.get(source.stream)?.seq ?? 0;
  const branch = new FollowingStory(fixture, 'r2', anotherWrit(fixture));
  branch.branch(source.stream, at, { branched });
  branch.think();
  branch.act();
  branch.finish();
  return told(fixture);
}

const misstated = ['branch.misstated at run.branched'];

describe('a run that goes on from another', () => {
  test.each([0, 3, 6, 8, 12])('begins with the world of its entry %i', (seq) => {
    expect(branching({}, { seq })).toEqual([]);
  });

  test('takes over what the other may have seen, and what is beside its files', () => {
    let commits = 0;
    const marked = { op: 'put', key: 'savepoint:here', value: someDigest('t'), expect: 0 };
    const edit = forging('commit', (body) => {
      commits += 1;
      if (commits !== 2) return body;
      return { ...body, labels: ['untrusted:fs.read'], delta: [...body.delta, marked] };
    });
    expect(branching({}, { options: { edit } })).toEqual([]);
    commits = 0;
    // Before the other one has seen it.
    expect(branching({}, { options: { edit }, seq: 6 })).toEqual([]);
    commits = 0;
    const labels = ['untrusted:fs.read'];
    expect(branching({ labels }, { options: { edit }, seq: 6 })).toEqual(misstated);
  });

  test('takes over all that the other had seen until then, and no less', () => {
    const seen = ['untrusted:fs.read', 'untrusted:fs.search'];
    const taking = (labels: readonly string[], seq?: number): readonly string[] => {
      let commits = 0;
      const edit = forging('commit', (body) => {
        commits += 1;
        return { ...body, labels: seen.slice(commits - 1, commits) };
      });
      return branching({ labels }, { options: { edit }, ...(seq === undefined ? {} : { seq }) });
    };
    const [first = ''] = seen;
    expect([taking(seen), taking([first], 8), taking([], 3)]).toEqual([[], [], []]);
    expect([taking([first]), taking(seen, 8), taking([first], 3)]).toEqual([
      misstated,
      misstated,
      misstated,
    ]);
  });

  test.each<readonly [string, Partial<Branched>]>([
    ['of no run', { source: 'run:r9' }],
    ['of no entry', { seq: 99 }],
    ['of an entry before', { seq: 1 }],
    ['made by another entry', { entry: someDigest('entry') }],
    ['of another digest', { worldDigest: someDigest('world') }],
    ['from which more was sent', { egressAfterUntrusted: 1 }],
    ['that had seen something', { labels: ['secret:found'] }],
    ['with more in it', { delta: [{ op: 'put', key: 'savepoint:a', value: 1, expect: 0 }] }],
  ])('is found out with a world %s', (_, branched) => {
    expect(branching(branched)).toEqual(misstated);
  });

  test('says how much was sent, unless it was begun under a contract of before', () => {
    const without = (contractDigest?: string): readonly string[] => {
      const fixture = ledgerFixture({
        edit: forging('run.branched', ({ egressAfterUntrusted: _, ...body }) => body),
      });
      const source = new RunStory(fixture);
      source.start();
      source.act();
      source.finish();
      const branch = new FollowingStory(fixture, 'r2', anotherWrit(fixture));
      const started = contractDigest === undefined ? {} : { contractDigest };
      branch.branch(source.stream, 1, { started });
      return told(fixture);
    };
    expect(without()).toEqual(misstated);
    expect(without(contractsWithoutEgress.at(-1))).not.toContain(misstated[0]);
  });

  test('is found out with other files', () => {
    const edit = forging('run.started', (body) =>
      body.workspace.branch === 'chancery/r2'
        ? { ...body, workspace: { ...body.workspace, tree: someDigest('other') } }
        : body,
    );
    const fixture = ledgerFixture({ edit });
    const source = new RunStory(fixture);
    source.start();
    source.act();
    source.finish();
    const branch = new FollowingStory(fixture, 'r2', anotherWrit(fixture));
    const { workspace } = startOf(fixture);
    branch.branch(source.stream, 1, {
      started: { workspace: { ...workspace, branch: 'chancery/r2' } },
    });
    expect(told(fixture)).toEqual(misstated);
  });

  test('branches as it is started and at no other time', () => {
    const fixture = ledgerFixture();
    const source = new RunStory(fixture);
    source.start();
    source.act();
    source.finish();
    const late = new FollowingStory(fixture, 'r2', anotherWrit(fixture));
    const body = late.branch(source.stream, 1);
    late.think();
    fixture.recorder.write({
      stream: late.stream,
      kind: 'run.branched',
      body,
      cause:
        fixture.recorder.entries.find(({ entry }) => entry.stream === late.stream)?.digest ?? null,
    });
    expect(told(fixture)).toContain('run.misordered at run.branched');
  });
});

function startOf({ recorder }: ReturnType<typeof ledgerFixture>): Body<'run.started'> {
  const found = recorder.entries.find(({ entry }) => entry.kind === 'run.started')?.entry;
  if (found?.kind !== 'run.started') throw new Error('no run was started');
  return found.body;
}
