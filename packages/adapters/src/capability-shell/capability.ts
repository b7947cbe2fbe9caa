import type { Json, JsonObject } from '@chancery/kernel/encoding';
import { standingRows, type DeclaredPrograms } from '@chancery/kernel/programs';
import type { Effect, Normalised } from '@chancery/kernel/contract';
import { done, refused, type Result } from '@chancery/kernel/refusal';
import type {
  Capability,
  EgressDoor,
  EgressLog,
  Execution,
  ExecutionContext,
  ExecutionFailure,
  SandboxOutcome,
  Surroundings,
} from '@chancery/runtime/broker';
import { contract, outputBytes, sentBytes } from './contract.ts';
import { resolveFolder } from './folder.ts';
import { analyseLine, analyseWords } from './analysis/analyse.ts';
import type { Analysis } from './analysis/finding.ts';
import { readReach, requestsIn } from './network.ts';
import { packagesIn } from './package-facts.ts';
import { pathsWritten } from './written.ts';
import {
  displayLine,
  doubledVariable,
  programVariable,
  readRequest,
  requestArgs,
  type ShellRequest,
} from './request.ts';

/** `shell.run`: one command in the sandbox of its surroundings. */
export function shellCapability(): Capability {
  return {
    contract,
    normalise,
    execute: async (action, context) => executeRequest(readRequest(action.normalisedArgs), context),
  };
}

/** Without a sandbox a command reaches the network and all files of the user. */
const unconfinedEffects: readonly Effect[] = ['write', 'external', 'irreversible'];

const confinedEffects = (network: readonly string[]): readonly Effect[] =>
  network.length === 0 ? [contract.effect] : [contract.effect, 'external'];

async function normalise(
  args: JsonObject,
  surroundings: Surroundings,
): Promise<Result<Normalised>> {
  const request = readRequest(args);
  const folder = await resolveFolder(surroundings.root, request.cwd);
  if (!folder.ok) return folder;
  const { what, timeoutMs } = request;
  // The shell that starts a command would read its first word as an option of its own.
  if (what.kind === 'argv' && /^(-|$)/.test(what.argv[0] ?? '')) {
    return refused('args.invalid', 'argv does not begin with the name of a program');
  }
  const doubled = doubledVariable(request);
  if (doubled !== undefined) {
    return refused('args.invalid', `the variable ${doubled} is given two values`);
  }
  const lent = programVariable(request);
  if (lent !== undefined) {
    const why = `${lent} changes which program runs, and is given no secret`;
    return refused('args.invalid', why);
  }
  const declared = surroundings.programs;
  const { programs, does, reads, writes, unclear } = analysed(request, {
    ...{ folder: folder.value, root: surroundings.root, declared },
  });
  const { unsafe } = await surroundings.sandbox.probe();
  const reach = readReach(request, surroundings, unsafe);
  if (!reach.ok) return reach;
  const { network } = reach.value;
  const found = { programs, does, reads, writes };
  // Those that it names: it may write anywhere in the workspace.
  const paths = await pathsWritten(surroundings.root, writes);
  const line = displayLine(what);
  const reached = unsafe ? {} : { hosts: network };
  const facts = { line, paths, ...found, ...reached, unsandboxed: unsafe };
  const rows = standingRows(declared, programs);
  const resolved: Json = { folder: folder.value, ...facts, unclear, ...rows };
  return done({
    args: requestArgs({ ...request, ...reach.value }, folder.value),
    resolved,
    effects: unsafe ? unconfinedEffects : confinedEffects(network),
    paths,
    command: { line, ...found },
    ...reached,
    unsandboxed: unsafe,
    estimate: {
      ...{ ...contract.estimate, wallMs: timeoutMs, cpuMs: timeoutMs },
      bytesOut: network.length === 0 ? 0 : sentBytes,
    },
  });
}

interface Where {
  readonly folder: string;
  readonly root: string;
  readonly declared: DeclaredPrograms | undefined;
}

