import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { manifestCapabilities, type Executors } from '@chancery/adapters/capability-manifest';
import type { Action } from '@chancery/kernel/compiler';
import type { JsonObject } from '@chancery/kernel/encoding';
import { checkManifest, type Executor, type Manifest } from '@chancery/kernel/manifest';
import { emptyWorld } from '@chancery/kernel/world';
import type { Execution, McpCall } from '@chancery/runtime/broker';
import { someManifest, someRequest } from '@chancery/testkit/builders';
import { listening, type Listening } from '@chancery/testkit/fake-services';
import { cases } from '@chancery/testkit/properties';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { executorsOf } from './declared.ts';
import { sandboxOf } from './house.ts';

let folder: string;
let server: Listening;
let executors: Executors;
let calls: McpCall[];
const sandbox = await sandboxOf(false);

beforeAll(async () => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'chancery-injection-')));
  server = await listening((_, response) => {
    response.writeHead(200, { 'content-type': 'application/json' }).end('{"id": 1}');
  });
  calls = [];
  executors = {
    ...(await executorsOf()),
    mcp: (call) => {
      calls.push(call);
      return Promise.resolve({
        ...{ kind: 'answered', isError: false, structuredContent: { id: 1 }, content: [] },
      });
    },
  };
});

afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true });
});

/** What has meant something else to some program that it was written for. */
const known = [
  ...['', '.', '..', '../..', '../../etc/passwd', '/', '//evil.test/', '@evil.test', '\\evil'],
  ...['-o', '--output=/etc/passwd', '-', '--', '-rf', '$(id)', '`id`', '; id', '&& id', '| id'],
  ...['$HOME', '${IFS}', "'", '"', '\\', '\\"', '*', '~', '!!', '#', '%00', '%2e%2e', '%2F'],
  ...['a\nb', 'a\r\nx-evil: 1', '\r\n\r\nGET / HTTP/1.1', 'a\u0000b', '\u0000', '\t', ' a', 'a '],
  ...['{a}', '{$action}', '{{', '}}', '{', '", "admin": true, "x": "', '?q=1', '&q=1', 'q=1', ';'],
  ...['é', '日本', '\u202e', '\ufeff', '\u{1f600}', '＠', '．．', '\u2028', 'https://evil.test/'],
  ...['__proto__', 'constructor', '</script>', "' OR 1=1 --", '%', '+', 'a+b', 'a%20b', ':', '='],
];

const hostile = fc.oneof(
  fc.constantFrom(...known),
  fc.array(fc.constantFrom(...known), { minLength: 2, maxLength: 3 }).map((each) => each.join('')),
  fc.string({ unit: 'binary', maxLength: 12 }),
);

const names = ['a', 'b', 'c', 'd', 'e'] as const;
type Values = Readonly<Record<(typeof names)[number], string>>;
const values: fc.Arbitrary<Values> = fc.record({
  ...{ a: hostile, b: hostile, c: hostile, d: hostile, e: hostile },
});

function manifestOf(executor: Executor, output: Manifest['output']): Manifest {
  const manifest = someManifest({
    ...{ executor, output, effect: 'irreversible' },
    input: {
      type: 'object',
      additionalProperties: false,
      required: [...names],
      properties: Object.fromEntries(names.map((name) => [name, { type: 'string' }])),
    },
    roles: Object.fromEntries(names.map((name) => [name, 'text'])),
    authors: Object.fromEntries(Object.keys(executor.observed).map((name) => [name, 'service'])),
    limits: { timeoutMs: 30_000, inputBytes: 65_536, outputBytes: 65_536 },
  });
  expect(checkManifest(manifest)).toBeUndefined();
  return manifest;
}

const idOnly: Manifest['output'] = {
  type: 'object',
  additionalProperties: false,
  required: ['id'],
  properties: { id: { type: 'integer' } },
};

/** Calls it as the broker does; the code of a refusal where it is refused before anything happens. */
async function call(manifest: Manifest, args: JsonObject): Promise<Execution | string> {
  const [capability] = manifestCapabilities(manifest, executors);
  if (capability === undefined) throw new Error('it declares no capability');
  const surroundings = { root: folder, sandbox, readable: [], readOnly: [] };
  const normalised = await capability.normalise(args, surroundings);
  if (!normalised.ok) return normalised.refusal.code;
  return capability.execute({ normalisedArgs: normalised.value.args } as Action, {
    ...surroundings,
    ...{ actionDigest: 'ab'.repeat(32), world: emptyWorld, tree: '', timeoutMs: 30_000 },
    ...{ signal: new AbortController().signal, credentials: new Map() },
  });
}

/** A sandbox costs some milliseconds each time. */
const ofPrograms = cases(100);

