import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { someDigest } from '@chancery/testkit/builders';
import { expect, test } from 'vitest';
import { bytesDigest } from '../encoding/index.ts';
import type { Body, Entry, Kind } from '../ledger/index.ts';
import { GateRecord } from './gate-check.ts';
import { RunActions } from './run-actions.ts';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

const count = 20_000;

/** What the program holds, in bytes, after all that nobody holds was let go. */
function held(): number {
  collect();
  collect();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

/** Parts of one long text, as an entry is read. */
function bodyIn(n: number) {
  const names = ['action', 'intent'].map((what) => bytesDigest(`${what} ${n}`));
  const text = `${names.join('')}${someDigest('contract')}${someDigest('policy')}human${' '.repeat(1_000)}`;
  const at = (index: number): string => text.slice(index * 64, index * 64 + 64);
  const [action, intent, contract, policySetDigest] = [at(0), at(1), at(2), at(3)];
  return { action, intent, contract, policySetDigest, channel: text.slice(256, 261), text };
}

test('a run that never ends holds little of an action that has, or that nobody granted', () => {
  const run = new RunActions();
  const tell = (kind: Kind, body: object): void =>
    run.advance({ entry: { kind, body } as unknown as Entry, text: '', digest: '' });
  const before = held();
  for (let n = 0; n < count; n += 1) {
    const { action, intent, contract, policySetDigest, channel } = bodyIn(n);
    const proposal = { actionDigest: action, action: { intent, contract }, policySetDigest };
    run.propose(intent, {
      origin: 'model',
      kind: 'act',
      capability: contract.slice(0, 20),
      command: channel,
    });
    tell('proposal.suspended', { ...proposal, hold: { channel, quorum: 1 } });
    if (n % 2 === 0) continue;
    tell('proposal.staged', proposal);
    tell('execution.started', { action, attempt: 1 });
    if (n % 3 === 0) tell('execution.in-doubt', { action });
    if (n % 5 === 0) tell('execution.reconciled', { action, happened: false });
    else tell(n % 7 === 0 ? 'execution.failed' : 'commit', { action });
  }
  const each = (held() - before) / count;
  expect(run.of(bodyIn(1).action).phase).toBe('committed');
  // Two digests of it, each with a number; one body alone has more than a thousand bytes.
  expect(each).toBeLessThan(160);
});

test('a run that never ends holds little of the gates that it has run', () => {
  const [gates, actions] = [new GateRecord(), new RunActions()];
  actions.propose(someDigest('intent'), {
    origin: 'gate',
    kind: 'act',
    capability: null,
    command: 'npm test',
  });
  const before = held();
  for (let n = 0; n < count; n += 1) {
    const { action } = bodyIn(n);
    actions.stage({
      actionDigest: action,
      action: { intent: someDigest('intent'), contract: someDigest('contract') },
      policySetDigest: someDigest('policy'),
    } as unknown as Body<'proposal.staged'>);
    actions.end(action, 'committed');
    const body = { action, delta: [], observation: { inline: { exitCode: n % 2 } } };
    const surroundings = { actions, blobs: () => undefined };
    gates.take({ kind: 'commit', body } as unknown as Entry, surroundings);
  }
  const each = (held() - before) / count;
  expect(actions.askedBy(bodyIn(1).action)?.command).toBe('npm test');
  // Held until here.
  expect(gates).toBeInstanceOf(GateRecord);
  expect(each).toBeLessThan(400);
});
