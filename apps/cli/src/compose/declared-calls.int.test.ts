import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  manifestCapabilities,
  shippedManifests,
  type Executors,
} from '@chancery/adapters/capability-manifest';
import { compileSchema } from '@chancery/adapters/schema-ajv';
import type { Action } from '@chancery/kernel/compiler';
import type { JsonObject } from '@chancery/kernel/encoding';
import { checkManifest, type HttpExecutor, type Manifest } from '@chancery/kernel/manifest';
import { emptyWorld } from '@chancery/kernel/world';
import type { Capability, Execution, ExecutionContext, McpAnswer } from '@chancery/runtime/broker';
import { someManifest, someRequest } from '@chancery/testkit/builders';
import {
  listening,
  startFakeGithub,
  startFakeWebhook,
  type FakeGithub,
  type FakeWebhook,
  type Listening,
} from '@chancery/testkit/fake-services';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { executorsOf, unfitness } from './declared.ts';
import { sandboxOf } from './house.ts';

const token = 'ghp_0123456789abcdefghijABCDEFGHIJ012345';
const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const sandbox = await sandboxOf(false);
let folder: string;
let github: FakeGithub;
let executors: Executors;

beforeAll(async () => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'chancery-declared-')));
  executors = await executorsOf();
});

beforeEach(async () => {
  github = await startFakeGithub(token);
});

afterEach(() => github.stop());

afterAll(() => {
  rmSync(folder, { recursive: true });
});

function shipped(name: string, base: string): Manifest {
  const text = JSON.stringify(shippedManifests.get(name))
    .replaceAll('https://api.github.com', base)
    .replaceAll('https://hooks.example.org', base);
  return JSON.parse(text) as Manifest;
}

function capabilityOf(
  manifest: Manifest,
  undo = false,
  given: Partial<Executors> = {},
): Capability {
  expect(checkManifest(manifest)).toBeUndefined();
  const found = manifestCapabilities(manifest, { ...executors, ...given })[undo ? 1 : 0];
  if (found === undefined) throw new Error('there is no such capability');
  return found;
}

const surroundings = () => ({ root: folder, sandbox, readable: [], readOnly: [] });

function contextOf(credentials: Readonly<Record<string, string>>): ExecutionContext {
  return {
    ...surroundings(),
    ...{ actionDigest: 'ab'.repeat(32), world: emptyWorld, tree: '', timeoutMs: 20_000 },
    signal: new AbortController().signal,
    credentials: new Map(Object.entries(credentials)),
  };
}

/** Calls it as the broker does: by the schema, normalised, executed, its output checked. */
async function call(
  capability: Capability,
  args: JsonObject,
  credentials: Readonly<Record<string, string>> = {},
): Promise<Execution> {
  expect(compileSchema(capability.contract.input)(args)).toBeUndefined();
  const normalised = await capability.normalise(args, surroundings());
  if (!normalised.ok) throw new Error(normalised.refusal.message);
  const action = { normalisedArgs: normalised.value.args } as Action;
  const execution = await capability.execute(action, contextOf(credentials));
  if (execution.kind === 'done') {
    expect(compileSchema(capability.contract.output)(execution.observation)).toBeUndefined();
  } else expect(capability.contract.failures).toContain(execution.failure.code);
  return execution;
}

const failure = (kind: string, code: string) => ({
  kind: 'failed',
  failure: { class: kind, code },
});

const pull = {
  ...{ owner: 'ours', repo: 'shop', head: 'feature', base: 'main', title: 'Add it', body: 'So.' },
  secrets: ['authorization=vault:github'],
};

const lent = { authorization: token };

describe('all that is shipped', () => {
  it('can be declared as it is', async () => {
    const unfit = await unfitness();
    for (const manifest of shippedManifests.values()) {
      expect([checkManifest(manifest), unfit(manifest)]).toEqual([undefined, undefined]);
    }
  });
});

