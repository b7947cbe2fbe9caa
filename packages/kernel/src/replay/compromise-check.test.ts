import {
  anotherPolicy,
  anotherWrit,
  declareManifestOn,
  forging,
  halt,
  ledgerFixture,
  people,
  signerFrom,
  someManifest,
  writeRun,
  type LedgerFixture,
} from '@chancery/testkit/builders';
import { describe, expect, test } from 'vitest';
import { contractDigest } from '../contract/index.ts';
import { clear } from '../control/index.ts';
import type { Signer } from '../encoding/index.ts';
import { contractsOf } from '../manifest/index.ts';
import { compromiseKey, retireKey } from '../writ/index.ts';
import type { Finding } from './finding.ts';
import { verifyLedger } from './verify.ts';

function findingsOf({ ledger, recorder }: LedgerFixture): readonly Finding[] {
  return verifyLedger(ledger, [recorder.stored], recorder.heads).findings.filter(
    ({ code }) => code !== 'content.unread' && code !== 'gate.unread',
  );
}

/** `kind` of the entry, where it is said to stand on a compromised key; anything else in whole. */
function toldOf(fixture: LedgerFixture): readonly string[] {
  const { entries } = fixture.recorder;
  return findingsOf(fixture).map(({ code, position, severity }) => {
    const kind = entries[position]?.entry.kind ?? '';
    return code === 'key.compromised' ? kind : `${severity} ${code} at ${kind}`;
  });
}

function sizeOf({ recorder }: LedgerFixture): number {
  return recorder.entries.length;
}

function compromise(fixture: LedgerFixture, key: Signer, fromSize: number, earlier = 1): void {
  const { ledger, recorder } = fixture;
  const named = { ledger, key: key.id, earlier, fromSize, reason: 'lost' };
  const envelope = compromiseKey({ ...named, roots: [people.root] });
  recorder.write({ stream: 'ledger', kind: 'key.compromised', body: { envelope } });
}

function retire({ ledger, recorder }: LedgerFixture, key: Signer): void {
  const named = { ledger, key: key.id, earlier: 1, reason: 'old', roots: [people.root] };
  recorder.write({ stream: 'ledger', kind: 'key.retired', body: { envelope: retireKey(named) } });
}

const acts = (told: readonly string[]): readonly string[] =>
  told.filter((kind) => kind === 'commit' || kind === 'execution.failed');