/** What the command is understood to do, in a folder of the workspace. */
function analysed({ what, env, stdin }: ShellRequest, { folder, root, declared }: Where): Analysis {
  const place = { folder, root, factsOf: packagesIn(root), env, declared };
  if (what.kind === 'line') return analyseLine(what.line, place);
  return analyseWords(what.argv, stdin === null ? place : { ...place, input: stdin });
}

/** After the command ran, its effects may be there whatever it said. */
async function executeRequest(
  request: ShellRequest,
  context: ExecutionContext,
): Promise<Execution> {
  if (context.signal.aborted) return failed('terminal', 'cancelled', 'cancelled before it began');
  const folder = await resolveFolder(context.root, request.cwd);
  if (!folder.ok || folder.value !== request.cwd) {
    return failed('terminal', 'args.changed', 'cwd is not the folder that it was');
  }
  if (request.network.length === 0) return runCommand(request, context, undefined);
  if (context.egress === undefined) {
    return failed('terminal', 'args.changed', 'commands reach no network any more');
  }
  const { credentials } = context;
  const opened = await context.egress.open({
    ...{ hosts: request.network, credentials, bytesOut: sentBytes },
  });
  if (!opened.ok) return failed('terminal', opened.refusal.code, opened.refusal.message);
  return runCommand(request, { ...context, credentials: new Map() }, opened.value);
}

async function runCommand(
  request: ShellRequest,
  context: ExecutionContext,
  door: EgressDoor | undefined,
): Promise<Execution> {
  const { what, stdin, timeoutMs } = request;
  const env = { ...request.env, ...Object.fromEntries(context.credentials) };
  let log: EgressLog | undefined;
  let ran: Result<SandboxOutcome>;
  try {
    ran = await context.sandbox.run({
      argv: what.kind === 'line' ? ['/bin/sh', '-c', what.line] : what.argv,
      workspace: context.root,
      cwd: request.cwd,
      ...{ env, stdin, outputBytes },
      timeoutMs: Math.min(timeoutMs, context.timeoutMs),
      ...{ readable: context.readable, readOnly: context.readOnly, lifted: context.lifted },
      signal: context.signal,
      ...(door === undefined ? {} : { door }),
    });
  } finally {
    log = await door?.close();
  }
  const sent = log === undefined ? {} : { bytesOut: log.bytesOut };
  if (!ran.ok) return { ...failed('terminal', ran.refusal.code, ran.refusal.message), used: sent };
  const used = { cpuMs: ran.value.cpuMs, ...sent };
  if (ran.value.cancelled) {
    return { ...failed('unknown', 'cancelled', 'cancelled while it ran'), used };
  }
  const [stray] = ran.value.strayed ?? [];
  if (stray !== undefined) {
    const why = `the command changed ${stray}, which is protected and which it does not name`;
    const kind = door === undefined ? 'terminal' : 'unknown';
    return { ...failed(kind, 'protected.changed', why), used };
  }
  const observation = { ...observe(ran.value), ...(log === undefined ? {} : requestsIn(log)) };
  const ended = { kind: 'done', observation, delta: [], used, changed: undefined } as const;
  return log?.heard === true ? { ...ended, heard: true } : ended;
}

const failed = (
  kind: ExecutionFailure['class'],
  code: string,
  message: string,
): Execution & { readonly kind: 'failed' } => ({
  kind: 'failed',
  failure: { class: kind, code, message },
  used: {},
});

function observe(outcome: SandboxOutcome): JsonObject {
  const { exitCode, signal, stdout, stderr, stdoutBytes, stderrBytes, timedOut, wallMs } = outcome;
  const reached = outcome.reached ?? [];
  const truncated = stdout.length < stdoutBytes || stderr.length < stderrBytes;
  return {
    ...{ exitCode, signal, stdoutBytes, stderrBytes, truncated, timedOut, wallMs },
    stdout: decode(stdout),
    stderr: decode(stderr),
    ...(reached.length === 0 ? {} : { reached }),
  };
}

/** What is not UTF-8 is replaced by U+FFFD (WHATWG Encoding); a byte order mark is kept. */
const decode = (bytes: Uint8Array): string =>
  new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