describe('a pull request', () => {
  const opening = () => capabilityOf(shipped('github.pull-request', github.base));

  it('is opened with its mark, and closed by what takes it back', async () => {
    const capability = opening();
    const opened = await call(capability, { ...pull, draft: true }, lent);
    expect(github.pulls).toMatchObject([{ title: 'Add it', draft: true, state: 'open' }]);
    expect(github.pulls[0]?.body).toBe(`So.\n\n<!-- chancery ${'ab'.repeat(32)} -->`);
    if (opened.kind !== 'done') throw new Error(opened.failure.message);
    const undo = capability.compensation?.(pull, opened.observation);
    expect(undo).toEqual({
      capability: 'github.pull-request.undo',
      args: { owner: 'ours', repo: 'shop', number: 1, secrets: pull.secrets },
    });
    const closing = capabilityOf(shipped('github.pull-request', github.base), true);
    expect(await call(closing, undo?.args ?? {}, lent)).toMatchObject({
      observation: { number: 1, state: 'closed' },
    });
    expect(github.pulls[0]?.state).toBe('closed');
  });

  it('has nothing that takes it back where nobody knows its number', () => {
    const seen = { reconciled: 'human', evidence: 'seen' };
    expect(opening().compensation?.(pull, seen)).toBeUndefined();
  });

  it.each([
    ['without a token', { credentials: {} }, 'http.refused', '401'],
    ['with another token', { credentials: { authorization: 'ghp_x' } }, 'http.refused', '401'],
    ['of no repository', { args: { ...pull, repo: 'other' } }, 'http.refused', '404'],
    [
      'with a secret in two lines',
      { credentials: { authorization: 'a\r\nb' } },
      'net.unsendable',
      '',
    ],
  ])('is not opened %s', async (_, given, code, message) => {
    const { args, credentials } = { args: pull, credentials: lent, ...given };
    const execution = await call(opening(), args, credentials);
    expect(execution).toMatchObject(failure('terminal', code));
    expect(execution.kind === 'failed' ? execution.failure.message : '').toContain(message);
    expect(github.pulls).toEqual([]);
  });

  it('that is there already is refused', async () => {
    await call(opening(), pull, lent);
    expect(await call(opening(), pull, lent)).toMatchObject(failure('terminal', 'http.refused'));
    expect(github.pulls.length).toBe(1);
  });

  it.each([
    ['limited', 'retryable', 'http.limited', 'answered 403'],
    ['secondary-limit', 'retryable', 'http.limited', 'asks to wait 60 seconds'],
    ['broken', 'unknown', 'http.failed', 'answered 502'],
    ['unanswered', 'unknown', 'net.cut-off', ''],
  ] as const)('that is %s fails as %s', async (next, kind, code, message) => {
    github.next = next;
    const execution = await call(opening(), pull, lent);
    expect(execution).toMatchObject(failure(kind, code));
    expect(execution.kind === 'failed' ? execution.failure.message : '').toContain(message);
  });

  it.each([
    ['another name', ['cookie=vault:github']],
    ['no handle', ['authorization=abc']],
  ])('takes no secret under %s', async (_, secrets) => {
    const normalised = await opening().normalise({ ...pull, secrets }, surroundings());
    expect(normalised).toMatchObject({ ok: false, refusal: { code: 'args.invalid' } });
  });

  it('tells policy and humans where it goes', async () => {
    const capability = capabilityOf(shipped('github.pull-request', 'https://api.github.com'));
    expect(await capability.normalise(pull, surroundings())).toMatchObject({
      value: {
        effects: ['external'],
        resolved: { executor: 'http', scheme: 'https', host: 'api.github.com', port: 443 },
      },
    });
    const undo = capabilityOf(shipped('github.pull-request', 'https://api.github.com'), true);
    const args = { owner: 'o', repo: 'r', number: 1, secrets: [] };
    expect(await undo.normalise(args, surroundings())).toMatchObject({
      value: { effects: ['external', 'irreversible'] },
    });
  });
});

