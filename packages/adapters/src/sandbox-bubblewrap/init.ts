import { carrierLine } from './door.ts';
import { confiningWords } from './landlock.ts';

/** Descriptors that the first process inside is given; a shell names those below 10 alone. */
export const given = { control: 3, environment: 4, doors: [5, 6, 7] } as const;

/** Free when the first process begins; its own standard error is kept there. */
const spare = 8;

export interface InitPlan {
  /** How many control groups it puts itself into. */
  readonly doors: number;
  /** Limits of the kernel's for each process (setrlimit(2)); null: not set. */
  readonly rlimits: Rlimits;
  readonly landlock: boolean;
  /** Whether the command has a way to a network. */
  readonly carries: boolean;
}

export interface Rlimits {
  readonly fileBytes: number;
  /** Of the memory of one process that it may write to. */
  readonly dataBytes: number | null;
  readonly processes: number | null;
}

/** Open files of one process: enough for any program, and not what an ordinary user could get. */
const openFiles = 65_536;

/** The unit of `ulimit -f` (POSIX), and of `ulimit -d` in every shell that has it. */
const blockBytes = 512;
const kibibyte = 1_024;

function rlimitLines({ fileBytes, dataBytes, processes }: Rlimits): readonly string[] {
  return [
    'ulimit -c 0 || exit 125',
    `ulimit -f ${Math.ceil(fileBytes / blockBytes)} || exit 125`,
    // Fails where less than that is permitted already.
    `ulimit -n ${openFiles} 2>/dev/null`,
    ...(dataBytes === null ? [] : [`ulimit -d ${Math.ceil(dataBytes / kibibyte)} || exit 125`]),
    // The letter depends on the shell.
    ...(processes === null
      ? []
      : [`ulimit -p ${processes} 2>/dev/null || ulimit -u ${processes} || exit 125`]),
  ];
}

/**
 * First process inside; its words are the folder, the workspace and the command. It begins only when
 * the launcher answers, at a moment when the death of the launcher is sure to kill it: bubblewrap
 * arms that kill late, and asks nobody whether its parent still lives. It waits for an answer again
 * before its end, which is the end of all that the command left running, so that this can be
 * accounted for. `exec` in a subshell runs programs alone, never builtins of the shell. Silent about
 * signals, which a shell would report on the stderr of the program.
 */
export function initScript({ doors, rlimits, landlock, carries }: InitPlan): string {
  const own = [given.control, ...given.doors.slice(0, doors)];
  const closed = own.map((number) => `${number}>&-`).join(' ');
  const confine = landlock ? `${confiningWords(given.environment)} ` : '';
  return [
    ...given.doors.slice(0, doors).map((door) => `echo 0 >&${door} || exit 125`),
    ...rlimitLines(rlimits),
    ...(carries ? [carrierLine(`${closed} ${given.environment}>&-`)] : []),
    'echo >&3; read -r go <&3 || exit 125',
    `cd -- "$1" || exit 126; shift ${landlock ? 1 : 2}`,
    'unset go OLDPWD',
    `exec ${spare}>&2 2>/dev/null`,
    `(exec ${confine}"$@" 2>&${spare} ${closed} ${spare}>&-)`,
    'status=$?; echo >&3; read -r go <&3',
    'exit $status',
  ].join('\n');
}
