import type { Digest } from '../encoding/index.ts';
import { assert, done, refusal, refused, type Refusal, type Result } from '../refusal/index.ts';
import { digestAt, digestBytes, putDigest } from './hash.ts';

/** Hashes in a full tile; a tile is a subtree of height 8 (C2SP tlog-tiles). */
export const tileWidth = 256;
export const tileHeight = 8;

/**
 * Place of a tile: its hashes are nodes `index` × 256 and following, `width` of them, of the tree's
 * level 8 × `level`. A width below 256 is a partial tile, at the right edge of a tree.
 */
export interface Tile {
  readonly level: number;
  readonly index: number;
  readonly width: number;
}

/** An entry bundle stands where the tile of level 0 with the same index and width does. */
export type BundlePlace = Omit<Tile, 'level'>;

const pathForm =
  /^tile\/(entries|0|[1-9][0-9]?)\/((?:x[0-9]{3}\/)*[0-9]{3})(?:\.p\/([1-9][0-9]{0,2}))?$/;

/** `tile/<level>/<index>[.p/<width>]`, the index in groups of three digits. */
export function tilePath({ level, ...place }: Tile): string {
  return `tile/${level}/${placePath(place)}`;
}

export function bundlePath(place: BundlePlace): string {
  return `tile/entries/${placePath(place)}`;
}

/** Place that a path names, exactly as `tilePath` writes it. Refuses `tile.invalid`. */
export function parseTilePath(path: string): Result<Tile> {
  const [, level = '', groups = '', width] = pathForm.exec(path) ?? [];
  const place = { index: indexOf(groups), width: width === undefined ? 256 : Number(width) };
  const tile = { level: Number(level), ...place };
  const fits = tile.level <= 63 && Number.isSafeInteger(tile.index);
  return fits && tilePath(tile) === path ? done(tile) : refused('tile.invalid', noPath(path));
}

/** Place that the path of an entry bundle names. Refuses `tile.invalid`. */
export function parseBundlePath(path: string): Result<BundlePlace> {
  const [, , groups = '', width] = pathForm.exec(path) ?? [];
  const place = { index: indexOf(groups), width: width === undefined ? 256 : Number(width) };
  const fits = Number.isSafeInteger(place.index) && bundlePath(place) === path;
  return fits ? done(place) : refused('tile.invalid', noPath(path));
}

/** The bytes that are served for a tile: its hashes one after the other. */
export function encodeTile(hashes: readonly Digest[]): Uint8Array {
  assert(hashes.length > 0 && hashes.length <= tileWidth, 'a tile has 1 to 256 hashes');
  const bytes = new Uint8Array(hashes.length * digestBytes);
  for (const [index, hash] of hashes.entries()) putDigest(hash, bytes, index * digestBytes);
  return bytes;
}

/** Hashes of a tile of that width. Refuses `tile.invalid` for any other number of bytes. */
export function decodeTile(bytes: Uint8Array, { width }: Tile): Result<readonly Digest[]> {
  const wrong = checkTile(bytes, width);
  if (wrong !== undefined) return { ok: false, refusal: wrong };
  return done(Array.from({ length: width }, (_, index) => digestAt(bytes, index * digestBytes)));
}

/** Whether a tile of that width has as many bytes. Refuses `tile.invalid`. */
export function checkTile(bytes: Uint8Array, width: number): Refusal | undefined {
  return isWidth(width) && bytes.length === width * digestBytes
    ? undefined
    : refusal('tile.invalid', `a tile of width ${width} has not ${bytes.length} bytes`);
}

/** The tile that holds hash `index` of a tile level, as the tree of `size` leaves has it. */
export function tileAt(level: number, index: number, size: number): Tile | undefined {
  const hashes = Math.floor(size / tileWidth ** level);
  if (index >= hashes) return undefined;
  const tile = Math.floor(index / tileWidth);
  return { level, index: tile, width: Math.min(tileWidth, hashes - tile * tileWidth) };
}

/** Tiles of the tree of `to` leaves that the tree of `from` leaves does not have, by level. */
export function tilesBetween(from: number, to: number): readonly Tile[] {
  const tiles: Tile[] = [];
  for (let level = 0; tileWidth ** level <= to; level += 1) {
    const had = Math.floor(from / tileWidth ** level);
    const has = Math.floor(to / tileWidth ** level);
    for (let at = had; at < has; at = (Math.floor(at / tileWidth) + 1) * tileWidth) {
      const tile = tileAt(level, at, to);
      if (tile !== undefined) tiles.push(tile);
    }
  }
  return tiles;
}

/** Entry bundles of the tree of `to` leaves that the tree of `from` leaves does not have. */
export function bundlesBetween(from: number, to: number): readonly BundlePlace[] {
  return tilesBetween(from, to)
    .filter(({ level }) => level === 0)
    .map(({ index, width }) => ({ index, width }));
}

function placePath({ index, width }: BundlePlace): string {
  const groups: string[] = [];
  for (let rest = index; groups.length === 0 || rest > 0; rest = Math.floor(rest / 1_000)) {
    groups.unshift(String(rest % 1_000).padStart(3, '0'));
  }
  const last = groups.pop() ?? '';
  const folders = groups.map((group) => `x${group}/`).join('');
  return `${folders}${last}${isWidth(width) && width < tileWidth ? `.p/${width}` : ''}`;
}

function indexOf(groups: string): number {
  return groups === '' ? Number.NaN : Number(groups.replaceAll(/[x/]/g, ''));
}

function isWidth(width: number): boolean {
  return Number.isSafeInteger(width) && width >= 1 && width <= tileWidth;
}

function noPath(path: string): string {
  return `not the path of a tile or bundle: ${JSON.stringify(path.slice(0, 80))}`;
}
