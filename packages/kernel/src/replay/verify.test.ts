import {
  anotherPolicy,
  anotherWrit,
  halt,
  forging,
  ledgerFixture,
  people,
  RunStory,
  someBundle,
  someDigest,
  told,
  writeRun,
  type LedgerFixture,
} from '@chancery/testkit/builders';
import { describe, expect, test } from 'vitest';
import { zeroAmounts } from '../account/index.ts';
import { sealEnvelope, type Digest, type JsonObject } from '../encoding/index.ts';
import { catalogueDigest, type Draft, type Kind, type StoredEntry } from '../ledger/index.ts';
import { signBundle } from '../policy/index.ts';
import { assert } from '../refusal/index.ts';
import type { FindingCode } from './finding.ts';
import { Verifier, verifyLedger, type Verification } from './verify.ts';

function verified(
  fixture: LedgerFixture,
  pages?: readonly (readonly StoredEntry[])[],
): Verification {
  const { recorder, ledger } = fixture;
  return verifyLedger(ledger, pages ?? [recorder.stored], recorder.heads);
}

/** A ledger with a run in which bodies of one kind were recorded otherwise. */
function ledgerWith<K extends Kind>(
  kind: K,
  edit: (body: Draft<K>['body']) => object,
): LedgerFixture {
  const fixture = ledgerFixture({ edit: forging(kind, edit) });
  writeRun(fixture);
  return fixture;
}

const fixture = ledgerFixture();
writeRun(fixture, 'r1');
writeRun(fixture, 'r2', anotherWrit(fixture));
const { stored } = fixture.recorder;

/** The whole ledger with its rows changed, put in their places again. */
function rows(edit: (rows: readonly StoredEntry[]) => readonly StoredEntry[]): Verification {
  const moved = edit(stored).map((row, position) => ({ ...row, position }));
  return verified(fixture, [moved]);
}

function codesOf(verification: Verification): readonly FindingCode[] {
  return [...new Set(verification.findings.map(({ code }) => code))];
}

function indexOf(kind: Kind, stream = 'run:r1'): number {
  return fixture.recorder.entries.findIndex(
    ({ entry }) => entry.kind === kind && entry.stream === stream,
  );
}

describe('a ledger as it was written', () => {
  test('verifies, and tells what its runs came to', () => {
    const finished = fixture.recorder.entries.flatMap(({ entry }) =>
      entry.kind === 'run.finished' ? [entry] : [],
    );
    expect(verified(fixture)).toEqual({
      ok: true,
      ledger: fixture.ledger,
      entries: stored.length,
      streams: fixture.recorder.heads.size,
      findings: [],
      runs: finished.map(({ stream, seq, body }) => ({
        stream,
        entries: seq + 1,
        worldDigest: body.worldDigest,
        outcome: 'succeeded',
      })),
    });
  });

  test('verifies however it is cut into pages', () => {
    const pages = stored.map((row) => [row]);
    expect(verified(fixture, pages)).toEqual(verified(fixture));
  });

  test('is foreign to whoever pinned another ledger id', () => {
    const other = 'e'.repeat(64);
    const { findings, ok } = verifyLedger(other, [stored], fixture.recorder.heads);
    expect({ ok, first: findings[0]?.code, position: findings[0]?.position }).toEqual({
      ok: false,
      first: 'ledger.foreign',
      position: 0,
    });
  });
});

