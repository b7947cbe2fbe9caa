import { existsSync, readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { callNames, closedNames, numberOf, type CallName } from './calls-fixture.ts';
import { perl } from './kernel-fixture.ts';
import { persons, type Person } from './person-fixture.ts';
import { makeWorld, type World } from './world-fixture.ts';

const EPERM = 1;
const ENOSYS = 38;

/** Where it would do something, or is not there, with a number of -1: what it is handed instead. */
const handed: Partial<Readonly<Record<CallName, string>>> = {
  init_module: '0, 0, 0',
  modify_ldt: '0, -1, 64',
};

const tried = closedNames.filter((name) => numberOf(name) !== null);

/** Makes every call with what no kernel can use, and prints the number of its error. */
const script = perl(
  tried
    .map((name) => {
      const args = handed[name] ?? '-1, -1, -1, -1, -1, -1';
      return `$! = 0; syscall(${String(numberOf(name))}, ${args}); print "${name} ", $! + 0, "\\n";`;
    })
    .join(' '),
);

/** Calls that an ordinary user is refused before anything that is handed over is looked at. */
const asksForRoot: readonly string[] = [
  ...['syslog', 'vhangup', 'pivot_root', 'acct', 'swapon', 'swapoff', 'reboot', 'sethostname'],
  ...['setdomainname', 'iopl', 'ioperm', 'init_module', 'finit_module', 'delete_module', 'bpf'],
  ...['kexec_load', 'kexec_file_load', 'open_by_handle_at', 'perf_event_open', 'fanotify_init'],
  ...['lookup_dcookie', 'move_mount', 'fsopen', 'fsmount', 'fspick', 'userfaultfd', 'chroot'],
];

/** Calls that a kernel may be built or set up without. No other is missing from one that we run on. */
const mayBeMissing: readonly string[] = [
  ...['uselib', 'lookup_dcookie', 'iopl', 'ioperm', 'init_module', 'finit_module', 'delete_module'],
  ...['kexec_load', 'kexec_file_load', 'modify_ldt', 'acct', 'swapon', 'swapoff', 'quotactl'],
  ...['quotactl_fd', 'migrate_pages', 'move_pages', 'perf_event_open', 'userfaultfd', 'kcmp'],
  ...['process_vm_readv', 'process_vm_writev', 'add_key', 'request_key', 'keyctl', 'bpf', 'syslog'],
  ...['io_uring_setup', 'io_uring_enter', 'io_uring_register', 'memfd_secret', 'fanotify_init'],
  // Newer than the oldest kernel that we run on.
  ...['process_madvise', 'mount_setattr', 'statmount', 'listmount', 'lsm_set_self_attr'],
  'open_tree_attr',
];

type Answers = Readonly<Record<string, number>>;

const answersOf = (output: string): Answers =>
  Object.fromEntries(
    output
      .trim()
      .split('\n')
      .map((line) => line.split(' '))
      .map(([name = '', errno]) => [name, Number(errno)]),
  );

const namesWith = (answers: Answers, ...errnos: readonly number[]): readonly string[] =>
  Object.keys(answers).filter((name) => errnos.includes(answers[name] ?? 0));

describe.each(persons.map((make) => make()))('run by $name, a command', (person: Person) => {
  let world: World;

  beforeEach(async () => {
    world = await makeWorld(person);
  });

  afterEach(() => world.remove());
  afterAll(() => person.leave());

  it('is refused every closed call, whatever its number is', async () => {
    const answers = answersOf(await world.attempt({ confined: true }, script));
    expect(answers).toEqual(Object.fromEntries(tried.map((name) => [name, EPERM])));
  });

  it('gets each of them answered by the kernel without confinement, or has no such call', async () => {
    const answers = answersOf(await world.attempt({ confined: false }, script));
    expect(Object.keys(answers)).toEqual(tried);
    const refused = namesWith(answers, EPERM);
    // Where the kernel asks for root before it looks at what it is handed.
    const asks = person.name === 'root' ? [] : asksForRoot;
    expect(refused.filter((name) => !asks.includes(name))).toEqual([]);
    const missing = namesWith(answers, ENOSYS);
    expect(missing.filter((name) => !mayBeMissing.includes(name))).toEqual([]);
  });
});

/** Of asm/unistd.h, for each architecture whose headers this system has. */
const headers: readonly (readonly [string, string])[] = [
  ['x64', '/usr/include/x86_64-linux-gnu/asm/unistd_64.h'],
  ['x64', '/usr/include/asm/unistd_64.h'],
  ['arm64', '/usr/include/asm-generic/unistd.h'],
];

describe('the numbers of system calls', () => {
  const present = headers.filter(([, path]) => existsSync(path));

  it('are those of the headers of this system, as far as these go', () => {
    const differing = present.flatMap(([arch, path]) => {
      const lines = readFileSync(path, 'utf8').matchAll(/^#define __NR_(\w+)\s+(\d+)/gm);
      const known = new Map([...lines].map(([, name = '', number]) => [name, Number(number)]));
      const last = Math.max(...known.values());
      return callNames.filter((name) => {
        const number = numberOf(name, arch);
        // What is newer than the header is not in it.
        return known.get(name) !== (number === null || number > last ? undefined : number);
      });
    });
    expect(differing).toEqual([]);
  });
});
