import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { numberOf, type CallName } from './calls-fixture.ts';

/** A script that makes a system call and prints `through` when the kernel let it. */
export const call = (name: CallName, args: string, before = ''): string =>
  perl(`${before} print "through" if syscall(${numberOf(name) ?? -1}, ${args}) >= 0`);

/** A script for perl; holds no single quote. */
export const perl = (script: string): string => `perl -e '${script}'`;

const setting = (path: string): string =>
  existsSync(path) ? readFileSync(path, 'utf8').trim() : '';

/** `getpid` in the table of x32; 38 is ENOSYS. */
const hasX32 = (): boolean =>
  spawnSync('perl', ['-e', 'syscall(0x40000000 + 39); exit $! + 0']).status !== 38;

/** What this kernel was built or set up without, by its own word; undefined where it has it. */
export const absences: Readonly<Record<string, () => string | undefined>> = {
  io_uring: () =>
    /^[12]$/.test(setting('/proc/sys/kernel/io_uring_disabled')) ? 'io_uring is off' : undefined,
  tiocsti: () =>
    setting('/proc/sys/dev/tty/legacy_tiocsti') === '0' ? 'TIOCSTI is off' : undefined,
  sysrq: () => (existsSync('/proc/sysrq-trigger') ? undefined : 'the magic key is off'),
  users: () =>
    setting('/proc/sys/user/max_user_namespaces') === '0' ? 'user namespaces are off' : undefined,
  segments: () => (numberOf('modify_ldt') === null ? 'tables of segments are off' : undefined),
  x32: () => (hasX32() ? undefined : 'x32 is off'),
  /** Not of the kernel: only root makes a program that makes others root. */
  planting: () =>
    process.getuid?.() === 0 ? undefined : 'programs of root are off for who is not',
};
