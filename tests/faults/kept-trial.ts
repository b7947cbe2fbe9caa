import { join } from 'node:path';
import { fileAnchor } from '@chancery/adapters/anchor-file';
import { tilesFolder } from '@chancery/adapters/tiles-folder';
import { ed25519Signer, leafDigest, signerOf } from '@chancery/kernel/encoding';
import type { Result } from '@chancery/kernel/refusal';
import {
  emptyFrontier,
  grow,
  ledgerVerifier,
  originOf,
  parseCheckpoint,
  parseNote,
  proveConsistency,
  rootOf,
  signCheckpoint,
} from '@chancery/kernel/tree';
import { addCheckpointText } from '@chancery/kernel/witness';
import { keptPath, Witness } from '@chancery/runtime/transparency';
import { nodesOf, valueOf } from '@chancery/testkit/builders';
import type { FaultyDisk } from './faulty-disk.ts';
import type { Blow, Trial } from './job.ts';
import { loudness } from './loudness.ts';

/* What somebody else keeps of a ledger: an anchor its checkpoints, a witness what it has cosigned. */

const ledger = 'a'.repeat(64);
const origin = originOf(ledger);
const [log, own] = [1, 2].map((seed) => signerOf(ed25519Signer(new Uint8Array(32).fill(seed)))) as [
  ReturnType<typeof signerOf>,
  ReturnType<typeof signerOf>,
];

/** Entries of a ledger, a character each, and of one that went another way after the first. */
const [history, fork] = ['abcdef', 'axyzuv'] as const;
const sizes = [1, 3, 6] as const;

function leavesOf(text: string): readonly string[] {
  return Array.from(text).map((each) => leafDigest(each));
}

function noteOf(text: string): string {
  const head = { size: text.length, root: rootOf(grow(emptyFrontier, leavesOf(text))) };
  return signCheckpoint({ origin, ...head, heads: undefined }, [log]);
}

function notes(): readonly string[] {
  return sizes.map((size) => noteOf(history.slice(0, size)));
}

/** What a step came to; `undefined` where it was refused, which is noted. */
async function attempt<T>(
  refused: string[],
  act: () => Promise<Result<T>>,
): Promise<T | undefined> {
  try {
    const result = await act();
    if (result.ok) return result.value;
    refused.push(result.refusal.code);
  } catch (error) {
    refused.push(loudness(error));
  }
  return undefined;
}

/**
 * Lets a fault befall an anchor that checkpoints are published at; then, without faults, reads what it
 * keeps: all that was acknowledged, in order, and nothing that was not published, or it says that it
 * is broken.
 */
export async function tryAnchor(disk: FaultyDisk, { kind, at, ending }: Blow): Promise<Trial> {
  disk.renew();
  const path = join(disk.folder, 'anchor');
  const refused: string[] = [];
  const acknowledged: string[] = [];
  disk.arm(kind, at);
  for (const note of notes()) {
    const kept = await attempt(refused, () => fileAnchor(path).publish(note));
    if (kept === undefined) break;
    acknowledged.push(note);
  }
  const struck = disk.struck();
  disk.end(ending);
  const wrong: string[] = [];
  const found = await fileAnchor(path).published();
  if (found.ok) {
    const isKept = acknowledged.every((note, index) => found.value[index] === note);
    if (!isKept) wrong.push(`${acknowledged.length} acknowledged checkpoints are not all there`);
    if (found.value.some((note) => !notes().includes(note))) wrong.push('another checkpoint');
  } else if (found.refusal.code !== 'anchor.broken' || refused.length === 0) {
    wrong.push(`${found.refusal.code}: ${found.refusal.message}`);
  } else refused.push(found.refusal.code);
  return { refused, wrong, struck };
}

/**
 * Lets a fault befall a witness; then, without faults, another one on the same folder: it keeps what
 * was cosigned last, or what was about to be, cosigns no fork of it, and goes on.
 */
export async function tryWitness(disk: FaultyDisk, { kind, at, ending }: Blow): Promise<Trial> {
  disk.renew();
  const folder = join(disk.folder, 'kept');
  const refused: string[] = [];
  disk.arm(kind, at);
  let given = 0;
  const witness = witnessIn(folder);
  for (const size of sizes) {
    const line = await attempt(refused, () => witness.addCheckpoint(requestTo(given, size)));
    if (line === undefined) break;
    given = size;
  }
  const struck = disk.struck();
  disk.end(ending);
  const wrong: string[] = [];
  const kept = await sizeIn(folder);
  if (kept < given) wrong.push(`cosigned ${given}, and keeps ${kept}`);
  if (kept > 1) {
    const forked = await witnessIn(folder).addCheckpoint(requestTo(kept, kept, fork));
    if (forked.ok) wrong.push('cosigns a fork');
  }
  const later: string[] = [];
  const last = sizes[sizes.length - 1] ?? 0;
  const goesOn = await attempt(later, () => witnessIn(folder).addCheckpoint(requestTo(kept, last)));
  if (goesOn === undefined) wrong.push(`does not go on: ${later.join()}`);
  disk.cutPower('nothing');
  if ((await sizeIn(folder)) !== last) wrong.push('what it went on to is gone');
  return { refused, wrong, struck };
}

function witnessIn(folder: string): Witness {
  return new Witness({
    ...{ name: 'witness.example', signer: own, kept: tilesFolder(folder) },
    logs: [{ origin, keys: [ledgerVerifier(ledger, log.id)] }],
    clock: { nowMs: () => 1_700_000_000_000 },
  });
}

/** Entries that the kept checkpoint covers; none where there is none. */
async function sizeIn(folder: string): Promise<number> {
  const bytes = await tilesFolder(folder).read(keptPath(origin));
  if (bytes === undefined) return 0;
  const { text } = valueOf(parseNote(Buffer.from(bytes).toString('utf8')));
  return valueOf(parseCheckpoint(text)).size;
}

function requestTo(oldSize: number, size: number, of: string = history): string {
  const leaves = leavesOf(of.slice(0, size));
  const isGrowth = oldSize > 0 && oldSize < size;
  const proof = isGrowth ? valueOf(proveConsistency(nodesOf(leaves), oldSize, size)).path : [];
  return addCheckpointText({ oldSize, proof, note: noteOf(of.slice(0, size)) });
}
