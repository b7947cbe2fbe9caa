import {
  ledgerFixture,
  people,
  someBundle,
  someDigest,
  writeRun,
  type LedgerFixture,
} from '@chancery/testkit/builders';
import { describe, expect, test } from 'vitest';
import type { Digest, Signer } from '../encoding/index.ts';
import { activateBundle, policySetDigest, retireBundle, type Retired } from '../policy/index.ts';
import { compromiseKey, trustKey } from '../writ/index.ts';
import { verifyLedger } from './verify.ts';

const base = someBundle();
const beside = someBundle({ level: 'repository', name: 'team' });
const both = policySetDigest([base, beside]);

function toldOf({ ledger, recorder }: LedgerFixture): readonly string[] {
  const { findings } = verifyLedger(ledger, [recorder.stored], recorder.heads);
  return findings
    .filter(({ code }) => code !== 'content.unread' && code !== 'gate.unread')
    .map(({ code, position }) => `${code} at ${recorder.entries[position]?.entry.kind ?? ''}`);
}

function activate({ recorder, ledger }: LedgerFixture, by: Signer = people.legislator): void {
  const after = recorder.heads.get('policy')?.digest ?? ledger;
  const body = activateBundle({ ledger, after, bundle: beside, policySet: both, by });
  recorder.write({ stream: 'policy', kind: 'policy.activated', body });
}

function retire(
  { recorder, ledger }: LedgerFixture,
  by: Signer = people.legislator,
  change: Partial<Retired> = {},
): void {
  const after = recorder.heads.get('policy')?.digest ?? ledger;
  const policySet = policySetDigest([base]);
  const body = retireBundle({ ledger, after, bundle: beside, policySet, by, reason: 'over' });
  recorder.write({ stream: 'policy', kind: 'policy.retired', body: { ...body, ...change } });
}

function under(fixture: LedgerFixture, policySet: Digest): LedgerFixture {
  return { ...fixture, policySet };
}

describe('a policy that is retired', () => {
  test('decides until then, and the others alone after', () => {
    const fixture = ledgerFixture();
    activate(fixture);
    retire(fixture);
    writeRun(under(fixture, policySetDigest([base])));
    expect(toldOf(fixture)).toEqual([]);
    const still = ledgerFixture();
    activate(still);
    retire(still);
    writeRun(under(still, both));
    expect(toldOf(still)).toEqual([
      'policy.mismatch at run.started',
      'policy.mismatch at proposal.staged',
      'policy.mismatch at proposal.staged',
    ]);
  });

  test('has to be one that is active, in the form that is active, and to leave the set that is told', () => {
    const none = ledgerFixture();
    retire(none);
    expect(toldOf(none)).toEqual(['policy.invalid at policy.retired']);
    for (const change of [{ bundle: someDigest('other') }, { name: 'other' }]) {
      const other = ledgerFixture();
      activate(other);
      retire(other, people.legislator, change);
      expect(toldOf(other)).toEqual(['policy.invalid at policy.retired']);
    }
    const set = ledgerFixture();
    activate(set);
    retire(set, people.legislator, { policySet: both });
    expect(toldOf(set)).toEqual(['policy.mismatch at policy.retired']);
  });

  test('is retired by a key that may sign policies', () => {
    const fixture = ledgerFixture();
    activate(fixture);
    retire(fixture, people.approver);
    expect(toldOf(fixture)).toEqual(['policy.invalid at policy.retired']);
  });

  test('cannot be retired by what was signed before for another place', () => {
    const fixture = ledgerFixture();
    activate(fixture);
    retire(fixture);
    const again = fixture.recorder.entries.at(-1)?.entry;
    if (again?.kind !== 'policy.retired') throw new Error('the last entry is a retirement');
    activate(fixture);
    fixture.recorder.write({ stream: 'policy', kind: 'policy.retired', body: again.body });
    expect(toldOf(fixture)).toEqual(['policy.invalid at policy.retired']);
  });

  test('decides again once the key that retired it is found to be compromised', () => {
    const fixture = ledgerFixture();
    const { ledger, recorder } = fixture;
    const roots = [people.root];
    const named = { key: people.deputy.id, label: 'deputy', purposes: ['sign-policy'] as const };
    const envelope = trustKey({ ledger, ...named, earlier: 1, roots });
    recorder.write({ stream: 'ledger', kind: 'key.trusted', body: { envelope } });
    activate(fixture);
    const from = recorder.entries.length;
    retire(fixture, people.deputy);
    writeRun(under(fixture, policySetDigest([base])), 'r1', fixture.writ);
    const lost = {
      ledger,
      key: people.deputy.id,
      earlier: 2,
      fromSize: from,
      reason: 'lost',
      roots,
    };
    recorder.write({
      ...{ stream: 'ledger', kind: 'key.compromised' },
      body: { envelope: compromiseKey(lost) },
    });
    const told = toldOf(fixture);
    expect(told[0]).toBe('key.compromised at policy.retired');
    expect(told).toContain('key.compromised at commit');
    expect(told.every((each) => each.startsWith('key.compromised'))).toBe(true);
    retire(fixture);
    expect(toldOf(fixture)).toEqual(told);
  });
});
