import { bytesDigest, recordText } from '@chancery/kernel/encoding';
import type { SealedEntry } from '@chancery/kernel/ledger';
import { activateBundle, policySetDigest } from '@chancery/kernel/policy';
import {
  ledgerFixture,
  people,
  someBundle,
  someDigest,
  writeRun,
  type LedgerFixture,
} from '@chancery/testkit/builders';
import { describe, expect, it } from 'vitest';
import type { Contents } from '../cognition/index.ts';
import { AuditFold, PolicyHistory, type AuditedAction } from './index.ts';

const contents: Contents = (content) =>
  'inline' in content ? content.inline : content.blob.digest;

function auditOf({ recorder }: LedgerFixture): readonly AuditedAction[] {
  return auditOfEntries(recorder.entries);
}

function auditOfEntries(entries: readonly SealedEntry[]): readonly AuditedAction[] {
  const of = (stream: string): readonly SealedEntry[] =>
    entries.filter(({ entry }) => entry.stream === stream);
  const policies = new PolicyHistory(contents);
  for (const sealed of of('policy')) policies.advance(sealed);
  const approvalOf = (action: string): readonly SealedEntry[] => of(`approval:${action}`);
  const fold = new AuditFold({ contents, policies, approvalOf });
  for (const sealed of of('run:r1')) fold.advance(sealed);
  return fold.actions;
}

describe('the audit of a run', () => {
  const fixture = ledgerFixture();
  writeRun(fixture);
  const [done, refused, approved, ...others] = auditOf(fixture);

  it('has an item for each intent', () => {
    expect([done, refused, approved].map((item) => item?.outcome.kind)).toEqual([
      ...['committed', 'rejected', 'committed'],
    ]);
    expect(others).toEqual([]);
  });

  it('resolves a commit to its intent, action, writ, digests and cost', () => {
    expect(done).toMatchObject({
      ...{ seq: 4, endSeq: 7, origin: 'model', turn: 1, effects: ['write'] },
      intent: { capability: 'fs.write', nonce: 'n1' },
      action: { capability: 'fs.write', writ: fixture.writ.id },
      policySetDigest: fixture.policySet,
      ...{ hold: null, approval: null, unsandboxed: false, leases: [] },
      outcome: {
        observation: { bytes: 20 },
        observationDigest: bytesDigest(recordText({ bytes: 20 })),
        cost: { calls: 1, wallMs: 3 },
      },
    });
  });

  it('keeps of a refused intent what was decided', () => {
    expect(refused).toMatchObject({
      ...{ action: null, actionDigest: null, contractDigest: null },
      trace: { args: 'refuse', scope: 'unreached' },
      outcome: { refusal: { code: 'args.escapes' } },
    });
  });

  it('resolves an approval to the votes behind it', () => {
    expect(approved).toMatchObject({
      hold: { rule: 'protected-path' },
      approval: {
        channel: 'human',
        quorum: { m: 1, of: [people.approver.id] },
        votes: [{ voter: people.approver.id, vote: 'grant', reason: 'it is right' }],
        outcome: 'granted',
      },
    });
  });
});

it('names the set that decided an action, also when the policy changed during the run', () => {
  const later = someDigest('a later set');
  const changed = ledgerFixture({
    edit: (drafts) =>
      drafts.map((draft) =>
        draft.kind === 'proposal.staged'
          ? { ...draft, body: { ...draft.body, policySetDigest: later } }
          : draft,
      ),
  });
  writeRun(changed);
  const uncommitted = changed.recorder.entries.filter(({ entry }) => entry.kind !== 'commit');
  const sets = auditOfEntries(uncommitted).map((item) => item.policySetDigest);
  expect(sets).toEqual([later, later, later]);
});

describe('the texts of rules', () => {
  it('are those of the set that decided, also after it was replaced', () => {
    const { recorder, ledger } = ledgerFixture();
    const history = new PolicyHistory(contents);
    const sets = ['first', 'second'].map((word) => {
      const bundle = someBundle({
        text: `@id("allow") // ${word}\npermit (principal, action, resource);`,
      });
      const policySet = policySetDigest([bundle]);
      const after = recorder.heads.get('policy')?.digest ?? ledger;
      const by = people.legislator;
      const body = activateBundle({ ledger, after, bundle, policySet, by });
      const [sealed] = recorder.write({ stream: 'policy', kind: 'policy.activated', body });
      if (sealed !== undefined) history.advance(sealed);
      return policySet;
    });
    const rule = { level: 'tenant', id: 'allow' };
    expect(sets.map((set) => history.textOf(set, rule)?.slice(0, 23))).toEqual([
      '@id("allow") // first\np',
      '@id("allow") // second\n',
    ]);
    expect(history.textOf(sets[0] ?? '', { level: 'tenant', id: 'other' })).toBe(undefined);
    expect(history.textOf('0'.repeat(64), rule)).toBe(undefined);
  });
});