describe('entries that were moved', () => {
  test('a dropped entry is missed at the one after it', () => {
    const at = indexOf('turn.started');
    const found = rows((all) => all.toSpliced(at, 1));
    expect(found.findings[0]).toMatchObject({ code: 'stream.broken', stream: 'run:r1', seq: 2 });
  });

  test('a dropped entry whose position is missing too is told', () => {
    const at = indexOf('turn.started');
    const found = verified(fixture, [stored.toSpliced(at, 1)]);
    expect(codesOf(found)).toContain('ledger.gap');
  });

  test('a dropped end of a stream is told by its head', () => {
    const found = rows((all) => all.slice(0, -2));
    expect(found.findings).toMatchObject([
      { code: 'stream.truncated', stream: `writ:${fixture.above.id}` },
      { code: 'stream.truncated', stream: 'run:r2' },
    ]);
  });

  test('a dropped stream is told by its head', () => {
    const found = rows((all) => all.filter(({ stream }) => stream !== 'run:r2'));
    expect(codesOf(found)).toEqual([
      'stream.truncated',
      'cause.unknown',
      'entry.misattributed',
      'approval.invalid',
      'batch.broken',
      'writ.invalid',
    ]);
  });

  test('an entry after the head is told', () => {
    const heads = new Map(fixture.recorder.heads).set('run:r2', { seq: 0, digest: fixture.ledger });
    const { findings } = verifyLedger(fixture.ledger, [stored], heads);
    expect(findings).toMatchObject([{ code: 'stream.broken', stream: 'run:r2' }]);
  });

  test('a repeated entry is told where it is repeated', () => {
    const at = indexOf('commit');
    const found = rows((all) => all.toSpliced(at + 1, 0, ...all.slice(at, at + 1)));
    expect(found.findings[0]).toMatchObject({ code: 'stream.broken', position: at + 1 });
  });

  test('two entries that changed places are told', () => {
    const at = indexOf('turn.started');
    const found = rows((all) => all.toSpliced(at, 2, ...all.slice(at, at + 2).reverse()));
    expect(codesOf(found)).toContain('stream.broken');
  });

  test('two batches of different streams may not be mixed', () => {
    const at = indexOf('turn.started');
    const other = indexOf('policy.activated', 'policy');
    const found = rows((all) => {
      const rest = all.toSpliced(at + 1, 0, ...all.slice(other, other + 1));
      return rest.toSpliced(other, 1);
    });
    expect(codesOf(found)).toContain('batch.broken');
  });

  test('an entry of another ledger is foreign, although it is genuine there', () => {
    const there = ledgerFixture({
      edit: (drafts) =>
        drafts.map((draft) =>
          draft.kind === 'ledger.created'
            ? { ...draft, body: { envelope: anotherGenesis() } }
            : draft,
        ),
    });
    writeRun(there);
    const at = there.recorder.entries.findIndex(({ entry }) => entry.kind === 'run.started');
    const row = there.recorder.stored[at];
    assert(row !== undefined, 'the other ledger has a run');
    const found = rows((all) => all.with(indexOf('run.started'), row));
    expect(found.findings.map(({ code }) => code)).toContain('ledger.foreign');
  });

  test('an entry of another run is not readable in its place', () => {
    const row = stored[indexOf('commit', 'run:r2')];
    assert(row !== undefined, 'the ledger has a second run');
    const found = rows((all) => all.with(indexOf('commit'), { ...row, stream: 'run:r1' }));
    expect(found.findings[0]).toMatchObject({
      code: 'entry.unreadable',
      position: indexOf('commit'),
    });
  });
});

function anotherGenesis() {
  const [first] = fixture.recorder.entries;
  assert(first?.entry.kind === 'ledger.created', 'a ledger begins with its genesis');
  const payload = Buffer.from(first.entry.body.envelope.payload, 'base64').toString();
  const genesis = { ...(JSON.parse(payload) as JsonObject), nonce: 'another' };
  return sealEnvelope('application/vnd.chancery.genesis+json', genesis, [people.root]);
}

const other: Digest = 'e'.repeat(64);

describe('forged authority', () => {
  test('a key that no root has signed for', () => {
    const forged = ledgerWith('key.trusted', ({ envelope }) => {
      const payload = JSON.parse(Buffer.from(envelope.payload, 'base64').toString()) as JsonObject;
      return {
        envelope: sealEnvelope('application/vnd.chancery.key+json', payload, [people.agent]),
      };
    });
    expect(told(forged)).toContain('key.invalid at key.trusted');
  });

  test('a signature that is not over the payload', () => {
    const forged = ledgerWith('writ.issued', ({ envelope }) => ({
      envelope: {
        ...envelope,
        signatures: envelope.signatures.map((each) => ({
          ...each,
          sig: Buffer.alloc(64).toString('base64'),
        })),
      },
    }));
    expect(told(forged)).toContain('writ.invalid at writ.issued');
  });

  test('a bundle that is signed by a key which may not', () => {
    const envelope = signBundle(someBundle(), people.agent);
    const forged = ledgerWith('policy.activated', (body) => ({ ...body, envelope }));
    expect(told(forged)).toEqual(['policy.invalid at policy.activated']);
  });

  test('a bundle that is another than the entry says', () => {
    const forged = ledgerWith('policy.activated', (body) => ({ ...body, bundle: other }));
    expect(told(forged)).toEqual([
      'policy.invalid at policy.activated',
      'policy.mismatch at run.started',
      'policy.mismatch at proposal.staged',
    ]);
  });

  test('a policy set that the bundles do not make', () => {
    const forged = ledgerWith('policy.activated', (body) => ({ ...body, policySet: other }));
    expect(told(forged)).toEqual(['policy.mismatch at policy.activated']);
  });

  test('a run and commits under a policy set that was not active', () => {
    const start = ledgerWith('run.started', (body) => ({ ...body, policySetDigest: other }));
    const commit = ledgerWith('commit', (body) => ({ ...body, policySetDigest: other }));
    expect(told(start)).toEqual(['policy.mismatch at run.started']);
    expect(told(commit)).toEqual(['policy.mismatch at commit']);
  });

  test('decisions that go on under the old set after a new activation', () => {
    const changed = ledgerFixture();
    anotherPolicy(changed);
    writeRun(changed);
    expect(told(changed)).toEqual([
      'policy.mismatch at run.started',
      'policy.mismatch at proposal.staged',
    ]);
  });

  test('a carve that is missing, and one that is larger than the writ', () => {
    const none = ledgerWith('writ.carved', (body) => ({ ...body, child: other }));
    const large = ledgerWith('writ.carved', (body) => ({
      ...body,
      budget: { ...body.budget, calls: 101 },
    }));
    expect(told(none)).toEqual(['writ.invalid at writ.issued', 'writ.invalid at writ.closed']);
    expect(told(large)).toContain('budget.overspent at writ.carved');
  });
});

