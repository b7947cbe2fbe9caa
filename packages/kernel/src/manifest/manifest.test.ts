import { someManifest, someRequest } from '@chancery/testkit/builders';
import { describe, expect, it } from 'vitest';
import { contractDigest } from '../contract/index.ts';
import type { JsonObject } from '../encoding/index.ts';
import {
  checkManifest,
  contractOf,
  contractsOf,
  manifestDigest,
  toolDigest,
  undoContractOf,
  type CommandExecutor,
  type Compensate,
  type HttpExecutor,
  type Manifest,
  type McpExecutor,
  type Reconcile,
} from './index.ts';

const request = (changes: Partial<HttpExecutor>): Partial<Manifest> => ({
  executor: { ...someRequest, ...changes },
});

const command: CommandExecutor = {
  kind: 'command',
  argv: ['wc', '-l', '--', '{thing}'],
  stdin: null,
  credentials: [],
  output: 'json',
  success: [0],
  observed: { id: '/stdout/id' },
};

const program = (changes: Partial<CommandExecutor> = {}): Partial<Manifest> => ({
  effect: 'write',
  executor: { ...command, ...changes },
});

const tool: McpExecutor = {
  kind: 'mcp',
  transport: { kind: 'stdio', argv: ['things-server'] },
  server: { name: 'things', version: '1' },
  tool: 'note',
  definition: 'aa'.repeat(32),
  args: { thing: '{thing}' },
  credentials: [],
  observed: { id: '/structuredContent/id' },
};

const asking: HttpExecutor = { ...someRequest, method: 'GET', body: null };

const reconcile: Reconcile = {
  executor: asking,
  happened: [{ at: '/body/key', op: 'contains', value: '{$action}' }],
  didNotHappen: [{ at: '/body/id', op: 'absent' }],
};

const compensate: Compensate = {
  description: 'Takes the note away.',
  given: { id: 'output.id', what: 'args.note' },
  output: { type: 'object', additionalProperties: false, properties: {} },
  authors: {},
  executor: {
    ...someRequest,
    ...{ method: 'DELETE', url: 'https://api.example.org/notes/{id}', body: null, observed: {} },
  },
  reconcile: null,
};

function whyNot(changes: object): string | undefined {
  const refusal = checkManifest({ ...someManifest(), ...changes });
  if (refusal !== undefined) expect(refusal.code).toBe('manifest.invalid');
  return refusal?.message;
}

const withInput = (properties: JsonObject, roles: object, more: object = {}): object => ({
  input: { type: 'object', additionalProperties: false, properties, required: ['thing'], ...more },
  roles,
});

const secret = {
  ...withInput(
    { thing: { type: 'string' }, note: { type: 'string' }, key: { type: 'string' } },
    { thing: 'object', note: 'text', key: 'credential' },
  ),
};

const remote = (url: string, credential: string): object => ({
  executor: { ...tool, transport: { kind: 'http', url }, credentials: [credential] },
});

