import pc from 'picocolors';
import { expect, it } from 'vitest';
import { zeroAmounts } from '@chancery/kernel/account';
import type { RunView } from '@chancery/runtime/projections';
import { someDigest, valueOf } from '@chancery/testkit/builders';
import { homeOf } from '../home.ts';
import { showResult, type RunResult } from './result.ts';

const view: RunView = {
  ...{ run: 'r1', task: 'Mend it', model: 'test:turns', pricedBy: 'none' },
  ...{ repository: '/repo', baseCommit: '0'.repeat(40), branch: 'chancery/r1', worktree: '/w' },
  ...{ writ: someDigest('writ'), startedAtMs: 1_000, lastAtMs: 6_000 },
  status: {
    ...{ phase: 'finished', outcome: 'succeeded', reason: 'all gates pass' },
    ...{ commit: 'abcdef0123456789', worldDigest: someDigest('world') },
  },
  ...{ entries: 9, turns: 2, commits: 1, refusals: 0, holds: 0, failures: 0 },
  ...{ spent: zeroAmounts, reserved: zeroAmounts, gates: [] },
};

/** What a person is shown of a result, name by name. */
function shown(change: Partial<RunResult>): Readonly<Record<string, string>> {
  const lines: string[] = [];
  const no = (): never => {
    throw new Error('only lines are shown');
  };
  const env = { CHANCERY_HOME: '/nowhere' };
  const terminal = {
    ...{ paint: pc.createColors(false), columns: Infinity, isTty: false },
    ...{ note: no, json: no, raw: no, status: no, endWithReader: no },
    line: (text = '') => void lines.push(text),
  };
  const result = {
    view,
    end: 'finished',
    applied: null,
    next: [],
    preparedMs: 0,
    ...change,
  } as const;
  showResult({ terminal, home: valueOf(homeOf(env)), env, json: false }, result);
  const fields = lines.flatMap((line): readonly (readonly [string, string])[] => {
    const [, name, value] = /^(\w+) +(.*)$/.exec(line) ?? [];
    return name === undefined || value === undefined ? [] : [[name, value]];
  });
  return Object.fromEntries(fields);
}

it('a result names the branch of what was changed, and says where nothing was', () => {
  const nothing = { ...view.status, commit: null } as RunView['status'];
  const unchanged = shown({ view: { ...view, status: nothing } });
  expect([shown({})['Branch'], shown({})['Files']]).toEqual([
    'chancery/r1 at abcdef012345',
    undefined,
  ]);
  expect([unchanged['Branch'], unchanged['Files']]).toEqual([undefined, 'none was changed']);
});

it('a result tells how long the run took, and its preparation before that', () => {
  expect(shown({})['Took']).toBe('5 s');
  expect(shown({ preparedMs: 61_000 })['Took']).toBe(
    '5 s, and 1 min 1 s before to prepare the files',
  );
});
