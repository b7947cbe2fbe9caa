import {
  ledgerFixture,
  people,
  someDigest,
  writeRun,
  type LedgerFixture,
} from '@chancery/testkit/builders';
import { describe, expect, test } from 'vitest';
import type { KeyId } from '../encoding/index.ts';
import { catalogueDigest } from '../ledger/index.ts';
import { assert } from '../refusal/index.ts';
import { workspaceKey } from '../world/index.ts';
import { retireKey, type Trust } from '../writ/index.ts';
import { driftOf, sharedDrift, type Present } from './drift.ts';
import { replayRun } from './replay.ts';
import { Verifier } from './verify.ts';

const fixture = ledgerFixture();
writeRun(fixture);
const entries = fixture.recorder.entries.filter(({ entry }) => entry.stream === 'run:r1');

function trustIn({ recorder, ledger }: LedgerFixture): Trust {
  const verifier = new Verifier(ledger);
  verifier.page(recorder.stored);
  assert(verifier.trust !== undefined, 'the ledger has a genesis');
  return verifier.trust;
}

/** Trust in a ledger like it that has retired a key. */
function without(key: KeyId): Trust {
  const left = ledgerFixture();
  const { ledger, recorder } = left;
  const said = { ledger, key, earlier: 1, reason: 'it was lent', roots: [people.root] };
  const body = { envelope: retireKey(said) };
  recorder.write({ stream: 'ledger', kind: 'key.retired', body });
  return trustIn(left);
}

describe('replayRun', () => {
  test('folds a run to the world that its end tells', () => {
    const { matches, worldDigest, state } = replayRun('run:r1', entries);
    expect({ matches, worldDigest }).toEqual({
      matches: true,
      worldDigest: state.finished?.worldDigest,
    });
  });

  test('stops at a seq, with the world of that moment', () => {
    const commit = entries.find(({ entry }) => entry.kind === 'commit')?.entry.seq ?? 0;
    const treeAt = (seq: number) =>
      replayRun('run:r1', entries, seq).world.cells.get(workspaceKey)?.value;
    expect([treeAt(commit - 1), treeAt(commit)]).toEqual([
      someDigest('tree 0'),
      someDigest('tree 1'),
    ]);
    expect(replayRun('run:r1', entries, commit).matches).toBeUndefined();
  });

  test('tells when the end of a run does not match', () => {
    const forged = entries.map((sealed) =>
      sealed.entry.kind === 'run.finished'
        ? {
            ...sealed,
            entry: {
              ...sealed.entry,
              body: { ...sealed.entry.body, worldDigest: someDigest('another') },
            },
          }
        : sealed,
    );
    expect(replayRun('run:r1', forged).matches).toBe(false);
  });
});

describe('driftOf', () => {
  const contract = someDigest('contract of fs.write');
  const present: Present = {
    compilerVersion: '1',
    policySetDigest: fixture.policySet,
    contracts: new Map([
      ['fs.write', contract],
      ['shell.run', someDigest('contract of shell.run')],
    ]),
    catalogueDigest,
    trust: trustIn(fixture),
  };

  const { state } = replayRun('run:r1', entries);
  const run = { ...state, signers: [people.agent.id, people.lead.id, people.issuer.id] };

  test('finds none where everything is as it was', () => {
    expect(driftOf(run, present)).toEqual([]);
  });

  test('tells each difference once, with the entry that tells what was', () => {
    const policySetDigest = someDigest('stricter');
    const changed = {
      compilerVersion: '2',
      policySetDigest,
      contracts: new Map([...present.contracts].slice(1)),
    };
    const commit = entries.find(({ entry }) => entry.kind === 'commit')?.entry.seq;
    expect(driftOf(run, { ...present, ...changed })).toEqual([
      {
        what: 'policy',
        name: undefined,
        recorded: fixture.policySet,
        present: policySetDigest,
        seq: 0,
      },
      { what: 'contract', name: 'fs.write', recorded: contract, present: undefined, seq: 0 },
      { what: 'compiler', name: undefined, recorded: '1', present: '2', seq: commit },
    ]);
  });

  test('tells each key that the ledger has taken leave of, once', () => {
    const { id: key } = people.issuer;
    const trust = without(key);
    const twice = { ...run, signers: [...run.signers, key] };
    expect(driftOf(twice, { ...present, trust })).toEqual([
      { what: 'signer', name: undefined, recorded: key, present: undefined, seq: 0 },
    ]);
  });
});

describe('sharedDrift', () => {
  test('tells what runs have in common once, with the first of them', () => {
    const policy = { what: 'policy', name: undefined, recorded: 'a', present: 'b' } as const;
    const contract = { what: 'contract', name: 'fs.write', recorded: 'a', present: 'b' } as const;
    const shared = sharedDrift([
      ['run:1', []],
      ['run:2', [{ ...policy, seq: 4 }]],
      [
        'run:3',
        [
          { ...policy, seq: 0 },
          { ...contract, seq: 0 },
        ],
      ],
    ]);
    expect(shared).toEqual([
      { ...policy, runs: 2, first: { stream: 'run:2', seq: 4 } },
      { ...contract, runs: 1, first: { stream: 'run:3', seq: 0 } },
    ]);
  });
});