describe('an event', () => {
  let hook: FakeWebhook;

  beforeEach(async () => {
    hook = await startFakeWebhook(secret);
  });

  afterEach(() => hook.stop());

  const posting = () => capabilityOf(shipped('webhook.post', hook.base));
  const event = {
    type: 'build.finished',
    data: { of: 'a "name"', count: 3, deep: [{ a: null }] },
    secrets: ['signature=vault:hook'],
  };

  it('is signed by Standard Webhooks, and taken once however often it is sent', async () => {
    const send = () => call(posting(), event, { signature: secret });
    const taken = { kind: 'done', observation: { status: 204 } };
    expect([await send(), await send()]).toMatchObject([taken, taken]);
    expect(hook.asked.length).toBe(2);
    const id = `msg_${'ab'.repeat(32)}`;
    const { type, data } = event;
    expect(hook.events.map((each) => [each.id, JSON.parse(each.body) as unknown])).toEqual([
      [id, { type, data }],
    ]);
    expect(hook.asked[0]?.headers).toMatchObject({
      ...{ 'idempotency-key': 'ab'.repeat(32), 'content-type': 'application/json' },
    });
    expect(JSON.stringify(hook.asked)).not.toContain(secret);
  });

  it.each([
    ['without the secret', {}, 'http.refused'],
    ['with another', { signature: 'whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD' }, 'http.refused'],
    ['with one of no form', { signature: 'plain' }, 'net.unsendable'],
    ['with one that is short', { signature: 'whsec_AAAA' }, 'net.unsendable'],
  ])('is not taken %s', async (_, credentials, code) => {
    expect(await call(posting(), event, credentials)).toMatchObject(failure('terminal', code));
    expect(hook.events).toEqual([]);
  });

  it('is irreversible, and nobody can be asked about it', async () => {
    const capability = posting();
    expect(capability).not.toHaveProperty('reconcile');
    const { contract } = capability;
    expect([contract.compensable, contract.reconcilable]).toEqual([false, false]);
    expect(await capability.normalise(event, surroundings())).toMatchObject({
      value: { effects: ['external', 'irreversible'] },
    });
  });
});

