import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Action } from '@chancery/kernel/compiler';
import type { JsonObject } from '@chancery/kernel/encoding';
import { done, refused } from '@chancery/kernel/refusal';
import { emptyWorld } from '@chancery/kernel/world';
import type {
  Egress,
  EgressLog,
  EgressRequest,
  Execution,
  ExecutionContext,
  Sandbox,
  SandboxCommand,
  SandboxOutcome,
  Surroundings,
} from '@chancery/runtime/broker';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { shellCapability } from './index.ts';

const shell = shellCapability();
const root = realpathSync(mkdtempSync(join(tmpdir(), 'chancery-shell-')));

const quiet: SandboxOutcome = {
  ...{ exitCode: 0, signal: null, timedOut: false, cancelled: false, wallMs: 7, cpuMs: 10 },
  ...{ stdout: new Uint8Array(), stderr: new Uint8Array(), stdoutBytes: 0, stderrBytes: 0 },
};

let commands: SandboxCommand[];

beforeEach(() => {
  commands = [];
});

afterAll(() => rmSync(root, { recursive: true }));

/** Keeps what it was told to run. */
const sandbox = (unsafe = false): Sandbox => ({
  checkReadable: () => undefined,
  probe: async () => ({ provider: 'x', version: '1', enforced: [], missing: [], unsafe }),
  run: async (command) => {
    commands.push(command);
    return done(quiet);
  },
});

const around = (more: Partial<Surroundings> = {}): Surroundings => ({
  ...{ root, sandbox: sandbox(), readable: [], readOnly: [] },
  ...more,
});

describe('hosts of shell.run', () => {
  const opened: EgressRequest[] = [];
  const log: EgressLog = {
    requests: [{ host: 'a.b', port: 443, bytesIn: 7, bytesOut: 5, verdict: 'done' }],
    ...{ unlisted: 2, bytesOut: 5, heard: true },
  };
  const egress: Egress = {
    readPlace: (text) =>
      /^[a-z.]+(?::\d+)?$/.test(text)
        ? done(text.includes(':') ? text : `${text}:443`)
        : refused('args.invalid', 'no host'),
    open: (request) => {
      opened.push(request);
      const close = () => Promise.resolve(log);
      return Promise.resolve(done({ folder: '/tmp/door', hasAuthorities: false, close }));
    },
  };
  const reaching = (args: JsonObject, more: Partial<Surroundings> = { egress }) =>
    shell.normalise({ argv: ['a'], ...args }, around(more));
  const run = async (
    args: JsonObject,
    more: Partial<ExecutionContext> = {},
  ): Promise<Execution> => {
    const normalised = await reaching(args);
    if (!normalised.ok) throw new Error(normalised.refusal.message);
    return shell.execute({ normalisedArgs: normalised.value.args } as Action, {
      ...{ ...around(), actionDigest: '', world: emptyWorld, tree: '', timeoutMs: 60_000 },
      ...{ signal: new AbortController().signal, credentials: new Map(), ...more },
    });
  };

  it('are in one form, are what it reaches, and make it leave the machine', async () => {
    const normalised = await reaching({ network: ['b.c:8443', 'a.b', 'a.b:443'] });
    expect(normalised).toMatchObject({
      value: {
        ...{ args: { network: ['a.b:443', 'b.c:8443'] }, hosts: ['a.b:443', 'b.c:8443'] },
        ...{ effects: ['write', 'external'], estimate: { bytesOut: 4_194_304 } },
      },
    });
    const none = await reaching({ network: [] });
    expect(none).toMatchObject({ value: { hosts: [], effects: ['write'] } });
    expect(none.ok && Object.keys(none.value.args)).not.toContain('network');
  });

  it.each<[string, JsonObject]>([
    ['one that is none', { network: ['a b'] }],
    ['a secret in its environment', { network: ['a.b'], secrets: ['TOKEN=vault:a'] }],
    ['a secret for another', { network: ['a.b'], credentials: ['b.c/x=vault:a'] }],
    ['a secret for one that is none', { network: ['a.b'], credentials: ['A/x=vault:a'] }],
    ['a secret for none', { credentials: ['a.b/x=vault:a'] }],
    [
      'two values of one header',
      { network: ['a.b'], credentials: ['a.b/x=vault:a', 'a.b:443/x=vault:b'] },
    ],
  ])('are refused with %s', async (_, args) => {
    expect(await reaching(args)).toMatchObject({ refusal: { code: 'args.invalid' } });
  });

  it('are refused where there is no way to them, and where nothing holds it to them', async () => {
    const network = ['a.b'];
    const refusal = { refusal: { code: 'args.invalid' } };
    expect(await reaching({ network }, {})).toMatchObject(refusal);
    expect(await reaching({ network }, { egress, sandbox: sandbox(true) })).toMatchObject(refusal);
    expect(await run({ network })).toMatchObject({
      failure: { class: 'terminal', code: 'args.changed' },
    });
    expect(commands).toEqual([]);
  });

  it('are reached by a door, by which secrets go that the command has not', async () => {
    const credentials = new Map([['a.b:443/x', 'its value']]);
    const args = { network: ['a.b:443'], credentials: ['a.b:443/x=vault:a'] };
    const execution = await run(args, { credentials, egress });
    expect(opened).toEqual([{ hosts: ['a.b:443'], credentials, bytesOut: 4_194_304 }]);
    expect(JSON.stringify(commands)).not.toContain('its value');
    expect(commands[0]?.door?.folder).toBe('/tmp/door');
    expect(execution).toMatchObject({
      ...{ kind: 'done', heard: true, used: { bytesOut: 5 } },
      observation: { requests: log.requests, unlistedRequests: 2 },
    });
    const closed = { ...egress, open: async () => refused('sandbox.unavailable', 'no door') };
    expect(await run(args, { egress: closed })).toMatchObject({
      failure: { class: 'terminal', code: 'sandbox.unavailable' },
    });
  });

  it('are in doubt where the command made something that is protected', async () => {
    const strayed = ['ci/x'];
    const straying = { ...sandbox(), run: async () => done({ ...quiet, strayed }) };
    expect(await run({ network: ['a.b'] }, { egress, sandbox: straying })).toMatchObject({
      kind: 'failed',
      failure: { class: 'unknown', code: 'protected.changed' },
      used: { cpuMs: 10, bytesOut: 5 },
    });
  });
});