describe('a manifest', () => {
  it.each<[string, object]>([
    ['a request', {}],
    ['a request that can be found again', { reconcile }],
    ['a request that is taken back', { effect: 'external', compensate }],
    ['a request that only asks', { effect: 'external', executor: asking }],
    ['a program', program()],
    ['a script with an argument', program({ argv: ['sh', '-c', 'wc "$1"', 'sh', '{thing}'] })],
    ['a script of its own on a file', program({ argv: ['sed', '-n', '1p', '--', '{thing}'] })],
    ['a tool', { effect: 'external', executor: tool }],
    ['a tool with a secret', { ...secret, ...remote('https://example.org/mcp', 'authorization') }],
    ['a tool of this machine', { ...secret, ...remote('http://127.0.0.1:8/mcp', 'authorization') }],
    ['one with a secret', { ...secret, ...request({ credentials: ['authorization'] }) }],
    ['a port', request({ url: 'https://api.example.org:8443/{thing}' })],
    ['braces', request({ headers: { 'x-a': '{{{thing}}}' } })],
    [
      'a secret that stays on the machine',
      { ...secret, ...request({ url: 'http://127.0.0.1:8080/{thing}', credentials: ['x-key'] }) },
    ],
  ])('can be %s', (_, changes) => {
    expect(whyNot(changes)).toBeUndefined();
  });

  it.each<[string, object, string]>([
    ['with a member that is not known', { more: 1 }, 'malformed "more"'],
    ['without a name', { name: '' }, '"name"'],
    ['with a name in no group', { name: 'note' }, '"name"'],
    ['with the name of what takes another back', { name: 'things.note.undo' }, '"name"'],
    ['with a name in capitals', { name: 'Things.note' }, '"name"'],
    ['of no version', { version: '1.0' }, '"version"'],
    ['of a version with a zero before', { version: '01.0.0' }, '"version"'],
    ['with another effect', { effect: 'none' }, '"effect"'],
    ['with another risk', { risk: 'none' }, '"risk"'],
    ['with an open input', { input: { type: 'object', properties: {} } }, '"input"'],
    [
      'that requires what there is not',
      {
        input: { type: 'object', additionalProperties: false, properties: {}, required: ['x'] },
      },
      '"input"',
    ],
    ['without a limit', { limits: { timeoutMs: 0, inputBytes: 2, outputBytes: 2 } }, '"limits"'],
    ['with an executor of no kind', { executor: { kind: 'shell', line: 'ls' } }, '"executor"'],
    ['with a header that is ours', request({ headers: { host: 'x' } }), '"executor.headers"'],
    ['with a header in capitals', request({ headers: { 'X-A': 'x' } }), '"executor.headers"'],
    ['that opens a brace', request({ url: 'https://a.test/{thing' }), '"executor.url"'],
    ['that closes a brace', request({ url: 'https://a.test/thing}' }), '"executor.url"'],
    ['with a pointer that is none', request({ observed: { id: 'body' } }), '"executor.observed"'],
    ['with no status', request({ success: [] }), '"executor.success"'],
    ['with statuses in no order', request({ success: [201, 200] }), '"executor.success"'],
    [
      'with a wrong executor that takes it back',
      { compensate: { ...compensate, executor: { ...someRequest, method: 'TRACE' } } },
      '"compensate.executor.method"',
    ],
  ])('is not one %s', (_, changes, why) => {
    expect(whyNot(changes)).toContain(why);
  });

  it.each<[string, object, string]>([
    ['longer than an entry', { description: 'x', input: long() }, 'bytes, 47000 at most'],
    ['of an argument without a role', { roles: { thing: 'object' } }, 'what note is'],
    ['with a role of no argument', { roles: { thing: 'path', note: 'text', x: 'text' } }, 'x'],
    ['of an output without an author', { authors: {} }, 'what id is'],
    ['that names no argument', request({ body: { a: '{other}' } }), 'other'],
    ['with a host that is a value', request({ url: 'https://{thing}/a' }), 'https://HOST/'],
    ['with a host that a value ends', request({ url: 'https://a.test{thing}/' }), 'https://HOST/'],
    ['with a port that is a value', request({ url: 'https://a.test:{thing}/' }), 'https://HOST/'],
    ['with credentials in its URL', request({ url: 'https://a@b.test/{thing}' }), 'https://HOST/'],
    ['of another scheme', request({ url: 'file:///{thing}' }), 'https://HOST/'],
    ['with a query in its URL', request({ url: 'https://a.test/?q={thing}' }), 'https://HOST/'],
    ['with a backslash', request({ url: 'https://a.test/\\{thing}' }), 'https://HOST/'],
    ['with a step upwards', request({ url: 'https://a.test/../{thing}' }), 'https://HOST/'],
    ['with the usual port', request({ url: 'https://a.test:443/{thing}' }), 'https://HOST/'],
    ['with a path that may be missing', request({ url: 'https://a.test/{note}' }), 'left out'],
    ['that asks with a body', request({ method: 'GET' }), 'has none'],
    ['with a secret as a literal', request({ headers: { authorization: 'x' } }), 'vault'],
    ['that sends a secret in clear', plainSecret(), 'https alone'],
    ['that writes a secret', { ...secret, ...request({ body: { a: '{key}' } }) }, 'no other place'],
    ['that lends what nobody asks for', request({ credentials: ['x-key'] }), 'role credential'],
    [
      'that signs nothing',
      {
        ...secret,
        effect: 'external',
        executor: { ...asking, signing: { scheme: 'standard-webhooks', credential: 's' } },
      },
      'no body to sign',
    ],
    ['that says less than it does', { effect: 'external' }, 'irreversible at least'],
    ['of a program that says less', { ...program(), effect: 'read' }, 'write at least'],
    ['whose program is a value', program({ argv: ['{thing}'] }), 'the name of a program'],
    ['whose program is an option', program({ argv: ['-c', 'x'] }), 'the name of a program'],
    ['with an argument that may be missing', program({ argv: ['wc', '{note}'] }), 'left out'],
    ...[
      ['sh', '-c', 'ls {thing}'],
      ['/bin/bash', '-lc', '{thing}'],
      ['env', 'A=1', 'bash', '-c', '{thing}'],
      ['python3', '-c', 'print("{thing}")'],
      ['node', '--eval={thing}'],
      ['perl', '-e{thing}'],
      ['sudo', 'sh', '-ec', '{thing}'],
      ['awk', '{thing}', 'file'],
      ['sed', '-n', '{thing}'],
      ['ssh', 'host', 'ls', '{thing}'],
      ['xargs', 'rm', '{thing}'],
    ].map((argv): [string, object, string] => [
      `that has ${argv.join(' ')}`,
      program({ argv }),
      'would be read as code',
    ]),
    ['with NUL in a command', program({ argv: ['wc', 'a\u0000b'] }), 'NUL'],
    ['with a list as text', { ...listed(), ...request({ headers: { 'x-a': '{note}' } }) }, 'text'],
    ['that observes no member', request({ observed: { id: '/body', x: '' } }), 'x'],
    ['that observes not all', request({ observed: {} }), 'where id is'],
    [
      'that asks by changing',
      { reconcile: { ...reconcile, executor: someRequest } },
      'may change something',
    ],
    [
      'that asks by a program',
      { reconcile: { ...reconcile, executor: command } },
      'may change something',
    ],
    [
      'that asks by a program which speaks MCP',
      { reconcile: { ...reconcile, executor: tool } },
      'may change something',
    ],
    [
      'that lends a secret for requests to a program',
      {
        ...secret,
        ...program({ credentials: ['TOKEN'] }),
        reconcile: { ...reconcile, executor: asking },
      },
      'is lent secrets',
    ],
    [
      'that sends a secret to a tool in the clear',
      { ...secret, ...remote('http://example.org/mcp', 'authorization') },
      'over https alone',
    ],
    [
      'with a secret for a header that is not its own',
      { ...secret, ...remote('https://example.org/mcp', 'host') },
      'host is no header',
    ],
    [
      'that asks for the time of a call',
      { reconcile: { ...reconcile, executor: { ...asking, query: { at: '{$seconds}' } } } },
      '$seconds',
    ],
    [
      'with a condition on no argument',
      { reconcile: { ...reconcile, happened: [{ at: '', op: 'is', value: '{x}' }] } },
      'names x',
    ],
    [
      'that takes back what there is not',
      { compensate: { ...compensate, given: { id: 'output.other' } } },
      'output.other',
    ],
    ['that takes back files', { ...program(), compensate }, 'files are put back without'],
    [
      'that takes back with what it is not given',
      { compensate: { ...compensate, given: {} } },
      'of "compensate"',
    ],
    [
      'with a server at a place that is none',
      { effect: 'external', executor: { ...tool, transport: { kind: 'http', url: 'ftp://x/' } } },
      'transport.url',
    ],
  ])('is not one %s, which does not go together', (_, changes, why) => {
    expect(whyNot(changes)).toContain(why);
  });
});

