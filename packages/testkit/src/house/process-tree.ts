import { readdirSync, readFileSync } from 'node:fs';

/** A process as /proc tells it. */
export interface SeenProcess {
  readonly pid: number;
  readonly parent: number;
  readonly name: string;
}

/** The process with this number; undefined once it is dead. */
export function seenProcess(pid: number): SeenProcess | undefined {
  let text: string;
  try {
    text = readFileSync(`/proc/${pid}/stat`, 'latin1');
  } catch {
    // Gone, in the middle of being read or before: in each case there is none.
    return undefined;
  }
  const end = text.lastIndexOf(')');
  const [state = '', parent = ''] = text.slice(end + 2).split(' ');
  if (state === 'Z' || state === 'X') return undefined;
  return { pid, parent: Number(parent), name: text.slice(text.indexOf('(') + 1, end) };
}

/** For each child of a process, that child and all that descends from it. */
export function treesBelow(root: number): readonly (readonly SeenProcess[])[] {
  const all = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => seenProcess(Number(name)) ?? []);
  const below = (parent: number): readonly SeenProcess[] =>
    all.filter((each) => each.parent === parent).flatMap((each) => [each, ...below(each.pid)]);
  return all.filter((each) => each.parent === root).map((child) => [child, ...below(child.pid)]);
}
