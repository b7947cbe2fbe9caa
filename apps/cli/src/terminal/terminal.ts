import { once } from 'node:events';
import { exitCodeOf } from '@chancery/kernel/refusal';
import pc from 'picocolors';
import { exitCodes, systemCodeOf, type Failure } from '../exit.ts';
import type { Scrub } from '../secrets/scrub.ts';
import { columnsOf } from './columns.ts';
import { visible } from './visible.ts';

export type Paint = ReturnType<typeof pc.createColors>;

/** Where a command writes, and what it may do there. */
export interface Terminal {
  /** Colours, or none where they are not wanted. */
  readonly paint: Paint;
  /** Columns of a line; unbounded where nobody looks. */
  readonly columns: number;
  /** Whether a person looks at standard output. */
  readonly isTty: boolean;
  /** A line of output. The text is made visible by whoever gives it. */
  line(text?: string): void;
  /** A line on standard error. */
  note(text: string): void;
  /** A value as one line of JSON. */
  json(value: unknown): void;
  /** Text of output as it is, without a newline; resolves when there is room for more. */
  raw(text: string): Promise<void>;
  /** A line that the next one takes the place of; only where a person looks. */
  status(text: string | undefined): void;
  /** From now on nothing is done but to tell: a reader that goes away ends the process. */
  endWithReader(): void;
}

interface Streams {
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
  readonly env: NodeJS.ProcessEnv;
  readonly scrub: Scrub;
}

/** What all that is shown can be laid out in. */
const minColumns = 20;

export function openTerminal({ stdout, stderr, env, scrub }: Streams): Terminal {
  const isTty = isTerminal(stdout);
  const colours = coloursWanted(isTty, env);
  const columns = isTty ? Math.max(minColumns, stdout.columns) : Number.POSITIVE_INFINITY;
  let shown = false;
  let isDispensable = false;
  endWithReaders({ stdout, stderr }, () => isDispensable);
  const clear = (): void => {
    if (shown) stdout.write('\r\u001b[K');
    shown = false;
  };
  return {
    paint: pc.createColors(colours),
    columns,
    isTty,
    line: (text = '') => {
      clear();
      stdout.write(`${scrub.text(text)}\n`);
    },
    note: (text) => {
      clear();
      stderr.write(`${scrub.text(text)}\n`);
    },
    json: (value) => stdout.write(`${JSON.stringify(scrub.value(value))}\n`),
    raw: async (text) => {
      if (!stdout.write(text)) await once(stdout, 'drain');
    },
    status: (text) => {
      if (!isTty) return;
      clear();
      if (text === undefined) return;
      stdout.write(scrub.text(text));
      shown = columnsOf(text) > 0;
    },
    endWithReader: () => {
      isDispensable = true;
    },
  };
}

/**
 * A reader that went away is no error: there is nobody to tell. What was asked for is done all the same,
 * and the process ends as that comes out; one that only tells ends at once, as by SIGPIPE. Output that
 * cannot be written, as on a full disk, is told where it still can be, and no process that lost some
 * ends as if all were well.
 */
function endWithReaders(
  { stdout, stderr }: Pick<Streams, 'stdout' | 'stderr'>,
  mayEnd: () => boolean,
): void {
  let isTold = false;
  for (const stream of [stdout, stderr]) {
    stream.on('error', (error) => {
      const code = systemCodeOf(error);
      if (code === undefined) throw error;
      if (code === 'EPIPE') {
        if (mayEnd()) process.exit(exitCodes.unread);
        return;
      }
      if (stream === stdout && !isTold) {
        isTold = true;
        stderr.write(`error usage.invalid: standard output cannot be written (${code})\n`);
        stderr.write('  Make room where the output goes, or send it elsewhere.\n');
        // Whatever the work comes out as stands, but for success: who asked has not been told of it.
        process.once('exit', (exit) => {
          if (exit === exitCodes.ok) process.exitCode = exitCodeOf('usage.invalid');
        });
      }
      if (mayEnd()) process.exit(exitCodeOf('usage.invalid'));
    });
  }
}

/** Node leaves `isTTY` out of a stream that is none, whatever its type says. */
function isTerminal({ isTTY }: { readonly isTTY?: boolean }): boolean {
  return isTTY === true;
}

/** See no-color.org and force-color.org; a pipe has none. */
function coloursWanted(isTty: boolean, env: NodeJS.ProcessEnv): boolean {
  const { NO_COLOR, FORCE_COLOR, TERM } = env;
  if (NO_COLOR !== undefined && NO_COLOR !== '') return false;
  if (FORCE_COLOR !== undefined && FORCE_COLOR !== '') return FORCE_COLOR !== '0';
  return isTty && TERM !== 'dumb';
}

/** Shows an error: one JSON line on standard output, or two lines on standard error. */
export function showFailure(terminal: Terminal, failure: Failure, json: boolean): void {
  terminal.status(undefined);
  if (json) {
    const { code, message, remedy, retryable, details } = failure;
    terminal.json({ type: 'error', code, message, remedy, retryable, details });
    return;
  }
  const { paint } = terminal;
  terminal.note(`${paint.red(`error ${failure.code}`)}: ${visible(failure.message)}`);
  terminal.note(`  ${visible(failure.remedy)}`);
}
