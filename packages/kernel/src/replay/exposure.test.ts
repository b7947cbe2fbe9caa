import { describe, expect, test } from 'vitest';
import type { Effect } from '../contract/index.ts';
import type { Entry } from '../ledger/index.ts';
import { Exposure } from './exposure.ts';

const entry = (kind: string, body: object): Entry => ({ kind, body }) as unknown as Entry;
const commit = (...labels: readonly string[]): Entry => entry('commit', { labels });
const failure = (...labels: readonly string[]): Entry => entry('execution.failed', { labels });
const act = (...effects: readonly Effect[]): readonly Entry[] => [
  entry('proposal.staged', { effects }),
  entry('execution.started', {}),
];

function after(...entries: readonly Entry[]): readonly [readonly string[], number] {
  const exposure = new Exposure();
  for (const each of entries) exposure.take(each);
  return [exposure.labels, exposure.egressAfterUntrusted];
}

describe('what a run may have seen', () => {
  test('is the union of what its outcomes showed, in their order', () => {
    const seen = after(commit('untrusted:b'), failure('secret:found'), commit('untrusted:b', 'a'));
    expect(seen).toEqual([['untrusted:b', 'secret:found', 'a'], 0]);
  });

  test('is nothing where nothing was recorded of it', () => {
    expect(after(entry('commit', {}), entry('execution.failed', {}))).toEqual([[], 0]);
  });

  test('is shown by what ends an action, and by nothing else', () => {
    expect(after(entry('model.responded', { labels: ['secret:found'] }))).toEqual([[], 0]);
  });
});

describe('a secret that was lent', () => {
  test('may have been seen by what it was lent to, from its start on', () => {
    const leases = [{ name: 'deploy', scope: 'agent:a', setAt: 1 }];
    const started = entry('execution.started', { leases });
    expect(after(started)).toEqual([['secret:agent:a'], 0]);
  });
});

describe('what left the machine after text of strangers was seen', () => {
  const strange = commit('untrusted:fs.read');

  test('is counted as it is started, from then on', () => {
    const started = after(...act('external'), strange, ...act('external'), ...act('irreversible'));
    expect(started[1]).toBe(2);
  });

  test('is not what stays, what was only proposed, and what follows a secret alone', () => {
    const [staged] = act('external');
    const onlyStaged = staged === undefined ? [] : [staged];
    expect(after(strange, ...act('write', 'read'), ...onlyStaged)[1]).toBe(0);
    expect(after(commit('secret:found'), ...act('external'))[1]).toBe(0);
  });
});

describe('a label that is taken away', () => {
  const asked = (capability = 'label.remove') =>
    entry('proposal.suspended', { actionDigest: 'a', action: { capability } });
  const removal = (unlabelled: string, action = 'a') => entry('commit', { action, unlabelled });
  const seen = commit('secret:found', 'secret:agent:ada', 'untrusted:x');

  test('is gone until it comes again, and the others stay', () => {
    const left = ['secret:agent:ada', 'untrusted:x'];
    expect(after(seen, asked(), removal('secret:found'))[0]).toEqual(left);
    expect(after(seen, asked(), removal('secret:found'), commit('secret:found'))[0]).toEqual([
      ...left,
      'secret:found',
    ]);
  });

  test.each<[string, readonly Entry[]]>([
    ['nobody was asked', [removal('secret:found')]],
    ['a human was asked about another action', [asked(), removal('secret:found', 'b')]],
    ['a human was asked about something else', [asked('fs.read'), removal('secret:found')]],
    ['it was asked afterwards', [removal('secret:found'), asked()]],
    ['it is of strangers', [asked(), removal('untrusted:x')]],
  ])('stays where %s', (_, entries) => {
    expect(after(seen, ...entries)[0]).toHaveLength(3);
  });
});
