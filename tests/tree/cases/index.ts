import { checkpointVectors } from './checkpoint.ts';
import { headsVectors } from './heads.ts';
import { merkleVectors } from './merkle.ts';
import { tileVectors } from './tiles.ts';
import { witnessVectors } from './witness.ts';

/** The files of tests/vectors/tree, and what makes them. */
export const vectors = {
  'merkle.json': merkleVectors,
  'tiles.json': tileVectors,
  'checkpoint.json': checkpointVectors,
  'heads.json': headsVectors,
  'witness.json': witnessVectors,
} as const;

export function vectorText(file: keyof typeof vectors): string {
  return `${JSON.stringify(vectors[file](), undefined, 1)}\n`;
}