describe('actions outside the law', () => {
  test('an action whose digest is another', () => {
    const forged = ledgerWith('proposal.staged', (body) => ({
      ...body,
      action: { ...body.action, resolved: { inline: { path: '/elsewhere' } } },
    }));
    expect(told(forged)).toEqual([
      'action.mismatch at proposal.staged',
      'question.misstated at proposal.staged',
    ]);
  });

  test.each(['ledger', 'intent', 'writ', 'contract'] as const)(
    'an action that names another %s',
    (member) => {
      const forged = ledgerWith('proposal.suspended', (body) => ({
        ...body,
        action: { ...body.action, [member]: other },
      }));
      expect(told(forged)).toContain('action.mismatch at proposal.suspended');
    },
  );

  test('an intent that was changed after it was decided', () => {
    const forged = ledgerWith('intent.proposed', (body) => ({
      ...body,
      intent: { inline: { kind: 'act', nonce: body.nonce, capability: 'fs.write' } },
    }));
    expect(told(forged)).toEqual(['action.mismatch at intent.proposed']);
  });

  test('an intent whose nonce is told otherwise', () => {
    const forged = ledgerWith('intent.proposed', (body) => ({ ...body, nonce: 'another' }));
    expect(told(forged)).toEqual(['action.mismatch at intent.proposed']);
  });

  test('an intent that goes by the digest of another', () => {
    const forged = ledgerWith('intent.proposed', (body) => ({ ...body, digest: other }));
    expect(told(forged)).toEqual([
      'action.mismatch at intent.proposed',
      'action.mismatch at proposal.staged',
      'action.mismatch at proposal.suspended',
    ]);
  });

  test('an action outside the writ: capability, argument, effect, window', () => {
    const late = ledgerFixture({ terms: { window: { notBefore: 1_000, notAfter: 1_001 } } });
    const reading = ledgerFixture({ terms: { effects: ['read'] } });
    const ungranted = ledgerFixture({ terms: { grants: [{ capability: 'fs.read', where: [] }] } });
    const elsewhere = ledgerFixture({
      terms: {
        grants: [
          { capability: 'fs.write', where: [{ arg: 'path', op: 'under', value: 'src/deep' }] },
        ],
      },
    });
    for (const forged of [late, reading, ungranted, elsewhere]) {
      writeRun(forged);
      expect(told(forged)).toEqual([
        'writ.exceeded at proposal.staged',
        'writ.exceeded at proposal.suspended',
      ]);
    }
  });

  test('a control that halts the run and is not heeded', () => {
    const halted = ledgerFixture();
    halt(halted, null, people.root);
    writeRun(halted);
    expect(told(halted)).toEqual([
      'control.ignored at proposal.staged',
      'control.ignored at proposal.suspended',
    ]);
  });

  test('an execution that nobody staged', () => {
    const forged = ledgerWith('proposal.staged', (body) => ({ ...body, actionDigest: other }));
    expect(told(forged)).toContain('run.misordered at execution.started');
  });

  test('a commit under another contract', () => {
    const forged = ledgerWith('commit', (body) => ({ ...body, contractDigest: other }));
    expect(told(forged)).toEqual(['action.mismatch at commit']);
  });
});

