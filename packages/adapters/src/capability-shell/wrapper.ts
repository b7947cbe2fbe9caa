/** How a program that runs another one reads its own words before that one. */
export interface Wrapper {
  /** Options that take a value: `x` for `-x V` or `-xV`, `xyz` for `--xyz V` or `--xyz=V`. */
  readonly valued: readonly string[];
  /** Options that take none. Any other option makes the reading uncertain. */
  readonly flags: readonly string[];
  /** Words of its own between the options and the program. */
  readonly operands: number;
  /** Whether `NAME=VALUE` may stand before the program. */
  readonly assignments: boolean;
  /** Options whose value is a line for a shell. */
  readonly line: readonly string[];
  /** Whether it adds words to those of the program, which nobody can know before. */
  readonly feeds: boolean;
}

const row = (
  valued: string,
  flags = '',
  more: Partial<Omit<Wrapper, 'valued' | 'flags'>> = {},
): Wrapper => ({
  valued: valued.split(' '),
  flags: flags.split(' '),
  operands: more.operands ?? 0,
  assignments: more.assignments ?? false,
  line: more.line ?? [],
  feeds: more.feeds ?? false,
});

/** Programs whose words end with a program to run (POSIX, coreutils, util-linux, findutils, sudo). */
export const wrappers: ReadonlyMap<string, Wrapper> = new Map([
  ['builtin', row('')],
  ['busybox', row('')],
  ['chroot', row('userspec groups', 'skip-chdir', { operands: 1 })],
  ['chrt', row('T P D', 'a b f i o r R v', { operands: 1 })],
  ['command', row('', 'p v V')],
  ['doas', row('u C', 'n', { assignments: true })],
  [
    'env',
    row('u unset C chdir', 'i ignore-environment 0 null v debug', {
      assignments: true,
      line: ['S', 'split-string'],
    }),
  ],
  ['exec', row('a', 'c l')],
  ['fakeroot', row('l i s', 'u')],
  [
    'flock',
    row('w timeout E', 's x e u n F o shared exclusive nonblock', {
      operands: 1,
      line: ['c', 'command'],
    }),
  ],
  ['ionice', row('c class n classdata', 't ignore')],
  ['nice', row('n adjustment', '0 1 2 3 4 5 6 7 8 9')],
  ['nohup', row('')],
  ['nsenter', row('t target S G', 'a m u i n p U C r w F')],
  ['prlimit', row('')],
  [
    'setpriv',
    row('reuid regid groups pdeathsig', 'clear-groups keep-groups no-new-privs reset-env'),
  ],
  ['setsid', row('', 'c f w ctty fork wait')],
  ['stdbuf', row('i o e input output error')],
  ['strace', row('o e p s u E P a', 'f ff c C q r t tt v x y z')],
  [
    'sudo',
    row(
      'u user g group h host p prompt C close-from T command-timeout r role t type U other-user D chdir R chroot',
      'A b B E H k K n P S askpass background preserve-env set-home non-interactive stdin',
      { assignments: true },
    ),
  ],
  ['taskset', row('', 'a c p', { operands: 1 })],
  ['time', row('f format o output', 'a append p portability v verbose q quiet')],
  [
    'timeout',
    row('k kill-after s signal', 'v verbose foreground preserve-status', { operands: 1 }),
  ],
  ['toybox', row('')],
  [
    'unshare',
    row('S G R w', 'm u i n p U C r f c T mount uts ipc net pid user cgroup fork map-root-user'),
  ],
  [
    'xargs',
    row(
      'I n P L s d E a max-args max-procs max-lines max-chars delimiter arg-file replace',
      '0 r t x p o null no-run-if-empty verbose exit interactive open-tty',
      { feeds: true },
    ),
  ],
]);

/** Programs that run what they are told in a form that is not read here. */
export const opaque: ReadonlySet<string> = new Set(
  (
    '. alias at batch crontab enable expect fc gdb ltrace parallel rlwrap runuser screen script ' +
    'source ssh su systemd-run tmux watch'
  ).split(' '),
);

export const shells: ReadonlySet<string> = new Set(
  'ash bash dash ksh mksh rbash sh zsh'.split(' '),
);