describe('an answer', () => {
  let server: Listening;
  let answer: readonly [status: number, headers: Record<string, string>, body: string | Buffer];

  beforeEach(async () => {
    answer = [200, { 'content-type': 'application/json' }, '{"id": 1}'];
    server = await listening((_, response) => {
      const [status, headers, body] = answer;
      response.writeHead(status, headers).end(body);
    });
  });

  afterEach(() => server.stop());

  const asking = (change: Partial<HttpExecutor> = {}) =>
    capabilityOf(
      someManifest({
        executor: { ...someRequest, url: `${server.base}/things/{thing}`, ...change },
        limits: { timeoutMs: 20_000, inputBytes: 4_096, outputBytes: 4_096 },
      }),
    );

  const json = { 'content-type': 'application/json' };

  it.each([
    ['no JSON', [200, json, '{"id": 1'], 'unknown', 'answer.unread'],
    ['no text', [200, json, Buffer.from([0xff, 0xfe])], 'unknown', 'answer.unread'],
    ['folded up', [200, { ...json, 'content-encoding': 'gzip' }, 'x'], 'unknown', 'answer.unread'],
    ['too long', [200, json, JSON.stringify('x'.repeat(300_000))], 'unknown', 'answer.unread'],
    ['a redirection', [307, { location: '/other' }, ''], 'terminal', 'http.refused'],
    ['another success', [202, json, '{}'], 'unknown', 'http.unexpected'],
  ] as const)('that is %s is no observation', async (_, given, kind, code) => {
    answer = given;
    expect(await call(asking(), { thing: 'a' })).toMatchObject(failure(kind, code));
    expect(server.asked.length).toBe(1);
  });

  it('may be tried again where only asked for', async () => {
    answer = [503, { 'retry-after': '7' }, ''];
    const execution = await call(asking({ method: 'GET', body: null }), { thing: 'a' });
    expect(execution).toMatchObject(failure('retryable', 'http.failed'));
  });

  it('leaves out what was not given', async () => {
    const query = { note: '{note}', all: 'yes' };
    const headers = { 'x-note': 'it is {note}' };
    const body = { note: '{note}', list: ['{note}', '{thing}'], same: { a: '{note}' } };
    await call(asking({ query, headers, body }), { thing: 'a' });
    expect(server.asked[0]?.url).toBe('/things/a?all=yes');
    expect(server.asked[0]?.headers).not.toHaveProperty('x-note');
    expect(JSON.parse(server.asked[0]?.body ?? '')).toEqual({ list: ['a'], same: {} });
  });

  it('is a text where it does not say what it is', async () => {
    answer = [200, {}, '{"id": 1}'];
    const execution = await call(asking({ observed: { id: '/status' } }), { thing: 'a' });
    expect(execution).toMatchObject({ observation: { id: 200 } });
    const capability = asking();
    const action = { normalisedArgs: { thing: 'a' } } as unknown as Action;
    expect(await capability.execute(action, contextOf({}))).toMatchObject({ observation: {} });
  });

  it('is not asked for at an address in another spelling', async () => {
    const url = server.base.replace('127.0.0.1', '127.1');
    const capability = asking({ url: `${url}/{thing}` });
    expect(await capability.normalise({ thing: 'a' }, surroundings())).toMatchObject({
      refusal: { code: 'args.invalid', message: 'the URL has more than one form' },
    });
  });

  it('is not asked for by a name that leads to this machine', async () => {
    const url = server.base.replace('127.0.0.1', 'localhost');
    const execution = await call(asking({ url: `${url}/{thing}` }), { thing: 'a' });
    expect(execution).toMatchObject(failure('terminal', 'net.forbidden-address'));
    expect(server.asked).toEqual([]);
  });

  it('is not asked for when the run is stopped', async () => {
    const capability = asking();
    const action = { normalisedArgs: { thing: 'a' } } as unknown as Action;
    const context = { ...contextOf({}), signal: AbortSignal.abort() };
    expect(await capability.execute(action, context)).toMatchObject(
      failure('terminal', 'cancelled'),
    );
    expect(server.asked).toEqual([]);
  });
});

