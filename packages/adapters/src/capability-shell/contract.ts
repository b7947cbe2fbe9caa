import type { Contract } from '@chancery/kernel/contract';

/** Longest time that a call may ask for, and what it gets when it asks for none. */
export const timeLimits = { maxMs: 600_000, defaultMs: 120_000 };

/** Bytes of each of stdout and stderr that an observation holds. */
export const outputBytes = 65_536;

/** Code points; Linux takes 128 KiB in one argument or variable (execve(2)). */
const longestWord = 32_000;

/** A NUL would end an argument early, for the system and for whoever reads it. */
const text = (maxLength: number) =>
  ({ type: 'string', maxLength, pattern: '^[^\\u0000]*$' }) as const;

/** Set by the sandbox, or able to make a program run another one that the command does not show. */
const unfitNames =
  '(?!(?:PATH|HOME|TMPDIR|LANG|IFS|ENV|BASH_ENV|SHELLOPTS|BASHOPTS|PS4|CDPATH|NODE_OPTIONS|' +
  'NODE_PATH|PERL5OPT|PERL5LIB|RUBYOPT|PYTHONSTARTUP|PYTHONPATH|JAVA_TOOL_OPTIONS|EDITOR|VISUAL|' +
  'PAGER)(?:$|=)|LD_|GIT_|BASH_FUNC_|[Nn][Pp][Mm]_|CHANCERY_)';

const variableName = `^${unfitNames}[A-Za-z_][A-Za-z0-9_]*$`;

/** A variable, and the handle of the secret that it is given. */
const credential = `^${unfitNames}[A-Z_][A-Z0-9_]*=vault:[a-z0-9][a-z0-9._-]{0,62}$`;

/** Headers that say where a request goes, how long it is or how it is carried. */
const headersOfProxy =
  'host|connection|content-length|transfer-encoding|te|trailer|upgrade|keep-alive|expect|proxy-.*';

/** Longest text for a host with its port. */
const longestPlace = 300;

/** A host of `network`, a header in lower case, and the handle of the secret that is its value. */
const hostCredential = `^[^\\s/?#@=]+/(?!(?:${headersOfProxy})=)[a-z][a-z0-9-]{0,63}=vault:[a-z0-9][a-z0-9._-]{0,62}$`;

/** Bytes that one command may send to its hosts. */
export const sentBytes = 4_194_304;

/** One command in the sandbox. Its exit code, its time-out and its output are what is observed. */
export const contract: Contract = {
  name: 'shell.run',
  version: '1',
  description:
    'Runs one command in a sandbox: the workspace is writable, the system is read-only, there is no ' +
    'network but to the hosts that you name in network, over HTTP and TLS. Give either argv (a program and its arguments; preferred) or command (a line for ' +
    '/bin/sh). A non-zero exit code or a time-out is a result, not an error. Output beyond ' +
    `${outputBytes} bytes of each stream is dropped.`,
  effect: 'write',
  risk: 'medium',
  input: {
    type: 'object',
    additionalProperties: false,
    properties: {
      argv: {
        type: 'array',
        minItems: 1,
        maxItems: 1024,
        items: text(longestWord),
      },
      command: { ...text(longestWord), minLength: 1 },
      cwd: text(4096),
      timeoutMs: { type: 'integer', minimum: 1, maximum: timeLimits.maxMs },
      stdin: { type: 'string', maxLength: 1_048_576 },
      env: {
        type: 'object',
        maxProperties: 64,
        propertyNames: { type: 'string', pattern: variableName, maxLength: 128 },
        additionalProperties: text(longestWord),
      },
      secrets: {
        type: 'array',
        maxItems: 16,
        items: { type: 'string', maxLength: 192, pattern: credential },
        description:
          'Secrets of the vault for the environment of this command, as VARIABLE=vault:NAME. ' +
          'You never see a value, and what shows one is redacted. Not together with network.',
      },
      network: {
        type: 'array',
        maxItems: 16,
        items: { type: 'string', minLength: 1, maxLength: longestPlace },
        description:
          'Hosts that it may reach, as HOST or HOST:PORT (443 where none is named), by the proxy that ' +
          'HTTPS_PROXY names; each request is recorded.',
      },
      credentials: {
        type: 'array',
        maxItems: 8,
        items: { type: 'string', maxLength: longestPlace + 160, pattern: hostCredential },
        description:
          'Secrets of the vault that are put into requests over https to a host of network, as ' +
          'HOST/header=vault:NAME. The command does not have them.',
      },
    },
    oneOf: [{ required: ['argv'] }, { required: ['command'] }],
  },
  output: {
    type: 'object',
    additionalProperties: false,
    required: [
      ...['exitCode', 'signal', 'stdout', 'stderr', 'stdoutBytes', 'stderrBytes'],
      ...['truncated', 'timedOut', 'wallMs'],
    ],
    properties: {
      exitCode: { type: ['integer', 'null'] },
      signal: { type: ['string', 'null'] },
      stdout: { type: 'string' },
      stderr: { type: 'string' },
      stdoutBytes: { type: 'integer', minimum: 0 },
      stderrBytes: { type: 'integer', minimum: 0 },
      truncated: { type: 'boolean' },
      timedOut: { type: 'boolean' },
      wallMs: { type: 'integer', minimum: 0 },
      reached: {
        type: 'array',
        minItems: 1,
        items: { enum: ['memoryBytes', 'processes', 'fileBytes', 'freeBytes'] },
        description:
          'Limits that it ran into. Of memory, the kernel killed what used the most; of processes, it ' +
          'could start no more; of freeBytes, the disk was nearly full and the command was ended.',
      },
      requests: {
        type: 'array',
        description:
          'What it asked of the network, in order. The verdict is done, or a code that tells why not.',
        items: {
          type: 'object',
          additionalProperties: false,
          required: ['host', 'port', 'bytesIn', 'bytesOut', 'verdict'],
          properties: {
            host: { type: 'string' },
            port: { type: 'integer', minimum: 0, maximum: 65_535 },
            method: { type: 'string' },
            status: { type: 'integer', minimum: 0, maximum: 999 },
            bytesIn: { type: 'integer', minimum: 0 },
            bytesOut: { type: 'integer', minimum: 0 },
            verdict: { type: 'string' },
          },
        },
      },
      unlistedRequests: { type: 'integer', minimum: 1 },
    },
  },
  roles: {
    argv: 'command',
    command: 'command',
    cwd: 'path',
    timeoutMs: 'amount',
    stdin: 'text',
    env: 'text',
    secrets: 'credential',
    network: 'destination',
    credentials: 'credential',
  },
  authors: {
    exitCode: 'service',
    signal: 'service',
    stdout: 'third-party',
    stderr: 'third-party',
    stdoutBytes: 'service',
    stderrBytes: 'service',
    truncated: 'service',
    timedOut: 'service',
    wallMs: 'service',
    reached: 'service',
    requests: 'third-party',
    unlistedRequests: 'service',
  },
  limits: {
    // A little beyond the longest time-out, so that this is observed and not cut off.
    timeoutMs: timeLimits.maxMs + 10_000,
    inputBytes: 2_097_152,
    outputBytes: 2 * outputBytes + 32_768,
  },
  estimate: {
    tokens: 0,
    costMicrousd: 0,
    calls: 1,
    wallMs: timeLimits.defaultMs,
    cpuMs: timeLimits.defaultMs,
    bytesOut: 0,
  },
  compensable: true,
  reconcilable: false,
  failures: ['sandbox.unavailable', 'args.changed', 'cancelled'],
};
