import {
  emptyRoot,
  ledgerVerifier,
  originOf,
  proveConsistency,
  signCheckpoint,
  verifierKeyText,
} from '@chancery/kernel/tree';
import { addCheckpointText } from '@chancery/kernel/witness';
import type { Digest, Signer } from '@chancery/kernel/encoding';
import { leavesOf, nodesOf, signerFrom, valueOf } from '@chancery/testkit/builders';
import { altered, rootAt } from './tree.ts';

const ledger = 'ab'.repeat(32);
const seeds = { log: 1, stranger: 3 };
const [log, stranger] = [signerFrom(seeds.log), signerFrom(seeds.stranger)];

interface Head {
  readonly size: number;
  readonly root: Digest;
}

function headAt(size: number): Head {
  return { size, root: size === 0 ? emptyRoot : rootAt(size) };
}

function noteOf({ size, root }: Head, by: Signer = log, of = ledger): string {
  return signCheckpoint({ origin: originOf(of), size, root, heads: undefined }, [by]);
}

function pathTo(from: number, size: number): readonly Digest[] {
  if (from === 0 || from === size) return [];
  return valueOf(proveConsistency(nodesOf(leavesOf(size)), from, size)).path;
}

/** Bodies of `add-checkpoint` (C2SP tlog-witness), and what a witness has to answer. */
export function witnessVectors(): object {
  return {
    about: 'requests to a witness that knows one log; a seed is its byte 32 times (RFC 8032)',
    ...{ ledger, seeds },
    log: verifierKeyText(ledgerVerifier(ledger, log.id)),
    requests: [...cosignedCases(), ...refusedCases()],
  };
}

function grown(last: number, to: number): string {
  return addCheckpointText({ oldSize: last, proof: pathTo(last, to), note: noteOf(headAt(to)) });
}

function cosignedCases(): readonly object[] {
  const grows: readonly (readonly [string, number | null, number])[] = [
    ['the first checkpoint that it sees', null, 13],
    ['an empty tree', null, 0],
    ['a tree that grew out of an empty one', 0, 7],
    ['the same again', 13, 13],
    ['a tree that grew', 3, 13],
    ['a tree that grew out of a whole subtree', 8, 13],
  ];
  return grows.map(([title, last, to]) => ({
    title,
    last: last === null ? null : headAt(last),
    body: grown(last ?? 0, to),
    status: 200,
  }));
}

function refusedCases(): readonly object[] {
  const last = headAt(3);
  const whole = grown(3, 13);
  const fork = { size: 13, root: altered(rootAt(13)) };
  const forkBody = addCheckpointText({ oldSize: 3, proof: pathTo(3, 13), note: noteOf(fork) });
  const sameSize = addCheckpointText({
    ...{ oldSize: 3, proof: [] },
    note: noteOf({ size: 3, root: altered(last.root) }),
  });
  const foreign = addCheckpointText({
    ...{ oldSize: 3, proof: pathTo(3, 13) },
    note: noteOf(headAt(13), log, 'cd'.repeat(32)),
  });
  const unsigned = addCheckpointText({
    ...{ oldSize: 3, proof: pathTo(3, 13) },
    note: noteOf(headAt(13), stranger),
  });
  const smaller = addCheckpointText({ oldSize: 13, proof: [], note: noteOf(headAt(3)) });
  const surplus = addCheckpointText({ oldSize: 3, proof: [last.root], note: noteOf(last) });
  const bare = addCheckpointText({ oldSize: 3, proof: [], note: noteOf(headAt(13)) });
  const of = (title: string, status: number, body: string): object => ({
    title,
    last,
    body,
    status,
  });
  return [
    of('no empty line', 400, whole.replace('\n\n', '\n')),
    of('a size with a zero before it', 400, whole.replace('old 3', 'old 03')),
    of('no note', 400, 'old 3\n\nnothing'),
    of('a proof line that is no hash', 400, whole.replace('old 3\n', 'old 3\nAAAA\n')),
    of('a tree that is smaller than the old one', 400, smaller),
    of('a key that is not that of the log', 403, unsigned),
    of('a note that was changed after it was signed', 403, whole.replace('\n13\n', '\n14\n')),
    of('another log', 404, foreign),
    of('an old size that is not the last', 409, grown(8, 13)),
    of('another tree of the same size', 409, sameSize),
    of('a tree that did not grow out of the last', 422, forkBody),
    of('a tree that grew, without its proof', 422, bare),
    of('a proof where none is needed', 422, surplus),
  ];
}