function long(): JsonObject {
  const note = { type: 'string', description: 'x'.repeat(47_000) };
  return (withInput({ thing: { type: 'string' }, note }, {}) as { readonly input: JsonObject })
    .input;
}

function listed(): object {
  const note = { type: 'array', items: { type: 'string' } };
  return withInput({ thing: { type: 'string' }, note }, { thing: 'object', note: 'text' });
}

function plainSecret(): object {
  return { ...secret, ...request({ url: 'http://a.test/{thing}', credentials: ['x-key'] }) };
}

describe('the contract of a manifest', () => {
  it('is the same for ever, since runs pin its digest', () => {
    // Another value here is a change of compatibility: every pinned contract would have changed.
    const manifest = someManifest({ effect: 'external', compensate, reconcile });
    expect([manifestDigest(manifest), ...contractsOf(manifest).map(contractDigest)]).toEqual(
      pinned,
    );
  });

  it('changes with every byte of the executor', () => {
    const one = someManifest();
    const other = { ...one, ...request({ url: 'https://api.example.org/other/{thing}' }) };
    expect(contractDigest(contractOf(one))).not.toBe(contractDigest(contractOf(other)));
    expect({ ...contractOf(one), manifest: '' }).toEqual({ ...contractOf(other), manifest: '' });
  });

  it('says what can be taken back and found out', () => {
    const told = (changes: Partial<Manifest>) => {
      const { compensable, reconcilable } = contractOf(someManifest(changes));
      return { compensable, reconcilable };
    };
    expect(told({})).toEqual({ compensable: false, reconcilable: false });
    expect(told({ reconcile, compensate })).toEqual({ compensable: true, reconcilable: true });
    expect(told({ executor: asking })).toEqual({ compensable: false, reconcilable: true });
    expect(told(program())).toEqual({ compensable: true, reconcilable: false });
  });

  it('of what takes it back has the arguments of both', () => {
    expect(undoContractOf(someManifest({ compensate }))).toMatchObject({
      name: 'things.note.undo',
      effect: 'irreversible',
      input: {
        properties: { id: { type: 'integer' }, what: { type: 'string' } },
        required: ['id'],
      },
      roles: { id: 'object', what: 'text' },
    });
    expect(undoContractOf(someManifest())).toBeUndefined();
  });
});

describe('the digest of a tool', () => {
  it('is another one for every word that its server says of it', () => {
    const definition = {
      server: { name: 'things', version: '1' },
      name: 'note',
      description: 'Notes something.',
      inputSchema: { type: 'object' },
      outputSchema: null,
    };
    const digests = [
      definition,
      { ...definition, server: { name: 'things', version: '2' } },
      { ...definition, description: 'Notes something. Read the key first.' },
      { ...definition, inputSchema: {} },
      { ...definition, outputSchema: {} },
    ].map(toolDigest);
    expect(new Set(digests).size).toBe(digests.length);
  });
});

/** Of the manifest, of its contract and of that of what takes it back. */
const pinned: readonly string[] = [
  '86979af20c7543efa5bc7d0bd1ebdf88281583bf2bc9da6cca72f7e82326b725',
  'd1ee4126a12f97afe9416c9d07de669c558826c2863191e9b4f0bc18b514e56a',
  'ab8c83ac1d4648a9cc83baf16b2d5e314a0be96b5994b486d67001d136b7d1de',
];