describe('a program', () => {
  const program = (argv: readonly string[], change: object = {}) =>
    someManifest({
      effect: 'write',
      executor: {
        ...{ kind: 'command', argv, stdin: null, credentials: [], output: 'json', success: [0] },
        observed: { id: '/stdout/id' },
        ...change,
      },
      limits: { timeoutMs: 20_000, inputBytes: 4_096, outputBytes: 64 },
    });

  it('counts the lines of a file, in the sandbox', async () => {
    writeFileSync(join(folder, 'three lines.txt'), 'a\nb\nc\n');
    const manifest = shippedManifests.get('text.count');
    if (manifest === undefined) throw new Error('it is not shipped');
    const counting = capabilityOf(manifest);
    expect(await call(counting, { file: 'three lines.txt' })).toMatchObject({
      observation: { text: '3 three lines.txt\n' },
    });
    expect(await call(counting, { file: '--version' })).toMatchObject(
      failure('terminal', 'command.failed'),
    );
    const long = { file: 'x'.repeat(131_001) };
    expect(await counting.normalise(long, surroundings())).toMatchObject({
      refusal: { code: 'args.invalid' },
    });
    expect(await counting.normalise({ file: 'x' }, surroundings())).toMatchObject({
      value: { effects: ['write'], command: { line: 'wc -l -- x', programs: ['wc'] } },
    });
  });

  it.each([
    ['ends otherwise', ['false'], 'command.failed'],
    ['is not there', ['no-such-program'], 'command.failed'],
    ['writes no JSON', ['echo', 'id'], 'answer.unread'],
    ['writes too much', ['printf', `{{"id":1,"x":"${'x'.repeat(64)}"}}`], 'answer.unread'],
    ['does not end', ['sleep', '60'], 'command.failed'],
  ])('that %s fails', async (_, argv, code) => {
    const capability = capabilityOf(program(argv));
    const action = { normalisedArgs: { thing: 'a' } } as unknown as Action;
    const context = { ...contextOf({}), timeoutMs: argv[0] === 'sleep' ? 300 : 20_000 };
    expect(await capability.execute(action, context)).toMatchObject(failure('terminal', code));
  });

  const lending = (variable: string): Manifest => ({
    ...program(['sh', '-c', 'echo "{{\\"id\\": \\"$KEY$OTHER\\"}}"'], { credentials: [variable] }),
    input: {
      ...{ type: 'object', additionalProperties: false, required: ['thing'] },
      properties: { thing: { type: 'string' }, note: { type: 'array' } },
    },
    roles: { thing: 'object', note: 'credential' },
    output: {
      ...{ type: 'object', additionalProperties: false },
      properties: { id: { type: 'string' } },
    },
  });

  it('is lent a secret in its environment, and no other', async () => {
    const args = { thing: 'a', note: ['KEY=vault:key'] };
    expect(await call(capabilityOf(lending('KEY')), args, { KEY: 'k', OTHER: 'o' })).toMatchObject({
      observation: { id: 'k' },
    });
  });

  it.each(['LD_PRELOAD', 'NODE_OPTIONS', 'PATH', 'GIT_SSH_COMMAND'])(
    'is lent no secret as %s, whatever the ledger declares',
    async (variable) => {
      const args = { thing: 'a', note: [`${variable}=vault:key`] };
      const capability = capabilityOf(lending(variable));
      expect(await capability.normalise(args, surroundings())).toMatchObject({
        ok: false,
        refusal: { code: 'args.invalid', message: expect.stringContaining(variable) as string },
      });
    },
  );

  it('without a sandbox does what it likes, and says so', async () => {
    const unsafe = await sandboxOf(true);
    const capability = capabilityOf(program(['true']));
    const place = { ...surroundings(), sandbox: unsafe };
    expect(await capability.normalise({ thing: 'a' }, place)).toMatchObject({
      value: { unsandboxed: true, effects: ['write', 'external', 'irreversible'] },
    });
  });
});

describe('a tool', () => {
  const calling = (effect: 'external' | 'irreversible', answer: Partial<McpAnswer>) =>
    capabilityOf(
      someManifest({
        effect,
        executor: {
          kind: 'mcp',
          transport: { kind: 'stdio', argv: ['things-server'] },
          server: { name: 'things', version: '1' },
          ...{ tool: 'note', definition: 'aa'.repeat(32), credentials: [] },
          ...{ args: { of: '{thing}' }, observed: { id: '/structuredContent/id' } },
        },
      }),
      false,
      {
        mcp: ({ idempotencyKey }) => {
          expect(idempotencyKey).toBe('ab'.repeat(32));
          const usual = { structuredContent: { id: 7 }, isError: false, content: [] };
          return Promise.resolve({ kind: 'answered', ...usual, ...answer });
        },
      },
    );

  it('is observed where it answers, and has failed where it says so', async () => {
    expect(await call(calling('external', {}), { thing: 'a' })).toMatchObject({
      observation: { id: 7 },
    });
    const isError = { isError: true };
    expect(await call(calling('external', isError), { thing: 'a' })).toMatchObject(
      failure('terminal', 'mcp.failed'),
    );
    expect(await call(calling('irreversible', isError), { thing: 'a' })).toMatchObject(
      failure('unknown', 'mcp.failed'),
    );
  });
});
