import { describe, expect, test } from 'vitest';
import { type Effect } from '../contract/index.ts';
import { type Entry } from '../ledger/index.ts';
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