describe('what stands in the place of an argument of a program', () => {
  // `printf` writes each argument that it was given, and NUL after it.
  const manifest = manifestOf(
    {
      ...{ kind: 'command', stdin: null, credentials: [], output: 'text', success: [0] },
      argv: ['printf', '%s\\0', '{a}', 'x={b}', '--{c}', '--', '{d}', '{e}{a}'],
      observed: { text: '/stdout' },
    },
    {
      ...{ type: 'object', additionalProperties: false, required: ['text'] },
      properties: { text: { type: 'string' } },
    },
  );

  it('is that one argument, or the call is refused', async () => {
    await fc.assert(
      fc.asyncProperty(values, async (given) => {
        const { a, b, c, d, e } = given;
        const words = [a, `x=${b}`, `--${c}`, '--', d, e + a];
        const execution = await call(manifest, given);
        const isRefused = a.startsWith('-') || words.some((word) => word.includes('\u0000'));
        if (isRefused) expect(execution).toBe('args.invalid');
        else {
          const text = words.map((word) => `${word}\u0000`).join('');
          expect(execution).toMatchObject({ kind: 'done', observation: { text } });
        }
      }),
      ofPrograms,
    );
  });

  it('is what it reads, to the last byte', async () => {
    const reading = manifestOf(
      {
        ...{ kind: 'command', credentials: [], output: 'text', success: [0] },
        argv: ['cat'],
        stdin: '<{a}>{b}',
        observed: { text: '/stdout' },
      },
      manifest.output,
    );
    await fc.assert(
      fc.asyncProperty(values, async (given) => {
        const text = `<${given.a}>${given.b}`;
        expect(await call(reading, given)).toMatchObject({ kind: 'done', observation: { text } });
      }),
      ofPrograms,
    );
  });
});

describe('what stands in a place of a request', () => {
  const header = /^[!-~](?:[\t -~]*[!-~])?$/;

  it('arrives as that value in that place, or nothing is asked', async () => {
    const manifest = manifestOf(
      {
        ...someRequest,
        url: `${server.base}/p/{a}/x-{b}.json/end`,
        query: { q: '{c}', 'a b&c': 'k={d}&z' },
        headers: { 'x-v': '{d}', 'x-w': 'pre {e} post' },
        body: { t: '{e}', deep: { text: 'say {c}!', list: ['{a}', 1, null] }, id: '{$action}' },
      },
      idOnly,
    );
    await fc.assert(
      fc.asyncProperty(values, async (given) => {
        const { a, b, c, d, e } = given;
        const before = server.asked.length;
        const execution = await call(manifest, given);
        const isFit = header.test(d) && header.test(`pre ${e} post`);
        if (/^\.{0,2}$/.test(a) || !isFit) {
          expect(execution).toBe('args.invalid');
          expect(server.asked.length).toBe(before);
          return;
        }
        expect(execution).toMatchObject({ kind: 'done', observation: { id: 1 } });
        expect(server.asked.length).toBe(before + 1);
        const { method, url, headers, body } = server.asked[before] ?? {};
        const [path = '', query = ''] = (url ?? '').split('?');
        expect(method).toBe('POST');
        expect(path.split('/').map(decodeURIComponent)).toEqual(['', 'p', a, `x-${b}.json`, 'end']);
        expect([...new URLSearchParams(query)]).toEqual([
          ['q', c],
          ['a b&c', `k=${d}&z`],
        ]);
        expect(headers).toMatchObject({ 'x-v': d, 'x-w': `pre ${e} post` });
        expect(Object.keys(headers ?? {}).sort()).toEqual(
          [
            ...['accept-encoding', 'connection', 'content-length', 'content-type', 'host'],
            ...['x-v', 'x-w'],
          ].sort(),
        );
        expect(headers?.host).toBe(server.base.slice('http://'.length));
        expect(JSON.parse(body ?? '')).toEqual({
          ...{ t: e, deep: { text: `say ${c}!`, list: [a, 1, null] } },
          id: 'ab'.repeat(32),
        });
      }),
      cases(300),
    );
  });
});

describe('what stands in a place of a call of a tool', () => {
  it('is that value', async () => {
    const manifest = manifestOf(
      {
        kind: 'mcp',
        transport: { kind: 'stdio', argv: ['things-server'] },
        server: { name: 'things', version: '1' },
        ...{ tool: 'note', definition: 'aa'.repeat(32), credentials: [] },
        args: { plain: '{a}', text: 'see {b}', list: ['{c}'] },
        observed: { id: '/structuredContent/id' },
      },
      idOnly,
    );
    await fc.assert(
      fc.asyncProperty(values, async (given) => {
        expect(await call(manifest, given)).toMatchObject({ observation: { id: 1 } });
        const { a, b, c } = given;
        expect(calls.at(-1)?.args).toEqual({ plain: a, text: `see ${b}`, list: [c] });
      }),
      cases(100),
    );
  });
});
