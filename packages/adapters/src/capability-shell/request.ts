import { isProgramVariable } from '@chancery/kernel/contract';
import { isJsonObject, type JsonObject } from '@chancery/kernel/encoding';
import { assert } from '@chancery/kernel/refusal';
import { timeLimits } from './contract.ts';

/** Arguments as the input schema lets them through, with its defaults. */
export interface ShellRequest {
  readonly what:
    | { readonly kind: 'argv'; readonly argv: readonly string[] }
    | { readonly kind: 'line'; readonly line: string };
  /** As it was given; the workspace itself by default. */
  readonly cwd: string;
  readonly timeoutMs: number;
  readonly stdin: string | null;
  readonly env: Readonly<Record<string, string>>;
  /** `VARIABLE=vault:NAME`, in their order. */
  readonly secrets: readonly string[];
  /** Hosts that it may reach, sorted; as they were given, and after that as `host:port`. */
  readonly network: readonly string[];
  /** `HOST:PORT/HEADER=vault:NAME`, likewise. */
  readonly credentials: readonly string[];
}

/** @throws {Fault} for arguments that the input schema refuses. */
export function readRequest(args: JsonObject): ShellRequest {
  const {
    argv,
    command,
    cwd = '.',
    timeoutMs = timeLimits.defaultMs,
    stdin = null,
    env = {},
    secrets = [],
    network = [],
    credentials = [],
  } = args;
  assert(typeof cwd === 'string' && typeof timeoutMs === 'number', 'shell.run: cwd or timeoutMs');
  assert(stdin === null || typeof stdin === 'string', 'shell.run: stdin');
  assert(isJsonObject(env) && Object.values(env).every(isString), 'shell.run: env');
  assert(Array.isArray(secrets) && secrets.every(isString), 'shell.run: secrets');
  assert(Array.isArray(network) && network.every(isString), 'shell.run: network');
  assert(Array.isArray(credentials) && credentials.every(isString), 'shell.run: credentials');
  const given = env as Readonly<Record<string, string>>;
  const rest = {
    ...{ cwd, timeoutMs, stdin, env: given, secrets: setOf(secrets) },
    ...{ network: setOf(network), credentials: setOf(credentials) },
  };
  if (typeof command === 'string') return { what: { kind: 'line', line: command }, ...rest };
  assert(Array.isArray(argv) && argv.every(isString), 'shell.run: argv');
  return { what: { kind: 'argv', argv }, ...rest };
}

/** The arguments in their one form: nothing left to a default, the folder by its real path. */
export function requestArgs(request: ShellRequest, cwd: string): JsonObject {
  const { what, timeoutMs, stdin, env, secrets, network, credentials } = request;
  return {
    ...(what.kind === 'line' ? { command: what.line } : { argv: what.argv }),
    ...{ cwd, timeoutMs, env },
    ...(stdin === null ? {} : { stdin }),
    ...(secrets.length === 0 ? {} : { secrets }),
    ...(network.length === 0 ? {} : { network }),
    ...(credentials.length === 0 ? {} : { credentials }),
  };
}

/** A variable that would be given two values; undefined where there is none. */
export function doubledVariable({ env, secrets }: ShellRequest): string | undefined {
  const names = secrets.map(variableOf);
  return names.find((name, at) => Object.hasOwn(env, name) || names.indexOf(name) !== at);
}

/** A variable that changes which program runs and would be given a secret; undefined where there is none. */
export function programVariable({ secrets }: ShellRequest): string | undefined {
  return secrets.map(variableOf).find(isProgramVariable);
}

const variableOf = (secret: string): string => secret.slice(0, secret.indexOf('='));

/** What is run, as one would type it. */
export function displayLine(what: ShellRequest['what']): string {
  return what.kind === 'line' ? what.line : what.argv.map(quoted).join(' ');
}

const quoted = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;

export const setOf = (texts: readonly string[]): readonly string[] => [...new Set(texts)].sort();

const isString = (value: unknown): value is string => typeof value === 'string';
