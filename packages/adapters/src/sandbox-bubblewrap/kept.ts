import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { SandboxCommand } from '@chancery/runtime/broker';
import { isWithin, kindAt } from './place.ts';

/** What of the protected paths a command may write, and how the rest is kept from it. */
export interface Kept {
  /** Mounted read-only. */
  readonly readOnly: readonly string[];
  /**
   * Folders in which something is lifted, the outer ones first: their files can be replaced, as editors
   * do, and what is made in them beside that is looked for afterwards.
   */
  readonly open: readonly string[];
  /** What is lifted in a folder that stays read-only: it can be written, but not replaced or removed. */
  readonly inPlace: readonly string[];
}

/** Every mount takes longer than the one before: bubblewrap reads the table of all for each. */
const mostKept = 128;

/**
 * Where something in a protected folder is lifted, the folder is open and all its other entries are
 * read-only; with more of these than `mostKept`, the folders are read-only and what is lifted is
 * written in its place alone.
 */
export function keptOf(
  workspace: string,
  { readOnly, lifted = [] }: Pick<SandboxCommand, 'readOnly' | 'lifted'>,
): Kept {
  const names = lifted.map(bare);
  const whole = readOnly.filter((path) => !names.some((each) => isWithin(bare(path), each)));
  const parted = whole.filter((path) => names.some((each) => isWithin(each, bare(path))));
  const parts = parted.map((path) => partsOf(workspace, bare(path), names));
  const beside = new Set(parts.flatMap(({ readOnly }) => readOnly));
  if (beside.size > mostKept) {
    const isIn = (each: string): boolean => parted.some((path) => isWithin(each, bare(path)));
    return { readOnly: whole, open: [], inPlace: names.filter(isIn) };
  }
  const others = whole.filter((path) => !parted.includes(path));
  const open = new Set(parts.flatMap((part) => part.open));
  return { readOnly: [...others, ...beside], open: [...open], inPlace: [] };
}

const bare = (path: string): string => path.replace(/\/+$/, '');

/** A link beside what is lifted is in neither: no mount covers it, and it is compared afterwards. */
function partsOf(
  workspace: string,
  path: string,
  lifted: readonly string[],
): Pick<Kept, 'readOnly' | 'open'> {
  if (lifted.some((each) => isWithin(path, each))) return { readOnly: [], open: [] };
  const place = join(workspace, path);
  const kind = kindAt(place);
  if (!lifted.some((each) => isWithin(each, path))) {
    return { readOnly: ['file', 'folder'].includes(kind) ? [path] : [], open: [] };
  }
  if (kind !== 'folder' && kind !== 'missing') return { readOnly: [path], open: [] };
  const present = kind === 'folder' ? readdirSync(place) : [];
  const names = new Set([...present, ...namesOnTheWay(path, lifted)]);
  const inner = [...names].map((name) => partsOf(workspace, `${path}/${name}`, lifted));
  return {
    readOnly: inner.flatMap((part) => part.readOnly),
    open: [path, ...inner.flatMap((part) => part.open)],
  };
}

/** Names in a folder of what leads to something lifted, there or not. */
function namesOnTheWay(folder: string, lifted: readonly string[]): readonly string[] {
  return lifted
    .filter((each) => each !== folder && isWithin(each, folder))
    .flatMap((each) => each.slice(folder.length + 1).split('/', 1));
}