describe('budgets', () => {
  const nothing = { ...zeroAmounts, tokens: 20, costMicrousd: 4, calls: 1, wallMs: 1_000 };

  test('a reservation beyond the writ', () => {
    const poor = ledgerFixture({ terms: { budget: { ...nothing, calls: 0 } } });
    writeRun(poor);
    expect(told(poor)).toContain('budget.overspent at execution.started');
  });

  test('a model call beyond the writ', () => {
    const poor = ledgerFixture({ terms: { budget: { ...nothing, tokens: 19, calls: 9 } } });
    writeRun(poor);
    expect(told(poor)).toContain('budget.overspent at model.requested');
  });

  test('a cost beyond its reservation is an overrun, and no tampering', () => {
    const fixture = ledgerFixture({
      terms: { budget: { ...nothing, tokens: 30, costMicrousd: 8, calls: 2, wallMs: 2_000 } },
    });
    const story = new RunStory(fixture);
    story.start();
    story.think();
    story.think({ tokens: 21, costMicrousd: 2 });
    story.act();
    story.finish();
    const found = verified(fixture);
    expect({ ok: found.ok, severities: found.findings.map(({ severity }) => severity) }).toEqual({
      ok: true,
      severities: found.findings.map(() => 'drift'),
    });
    expect(told(fixture)).toContain('budget.overrun at model.responded');
  });
});

describe('the end of a run', () => {
  test.each([
    ['another world', { worldDigest: other }],
    ['another tree', { tree: other }],
    ['another spend', { spent: zeroAmounts }],
    [
      'a gate that nobody ran',
      { gates: [{ command: 'npm test', action: other, exitCode: 0, passed: true }] },
    ],
  ])('that tells %s', (_what, change) => {
    const forged = ledgerWith('run.finished', (body) => ({ ...body, ...change }));
    expect(told(forged)).toEqual(['run.misstated at run.finished']);
  });

  test('is the end: nothing of the run comes after it', () => {
    const longer = ledgerFixture();
    const story = writeRun(longer);
    story.think();
    expect(told(longer)).toContain('run.misordered at turn.started');
  });

  test('does not hide a delta that does not apply', () => {
    const forged = ledgerFixture({
      edit: (drafts) =>
        drafts.map((draft) =>
          draft.kind === 'commit'
            ? {
                ...draft,
                body: { ...draft.body, delta: [{ op: 'delete', key: 'gone', expect: 1 }] },
              }
            : draft,
        ),
    });
    const story = new RunStory(forged);
    story.start();
    story.act();
    expect(told(forged)).toEqual(['world.stale at commit']);
  });

  test('under another catalogue of kinds is drift', () => {
    const older = ledgerWith('run.started', (body) => ({ ...body, contractDigest: other }));
    expect({ ok: verified(older).ok, told: told(older) }).toEqual({
      ok: true,
      told: ['contract.drift at run.started'],
    });
  });
});

describe('drift of a ledger', () => {
  const names = ['fs.write', 'shell.run'];
  const pinned = new Map(names.map((name) => [name, someDigest(`contract of ${name}`)]));
  const now = {
    compilerVersion: '1',
    catalogueDigest,
    contracts: pinned,
  };

  function driftIn({ recorder, ledger }: LedgerFixture, only?: string) {
    const verifier = new Verifier(ledger);
    verifier.page(recorder.stored);
    return verifier.drift(now, only);
  }

  test('is none where runs were decided as they would be today', () => {
    const fixture = ledgerFixture();
    writeRun(fixture);
    expect(driftIn(fixture)).toEqual([]);
  });

  test('is what runs that ended, and that go on, were decided under and the ledger has left', () => {
    const fixture = ledgerFixture();
    writeRun(fixture);
    new RunStory(fixture, 'r2', anotherWrit(fixture)).start();
    const policySet = anotherPolicy(fixture);
    const policy = { what: 'policy', name: undefined, recorded: fixture.policySet } as const;
    const first = { stream: 'run:r1', seq: 0 };
    expect(driftIn(fixture)).toEqual([{ ...policy, present: policySet, runs: 2, first }]);
    const second = { stream: 'run:r2', seq: 0 };
    expect(driftIn(fixture, 'run:r2')).toEqual([
      { ...policy, present: policySet, runs: 1, first: second },
    ]);
  });

  test('is none that could be told of a ledger without a genesis', () => {
    expect(new Verifier(someDigest('nothing')).drift(now)).toEqual([]);
  });
});
