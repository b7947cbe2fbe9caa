import { existsSync, readFileSync } from 'node:fs';
import { forbiddenCalls } from '../filter.ts';

/** Numbers of system calls of the present architecture. */
const numbers: Readonly<Record<string, number>> = forbiddenCalls[process.arch] ?? {};

/** A script that makes a system call and prints `through` when the kernel let it. */
export const call = (name: string, args: string, before = ''): string =>
  perl(`${before} print "through" if syscall(${numbers[name] ?? -1}, ${args}) >= 0`);

/** A script for perl; holds no single quote. */
export const perl = (script: string): string => `perl -e '${script}'`;

const setting = (path: string): string =>
  existsSync(path) ? readFileSync(path, 'utf8').trim() : '';

/** What this kernel was built or set up without, by its own word; undefined where it has it. */
export const absences: Readonly<Record<string, () => string | undefined>> = {
  io_uring: () =>
    /^[12]$/.test(setting('/proc/sys/kernel/io_uring_disabled')) ? 'io_uring is off' : undefined,
  tiocsti: () =>
    setting('/proc/sys/dev/tty/legacy_tiocsti') === '0' ? 'TIOCSTI is off' : undefined,
  sysrq: () => (existsSync('/proc/sysrq-trigger') ? undefined : 'the magic key is off'),
  users: () =>
    setting('/proc/sys/user/max_user_namespaces') === '0' ? 'user namespaces are off' : undefined,
  x32: () => 'x32 is off in every kernel of a distribution',
};