describe('a key that was compromised', () => {
  test('voids nothing that it signed before', () => {
    const fixture = ledgerFixture();
    writeRun(fixture);
    compromise(fixture, people.issuer, sizeOf(fixture));
    expect(toldOf(fixture)).toEqual([]);
  });

  test('has all told that stands on a writ of it: writs below, their runs, what they did', () => {
    const fixture = ledgerFixture();
    const unharmed = ledgerFixture();
    writeRun(fixture);
    writeRun(unharmed);
    const done = unharmed.recorder.entries.filter(
      ({ entry: { kind } }) => kind === 'commit' || kind === 'execution.failed',
    );
    const issued = fixture.recorder.entries.findIndex(({ entry }) => entry.kind === 'writ.issued');
    compromise(fixture, people.issuer, issued);
    const told = toldOf(fixture);
    expect(told.slice(0, 2)).toEqual(['writ.issued', 'writ.issued']);
    expect(told).toContain('run.started');
    expect(acts(told)).toHaveLength(done.length);
    expect(done.length).toBeGreaterThan(0);
    expect(told).toHaveLength(3 + done.length);
    const later = ledgerFixture();
    writeRun(later);
    compromise(later, people.issuer, issued + 1);
    expect(toldOf(later)).toEqual([]);
  });

  test('has told what was done by a manifest that it signed, and nothing that was done by another', () => {
    const [contract] = contractsOf(someManifest());
    let commits = 0;
    const edit = forging('commit', (body) => {
      commits += 1;
      return commits === 2 && contract !== undefined
        ? { ...body, contractDigest: contractDigest(contract) }
        : body;
    });
    const fixture = ledgerFixture({ edit });
    const declared = sizeOf(fixture);
    declareManifestOn(fixture);
    writeRun(fixture);
    compromise(fixture, people.legislator, declared);
    const told = findingsOf(fixture).filter(({ code }) => code === 'key.compromised');
    const kinds = told.map(({ position }) => fixture.recorder.entries[position]?.entry.kind);
    expect([commits, kinds]).toEqual([2, ['capability.declared', 'commit']]);
  });

  test('makes what follows under its writs an offence of whoever records it', () => {
    const fixture = ledgerFixture();
    compromise(fixture, people.issuer, 1);
    writeRun(fixture);
    const told = toldOf(fixture);
    expect(told).toContain('tampered writ.invalid at run.started');
    expect(told).toContain('tampered writ.exceeded at proposal.staged');
    const other = ledgerFixture();
    compromise(other, people.issuer, 1);
    anotherWrit(other);
    expect(toldOf(other)).toContain('tampered writ.invalid at writ.issued');
  });

  test('decides by no policy of it any more, and has told what it decided meanwhile', () => {
    const fixture = ledgerFixture();
    const first = fixture.policySet;
    const position = sizeOf(fixture);
    const second = anotherPolicy(fixture);
    writeRun({ ...fixture, policySet: second }, 'r1', fixture.writ);
    compromise(fixture, people.legislator, position);
    const told = toldOf(fixture);
    expect(told[0]).toBe('policy.activated');
    expect(acts(told).length).toBeGreaterThan(0);
    expect(told).toHaveLength(1 + acts(told).length);
    // From here on the policy before it decides again.
    const writ = anotherWrit(fixture);
    writeRun({ ...fixture, policySet: first }, 'r2', writ);
    expect(toldOf(fixture).filter((each) => each.includes('policy'))).toEqual(['policy.activated']);
  });

  test('has the vote told that released an action, and the action', () => {
    const fixture = ledgerFixture();
    const from = sizeOf(fixture);
    writeRun(fixture);
    compromise(fixture, people.approver, from);
    expect(toldOf(fixture)).toEqual(['approval.voted', 'commit']);
  });

  test('engages again what it cleared, and lets stand what it engaged', () => {
    const fixture = ledgerFixture();
    const { ledger, recorder } = fixture;
    const from = sizeOf(fixture);
    const engaged = halt(fixture, null, people.deputy);
    const after = recorder.heads.get('control')?.digest ?? ledger;
    const envelope = clear({ ledger, after, engaged, reason: 'over' }, people.approver);
    const body = { envelope };
    const { id } = people.approver;
    recorder.writeBy(id, { stream: 'control', kind: 'control.cleared', body, cause: engaged });
    compromise(fixture, people.approver, from);
    compromise(fixture, people.deputy, from);
    writeRun(fixture);
    const told = toldOf(fixture);
    expect(told).toContain('tampered control.ignored at proposal.staged');
    expect(told.filter((kind) => kind.startsWith('control.'))).toEqual([
      'control.engaged',
      'control.cleared',
    ]);
  });

  test('has told what a run did that acts as it', () => {
    const fixture = ledgerFixture();
    const from = sizeOf(fixture);
    writeRun(fixture);
    compromise(fixture, people.agent, from);
    const told = toldOf(fixture);
    expect(told).toContain('run.started');
    expect(acts(told).length).toBeGreaterThan(0);
  });

  test('is told of each entry once, and again only of what an earlier size adds', () => {
    const fixture = ledgerFixture();
    writeRun(fixture);
    const issued = fixture.recorder.entries.findIndex(({ entry }) => entry.kind === 'writ.issued');
    compromise(fixture, people.issuer, sizeOf(fixture));
    compromise(fixture, people.issuer, issued, 2);
    const positions = findingsOf(fixture).map(({ position }) => position);
    expect(new Set(positions).size).toBe(positions.length);
    expect(positions.length).toBeGreaterThan(3);
  });

  test('is not believed when somebody else says so', () => {
    const fixture = ledgerFixture();
    const { ledger, recorder } = fixture;
    writeRun(fixture);
    const named = { ledger, key: people.issuer.id, earlier: 1, fromSize: 1, reason: 'lost' };
    const envelope = compromiseKey({ ...named, roots: [signerFrom(9)] });
    recorder.write({ stream: 'ledger', kind: 'key.compromised', body: { envelope } });
    expect(toldOf(fixture)).toEqual(['tampered key.invalid at key.compromised']);
  });
});

describe('a key that was retired', () => {
  test('leaves all that stands on it, a vote that was cast before included', () => {
    const fixture = ledgerFixture();
    writeRun(fixture);
    for (const key of [people.issuer, people.approver, people.legislator]) retire(fixture, key);
    expect(toldOf(fixture)).toEqual([]);
    const before = ledgerFixture();
    retire(before, people.issuer);
    writeRun(before);
    expect(toldOf(before)).toEqual([]);
  });

  test('signs no policy and no halt, and acts under no writ', () => {
    const fixture = ledgerFixture();
    for (const key of [people.legislator, people.approver, people.agent]) retire(fixture, key);
    anotherPolicy(fixture);
    halt(fixture, null);
    const told = toldOf(fixture);
    expect(told).toEqual([
      'tampered policy.invalid at policy.activated',
      'tampered control.invalid at control.engaged',
    ]);
    writeRun(fixture);
    expect(toldOf(fixture)).toContain('tampered writ.invalid at run.started');
  });
});
