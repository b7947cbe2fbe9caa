import { createHash } from 'node:crypto';
import { Fault } from '@chancery/kernel/refusal';

export type ObjectFormat = 'sha1' | 'sha256';
export type ObjectKind = 'blob' | 'tree' | 'commit';
/** Modes that a tree of ours can hold: file, executable file, symlink, folder. */
export type Mode = '100644' | '100755' | '120000' | '40000';
export type FileMode = Exclude<Mode, '40000'>;

export interface TreeEntry {
  readonly name: string;
  readonly mode: Mode;
  /** Object id, lowercase hex. */
  readonly id: string;
}

export function objectHeader(kind: ObjectKind, sizeBytes: number): Buffer {
  return Buffer.from(`${kind} ${sizeBytes}\0`);
}

/** Object id as git defines it: the hash of header and content. */
export function objectId(format: ObjectFormat, kind: ObjectKind, bytes: Uint8Array): string {
  return createHash(format).update(objectHeader(kind, bytes.length)).update(bytes).digest('hex');
}

const surrogate = /[\ud800-\udfff]/;

/** Order of two strings by their UTF-8 bytes, which is the order of their code points. */
function compareBytes(left: string, right: string): number {
  if (surrogate.test(left) || surrogate.test(right)) {
    return Buffer.compare(Buffer.from(left), Buffer.from(right));
  }
  return left < right ? -1 : left > right ? 1 : 0;
}

function sortKey(entry: TreeEntry): string {
  return entry.mode === '40000' ? `${entry.name}/` : entry.name;
}

/** Content of a tree object, entries in the order that git demands. */
export function encodeTree(entries: readonly TreeEntry[]): Buffer {
  const keyed = entries.map((entry) => ({ entry, key: sortKey(entry) }));
  keyed.sort((left, right) => compareBytes(left.key, right.key));
  const parts: Buffer[] = [];
  for (const { entry } of keyed) {
    parts.push(Buffer.from(`${entry.mode} ${entry.name}\0`), Buffer.from(entry.id, 'hex'));
  }
  return Buffer.concat(parts);
}

/** Mode of a file entry as a tree of ours records it; old repositories hold 100664 as well. */
export function fileModeOf(mode: string): FileMode {
  if (mode === '120000') return '120000';
  if (mode === '100755') return '100755';
  if (mode.startsWith('100')) return '100644';
  throw new Fault(`a tree entry of mode ${mode} is not a file`);
}
