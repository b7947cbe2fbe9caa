import { readdirSync, readFileSync } from 'node:fs';

/** Fields of `/proc/PID/stat` (proc(5)) that are used here. */
export interface ProcessFacts {
  readonly parent: number;
  readonly isDead: boolean;
  readonly threads: number;
  /** Clock ticks since boot; tells two processes of one number apart. */
  readonly startedAt: number;
  /** Processor time of the process and of all children that it waited for. */
  readonly cpuMs: number;
}

/** USER_HZ: the unit of times in /proc on every architecture that the sandbox supports. */
const ticksPerSecond = 100;

/** Undefined when there is no such process. */
export function processFacts(pid: number): ProcessFacts | undefined {
  const text = readStat(pid);
  if (text === undefined) return undefined;
  // The name is in parentheses and may hold any byte, so fields count from the last one.
  const [state = '', parent = '', ...rest] = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const ticks = rest.slice(9, 13).reduce((sum, field) => sum + Number(field), 0);
  return {
    parent: Number(parent),
    isDead: state === 'Z' || state === 'X',
    threads: Number(rest[15]),
    startedAt: Number(rest[17]),
    cpuMs: (ticks * 1000) / ticksPerSecond,
  };
}

/** Processor time of all that descends from a process and has not been waited for, itself apart. */
export function cpuMsBelow(pid: number): number {
  let total = 0;
  const open = [...childrenOf(pid)];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    total += processFacts(next)?.cpuMs ?? 0;
    open.push(...childrenOf(next));
  }
  return total;
}

/**
 * Whether a process and all that descends from it have more processes and threads than `most`; those
 * that end or begin meanwhile may be counted or not. Nothing but the figure of the whole machine is
 * read while that is no larger.
 */
export function hasMoreTasks(pid: number, most: number): boolean {
  const all = tasksOfMachine();
  return (all === undefined || all > most) && tasksFrom(pid) > most;
}

/** Undefined where it is not told in the form of proc(5). */
function tasksOfMachine(): number | undefined {
  const all = /^(?:\S+ ){3}\d+\/(\d+) /.exec(readFileSync('/proc/loadavg', 'latin1'))?.[1];
  return all === undefined ? undefined : Number(all);
}

/** By one pass over all processes. */
export function tasksFrom(pid: number): number {
  const [threads, children] = [new Map<number, number>(), new Map<number, number[]>()];
  for (const each of processIds()) {
    const facts = processFacts(each);
    if (facts === undefined) continue;
    threads.set(each, facts.threads);
    const siblings = children.get(facts.parent);
    if (siblings === undefined) children.set(facts.parent, [each]);
    else siblings.push(each);
  }
  let total = 0;
  const open = [pid];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    total += threads.get(next) ?? 0;
    open.push(...(children.get(next) ?? []));
  }
  return total;
}

/**
 * Processes whose environment held `mark` (`NAME=value`) when they began, and all that descend from
 * these or from `root`. Empty where there is no /proc.
 */
export function markedProcesses(mark: string, root: number | undefined): readonly number[] {
  const marked = processIds().filter((pid) => environmentOf(pid).split('\0').includes(mark));
  const found = new Set(root === undefined ? marked : [root, ...marked]);
  for (const pid of found) for (const child of childrenOf(pid)) found.add(child);
  return [...found].filter((pid) => processFacts(pid)?.isDead === false);
}

const processIds = (): readonly number[] =>
  (ifPresent(() => readdirSync('/proc')) ?? []).filter((name) => /^\d+$/.test(name)).map(Number);

/** Empty for a process of another user. */
function environmentOf(pid: number): string {
  try {
    return ifPresent(() => readFileSync(`/proc/${pid}/environ`, 'latin1')) ?? '';
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EACCES') return '';
    throw error;
  }
}

/** Any thread may have started a child. */
function childrenOf(pid: number): readonly number[] {
  return threadsOf(pid)
    .map((thread) =>
      ifPresent(() => readFileSync(`/proc/${pid}/task/${thread}/children`, 'latin1')),
    )
    .flatMap((list) => (list ?? '').split(' '))
    .filter((child) => child !== '')
    .map(Number);
}

const threadsOf = (pid: number | string): readonly string[] =>
  ifPresent(() => readdirSync(`/proc/${pid}/task`)) ?? [];

const readStat = (pid: number): string | undefined =>
  ifPresent(() => readFileSync(`/proc/${pid}/stat`, 'latin1'));

/** A process may end while it is read. */
function ifPresent<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

const isMissing = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && ['ENOENT', 'ESRCH'].includes(String(error.code));

/** Kills one process; one that has just ended is no error. */
export function killProcess(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
}
