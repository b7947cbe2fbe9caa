import { bytesDigest, hexOfBytes, type Digest } from '../encoding/index.ts';

/** What the files of a workspace are kept as: git objects, named by SHA-256. */
export type GitKind = 'tree' | 'blob';

/** What a tree names, and what that is. */
export interface GitChild {
  readonly kind: GitKind;
  readonly digest: Digest;
}

const utf8 = new TextEncoder();
const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const digestBytes = 32;

/** The name that git gives an object in a repository of the SHA-256 format. */
export function gitDigest(kind: GitKind, bytes: Uint8Array): Digest {
  const header = utf8.encode(`${kind} ${bytes.length}\0`);
  const whole = new Uint8Array(header.length + bytes.length);
  whole.set(header);
  whole.set(bytes, header.length);
  return bytesDigest(whole);
}

const kinds: Readonly<Record<string, GitKind>> = {
  '40000': 'tree',
  '100644': 'blob',
  '100755': 'blob',
  '120000': 'blob',
};

/**
 * What a tree names, in its order. Undefined for one that a workspace would not have written, also where git
 * would read it: other modes, names that lead out of a folder or into a repository, names out of order or
 * twice. A tree is written out into a folder, and this is what keeps it in there.
 */
export function readGitTree(bytes: Uint8Array): readonly GitChild[] | undefined {
  const children: GitChild[] = [];
  const names = new Set<string>();
  let before: Uint8Array | undefined;
  for (let at = 0; at < bytes.length;) {
    const space = bytes.indexOf(0x20, at);
    const end = bytes.indexOf(0, space);
    const next = end + 1 + digestBytes;
    if (space < 0 || end < 0 || next > bytes.length) return undefined;
    const mode = textOf(bytes.subarray(at, space)) ?? '';
    const name = textOf(bytes.subarray(space + 1, end));
    const kind = Object.hasOwn(kinds, mode) ? kinds[mode] : undefined;
    if (kind === undefined || name === undefined || !isName(name) || names.has(name)) {
      return undefined;
    }
    const key = utf8.encode(kind === 'tree' ? `${name}/` : name);
    if (before !== undefined && !isBefore(before, key)) return undefined;
    before = key;
    names.add(name);
    children.push({ kind, digest: hexOfBytes(bytes.subarray(end + 1, next)) });
    at = next;
  }
  return children;
}

function textOf(bytes: Uint8Array): string | undefined {
  try {
    return strictUtf8.decode(bytes);
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}

function isName(name: string): boolean {
  if (name === '' || name === '.' || name === '..' || name.includes('/')) return false;
  return name.toLowerCase() !== '.git';
}

function isBefore(a: Uint8Array, b: Uint8Array): boolean {
  const length = Math.min(a.length, b.length);
  for (let at = 0; at < length; at += 1) {
    const difference = (a[at] ?? 0) - (b[at] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  return a.length < b.length;
}
