import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { bytesOfHex, hexOfBytes, recordText, type Digest } from '@chancery/kernel/encoding';
import type { StreamHead } from '@chancery/kernel/ledger';
import {
  bundlePath,
  checkBundle,
  checkpointText,
  decodeBundle,
  decodeTile,
  emptyHeadsMap,
  openCheckpoint,
  originOf,
  parseCheckpoint,
  parseProof,
  parseTilePath,
  parseVerifierKey,
  tilePath,
  tilesBetween,
  verifyConsistency,
  verifyHead,
  verifyInclusion,
  verifyProofFile,
  withHeads,
  type BundlePlace,
  type Checkpoint,
  type Proof,
  type Tile,
} from '@chancery/kernel/tree';
import { valueOf } from '@chancery/testkit/builders';
import { vectors, vectorText } from './cases/index.ts';
import { rootAt } from './cases/tree.ts';

interface Case {
  readonly title: string;
  readonly valid: boolean;
}

interface Merkle {
  readonly roots: readonly { readonly size: number; readonly root: Digest }[];
  readonly inclusion: readonly (Case & Roots & { readonly leaf: Digest })[];
  readonly consistency: readonly (Case & Roots)[];
}

interface Roots {
  readonly root: Digest;
  readonly oldRoot: Digest;
  readonly newRoot: Digest;
  readonly proof: object;
}

interface Tiles {
  readonly tiles: readonly (Tile & { readonly path: string; readonly hex: string })[];
  readonly bundles: readonly (BundlePlace & { readonly path: string; readonly hex: string })[];
  readonly paths: readonly (Tile & { readonly path: string })[];
  readonly wrongPaths: readonly string[];
  readonly between: readonly {
    readonly from: number;
    readonly to: number;
    readonly count: number;
    readonly first: readonly string[];
    readonly last: readonly string[];
  }[];
}

interface Checkpoints {
  readonly ledger: Digest;
  readonly keys: { readonly log: string; readonly witness: string };
  readonly checkpoint: Checkpoint & { readonly text: string; readonly timeS: number };
  readonly notes: readonly (Case & { readonly quorum: number; readonly note: string })[];
  readonly proofFiles: readonly (Case & { readonly leaf: Digest; readonly text: string })[];
}

interface Heads {
  readonly steps: readonly { readonly heads: readonly StreamHead[]; readonly root: Digest }[];
  readonly proofs: readonly (Case & Roots)[];
}

const folder = path.resolve(import.meta.dirname, '../vectors/tree');
const textOf = (file: keyof typeof vectors) => readFileSync(path.join(folder, file), 'utf8');
const merkle = JSON.parse(textOf('merkle.json')) as Merkle;
const tiles = JSON.parse(textOf('tiles.json')) as Tiles;
const checkpoints = JSON.parse(textOf('checkpoint.json')) as Checkpoints;
const heads = JSON.parse(textOf('heads.json')) as Heads;

/** A proof as a stranger gives it: read strictly; undefined when it is refused. */
function proofIn<T extends Proof['type']>(of: object, type: T) {
  const read = parseProof(recordText(of));
  const proof = read.ok && read.value.type === type ? read.value : undefined;
  return proof as Extract<Proof, { type: T }> | undefined;
}

test.each(Object.keys(vectors) as (keyof typeof vectors)[])(
  '%s is what the code writes today',
  (file) => {
    expect(textOf(file)).toBe(vectorText(file));
  },
);

describe('trees', () => {
  test.each(merkle.roots)('have the root of $size leaves', ({ size, root }) => {
    expect(rootAt(size)).toBe(root);
  });

  test.each(merkle.inclusion)('inclusion: $title: $valid', ({ valid, proof, leaf, root }) => {
    const read = proofIn(proof, 'inclusion');
    expect(read !== undefined && verifyInclusion(read, leaf, root) === undefined).toBe(valid);
  });

  test.each(merkle.consistency)('consistency: $title: $valid', (of) => {
    const read = proofIn(of.proof, 'consistency');
    const holds =
      read !== undefined && verifyConsistency(read, of.oldRoot, of.newRoot) === undefined;
    expect(holds).toBe(of.valid);
  });
});

describe('tiles', () => {
  test.each([...tiles.paths, ...tiles.tiles])('are named: $path', ({ path: name, ...tile }) => {
    const { level, index, width } = tile;
    expect(tilePath(tile)).toBe(name);
    expect(valueOf(parseTilePath(name))).toEqual({ level, index, width });
  });

  test.each(tiles.wrongPaths)('are not named: %s', (name) => {
    expect(parseTilePath(name)).toMatchObject({ ok: false, refusal: { code: 'tile.invalid' } });
  });

  test.each(tiles.between)('are new between $from and $to', ({ from, to, count, first, last }) => {
    const paths = tilesBetween(from, to).map(tilePath);
    expect([paths.length, paths.slice(0, 4), paths.slice(-4)]).toEqual([count, first, last]);
  });

  test.each(tiles.bundles)('of level 0 belong to the bundle $path', (bundle) => {
    const tile = tiles.tiles.find(({ level, index }) => level === 0 && index === bundle.index);
    const hashes = valueOf(decodeTile(bytesOfHex(tile?.hex ?? ''), { level: 0, ...bundle }));
    const texts = valueOf(decodeBundle(bytesOfHex(bundle.hex), bundle));
    expect(checkBundle(texts, hashes)).toBeUndefined();
    expect(bundlePath(bundle)).toBe(bundle.path);
    expect(hashes.join('')).toBe(hexOfBytes(bytesOfHex(tile?.hex ?? '')));
  });
});

describe('checkpoints', () => {
  const { ledger, keys, checkpoint } = checkpoints;
  const { text, timeS, ...head } = checkpoint;
  const trust = {
    origin: originOf(ledger),
    log: [valueOf(parseVerifierKey(keys.log))],
    witnesses: [valueOf(parseVerifierKey(keys.witness))],
    quorum: 0,
  };

  test('have the text of their head', () => {
    expect(checkpointText(head)).toBe(text);
    expect(valueOf(parseCheckpoint(text))).toEqual(head);
  });

  test.each(checkpoints.notes)('note: $title: $valid', ({ valid, quorum, note }) => {
    const opened = openCheckpoint(note, { ...trust, quorum });
    expect(opened.ok ? opened.value.checkpoint : false).toEqual(valid ? head : false);
    if (!opened.ok || quorum === 0) return;
    expect(opened.value.signatures.map((signature) => signature.timeS)).toEqual([undefined, timeS]);
  });

  test.each(checkpoints.proofFiles)('proof file: $title: $valid', ({ valid, leaf, text: file }) => {
    const opened = verifyProofFile(file, leaf, trust);
    expect(opened.ok ? opened.value.checkpoint : false).toEqual(valid ? head : false);
  });
});

describe('stream heads', () => {
  test('give the root of each step', () => {
    let map = emptyHeadsMap;
    const roots = heads.steps.map((step) => (map = withHeads(map, step.heads)).digest);
    expect(roots).toEqual(heads.steps.map(({ root }) => root));
  });

  test.each(heads.proofs)('$title: $valid', ({ valid, proof, root }) => {
    const read = proofIn(proof, 'head');
    expect(read !== undefined && verifyHead(read, root) === undefined).toBe(valid);
  });
});
