import type { Json } from '@chancery/kernel/encoding';
import type { CommandExecutor } from '@chancery/kernel/manifest';
import { assert, done, refused, type Result } from '@chancery/kernel/refusal';
import type { ExecutionContext } from '@chancery/runtime/broker';
import { assertFilled } from './assert-filled.ts';
import { failed, type Answered } from './answered.ts';
import { filled, textOf, type Values } from './fill.ts';

/** A program with its arguments, as it is started. */
export interface PlannedCommand {
  readonly kind: 'command';
  readonly argv: readonly string[];
  readonly stdin: string | null;
}

/** Linux takes 128 KiB in one argument (execve(2)). */
const longestArgument = 131_000;

/**
 * The command for these values: as many arguments as there are templates. Refuses `args.invalid` for NUL,
 * which would end an argument early, and for a value that would be read as an option.
 */
export function planCommand(executor: CommandExecutor, values: Values): Result<PlannedCommand> {
  const argv: string[] = [];
  let takesOptions = true;
  for (const [index, template] of executor.argv.entries()) {
    const parts = filled(template, values);
    assertFilled(parts);
    const text = textOf(parts);
    if (text.includes('\u0000')) return refused('args.invalid', `argument ${index} holds NUL`);
    if (Buffer.byteLength(text) > longestArgument) {
      return refused('args.invalid', `argument ${index} is longer than a program can be given`);
    }
    if (takesOptions && parts[0]?.isValue === true && text.startsWith('-')) {
      return refused('args.invalid', `argument ${index} would be read as an option`);
    }
    if (template === '--') takesOptions = false;
    argv.push(text);
  }
  const stdin = executor.stdin === null ? null : filled(executor.stdin, values);
  if (stdin === null) return done({ kind: 'command', argv, stdin });
  assertFilled(stdin);
  return done({ kind: 'command', argv, stdin: textOf(stdin) });
}

/** Runs it in the sandbox of its surroundings, with what it is lent in its environment. */
export async function runCommand(
  { output, success, credentials }: CommandExecutor,
  { argv, stdin }: PlannedCommand,
  context: ExecutionContext & { readonly outputBytes: number },
): Promise<Answered> {
  const lent = [...context.credentials].filter(([name]) => credentials.includes(name));
  const ran = await context.sandbox.run({
    ...{ argv, stdin, workspace: context.root, cwd: '.', env: Object.fromEntries(lent) },
    ...{ timeoutMs: context.timeoutMs, outputBytes: context.outputBytes },
    ...{ readable: context.readable, readOnly: context.readOnly, signal: context.signal },
  });
  if (!ran.ok) return failed('terminal', ran.refusal.code, ran.refusal.message);
  const { exitCode, signal, cancelled, timedOut, cpuMs, stdoutBytes } = ran.value;
  const used = { cpuMs };
  if (cancelled) return { ...failed('unknown', 'cancelled', 'cancelled while it ran'), used };
  if (timedOut) return { ...failed('terminal', 'command.failed', 'it did not end in time'), used };
  if (exitCode === null || !success.includes(exitCode)) {
    const how = exitCode === null ? `signal ${String(signal)}` : `exit code ${exitCode}`;
    return { ...failed('terminal', 'command.failed', `it ended with ${how}`), used };
  }
  const text = decode(ran.value.stdout);
  const isWhole = ran.value.stdout.length === stdoutBytes;
  const stdout = output === 'text' ? text : isWhole ? jsonIn(text) : undefined;
  if (stdout === undefined) {
    return { ...failed('terminal', 'answer.unread', 'what it wrote is no whole JSON'), used };
  }
  return {
    kind: 'answered',
    answer: { exitCode, stdout, stderr: decode(ran.value.stderr) },
    used,
  };
}

/** What is not UTF-8 is replaced by U+FFFD (WHATWG Encoding); a byte order mark is kept. */
const decode = (bytes: Uint8Array): string =>
  new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);

/** Undefined for what is no JSON. */
export function jsonIn(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch (error) {
    assert(error instanceof SyntaxError, 'JSON is parsed or is none');
    return undefined;
  }
}
