import { ledgerFixture, someDigest, writeRun } from '@chancery/testkit/builders';
import { describe, expect, test } from 'vitest';
import { catalogueDigest } from '../ledger/index.ts';
import { workspaceKey } from '../world/index.ts';
import { driftOf, type Present } from './drift.ts';
import { replayRun } from './replay.ts';

const fixture = ledgerFixture();
writeRun(fixture);
const entries = fixture.recorder.entries.filter(({ entry }) => entry.stream === 'run:r1');

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
  };

  test('finds none where everything is as it was', () => {
    expect(driftOf(replayRun('run:r1', entries).state, present)).toEqual([]);
  });

  test('tells each difference once, with the entry that tells what was', () => {
    const policySetDigest = someDigest('stricter');
    const changed = {
      compilerVersion: '2',
      policySetDigest,
      contracts: new Map([...present.contracts].slice(1)),
    };
    const commit = entries.find(({ entry }) => entry.kind === 'commit')?.entry.seq;
    expect(driftOf(replayRun('run:r1', entries).state, { ...present, ...changed })).toEqual([
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
});
