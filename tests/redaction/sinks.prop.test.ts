import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cases } from '@chancery/testkit/properties';
import { openSqliteStore } from '@chancery/adapters/store-sqlite';
import type { JsonObject } from '@chancery/kernel/encoding';
import type { LedgerStore } from '@chancery/kernel/ledger';
import { RefusalError } from '@chancery/kernel/refusal';
import { routingEvidenceOf } from '@chancery/kernel/routing';
import type { Execution } from '@chancery/runtime/broker';
import type { Model, ModelEvent } from '@chancery/runtime/cognition';
import { abandon, type RunRequest } from '@chancery/runtime/drive';
import {
  capabilityOf,
  houseOf,
  memoryWrite,
  MemoryWorkspace,
  modelOf,
  observed,
  startTestRun,
  type Turn,
} from '@chancery/testkit/house';
import { call, driving, findingsOf } from '../spine/drive.ts';
import { everythingIn, foundIn, plantedSecrets } from './planted.ts';

/** What a part of a run is made of, with the secret in it. */
interface Planted {
  readonly turns?: readonly Turn[];
  readonly act?: (args: JsonObject) => Promise<Execution>;
  readonly request?: Partial<RunRequest>;
  readonly model?: readonly ModelEvent[];
  readonly abandonFor?: string;
  readonly effect?: 'read' | 'external';
}

const act = call('act', { of: 'it' });
const failing = (message: string, kind: 'terminal' | 'unknown' = 'terminal'): Planted => ({
  turns: [act],
  act: () =>
    Promise.resolve({ kind: 'failed', failure: { class: kind, code: 'no', message }, used: {} }),
});
const observing = (observation: JsonObject): Planted => ({
  turns: [act],
  act: () => Promise.resolve(observed(observation)),
});
const failedModel = (message: string): readonly ModelEvent[] => [
  { type: 'text', text: message },
  {
    type: 'failed',
    failure: { class: 'terminal', code: 'bad-request', message, retryAfterMs: undefined },
    usage: undefined,
  },
];

/** Evidence of a router with a text in each of its places, and in one that it does not have. */
const routed: Readonly<Record<string, (text: string) => Planted>> = Object.fromEntries(
  Object.entries<(text: string) => object>({
    choice: (text) => ({ selected: text }),
    alternative: (text) => ({ alternatives: ['a', text] }),
    reason: (text) => ({ reasons: [text] }),
    fallback: (text) => ({ fallback: { selected: text, reason: 'b' } }),
    'reason of the fallback': (text) => ({ fallback: { selected: 'a', reason: text } }),
    'unknown member': (text) => ({ [text]: text }),
    digest: (text) => ({ decision: text }),
  }).map(([place, change]) => [
    `${place} of a router`,
    (text) => {
      const choice = { selected: 'a', alternatives: [], confidenceBps: 1, reasons: [] };
      const routing = { ...routingEvidenceOf({ ...choice, ...change(text) }), ...change(text) };
      return { turns: [{ calls: [{ name: 'act', args: {}, routing }] }] };
    },
  ]),
);

/** Every way by which a text comes into the system. */
const ways: Readonly<Record<string, (text: string) => Planted>> = {
  task: (text) => ({ request: { task: `Use ${text} for it` } }),
  'what the model says in pieces': (text) => ({
    model: [
      ...(`I know ${text}`.match(/.{1,5}/gsu) ?? []).map(
        (part) => ({ type: 'text', text: part }) as const,
      ),
      {
        type: 'finished',
        stop: 'end',
        usage: { inputTokens: 1, cachedInputTokens: 0, outputTokens: 1 },
      },
    ],
  }),
  'what the model says': (text) => ({ turns: [{ say: `I know ${text}`, calls: [] }] }),
  argument: (text) => ({ turns: [call('act', { deep: [{ text: `x ${text}` }] })] }),
  'name of an argument': (text) => ({ turns: [call('act', { [text]: 1 })] }),
  'argument by its name': (text) => ({ turns: [call('act', { password: text })] }),
  'malformed arguments': (text) => ({ turns: [call('act', { malformed: `{"a": "${text}` })] }),
  'name of a call': (text) => ({ turns: [call(`send.${text}`)] }),
  'content of a file': (text) => ({
    turns: [call('memory.write', { path: 'a.txt', text }), call('look'), act],
  }),
  'name of a file': (text) => ({ turns: [call('memory.write', { path: text, text: 'a' })] }),
  output: (text) => observing({ stdout: `before ${text} after` }),
  'large output': (text) => observing({ stdout: `${'line\n'.repeat(9_000)}${text}\n` }),
  'name in the output': (text) => observing({ found: { [text]: true } }),
  'list in the output': (text) => observing({ entries: ['a', text, [text]] }),
  error: (text) => failing(`it failed: ${text}`),
  'error of unknown effect': (text) => ({ ...failing(text, 'unknown'), effect: 'external' }),
  'thrown error': (text) => ({ turns: [act], act: () => Promise.reject(new Error(text)) }),
  'change of the world': (text) => ({
    turns: [act],
    act: () =>
      Promise.resolve({
        ...(observed({}) as Extract<Execution, { kind: 'done' }>),
        delta: [{ op: 'put', key: 'note', value: text, expect: 0 }],
      }),
  }),
  'key of the world': (text) => ({
    turns: [act],
    act: () =>
      Promise.resolve({
        ...(observed({}) as Extract<Execution, { kind: 'done' }>),
        delta: [{ op: 'put', key: text, value: 1, expect: 0 }],
      }),
  }),
  'error of the model': (text) => ({ model: failedModel(`401 for ${text}`) }),
  gate: (text) => ({ request: { gates: [`curl -H 'x: ${text}' localhost`] } }),
  'path that is shared': (text) => ({ request: { readable: [`/srv/${text}/data`] } }),
  'path of the repository': (text) => ({ request: { repository: `/srv/${text}` } }),
  'path that is protected': (text) => ({ request: { protectedPaths: [`${text}/**`] } }),
  ...routed,
  'model that a provider names': (text) => ({ turns: [{ say: 'a', calls: [], servedBy: text }] }),
  'reason to give up': (text) => ({ abandonFor: `because of ${text}` }),
};

/** Every entry and blob, as a reader of the ledger has them. */
async function keptIn(store: LedgerStore): Promise<Buffer> {
  const kept = await store.readAll(0, 10_000);
  const digests = kept.flatMap(({ text }) => text.match(/[0-9a-f]{64}/g) ?? []);
  const blobs = await Promise.all(digests.map((digest) => store.blob(digest)));
  return Buffer.concat([
    ...kept.map(({ text }) => Buffer.from(text)),
    ...blobs.filter((bytes) => bytes !== undefined),
  ]);
}

/** What is kept of a house, all that a model was asked, and what was said of it. */
async function runWith(planted: Planted, secrets: readonly string[]): Promise<Buffer> {
  const folder = mkdtempSync(path.join(tmpdir(), 'chancery-sinks-'));
  const store = openSqliteStore({ path: path.join(folder, 'ledger.db'), create: true });
  try {
    const said = await driveWith(planted, secrets, store);
    const kept = await keptIn(store);
    await store.close();
    return Buffer.concat([kept, everythingIn(folder), Buffer.from(said.join('\n'))]);
  } finally {
    await store.close();
    rmSync(folder, { recursive: true });
  }
}

async function driveWith(
  planted: Planted,
  secrets: readonly string[],
  store: LedgerStore,
): Promise<readonly string[]> {
  const workspace = new MemoryWorkspace('r2');
  const prompts: string[] = [];
  const look = capabilityOf({
    name: 'look',
    effect: 'read',
    execute: () => Promise.resolve(observed({ files: Object.fromEntries(workspace.files) })),
  });
  const act = capabilityOf({
    name: 'act',
    effect: planted.effect ?? 'read',
    execute: planted.act ?? (() => Promise.resolve(observed({}))),
  });
  const house = await houseOf({
    store,
    capabilities: [act, look, memoryWrite(() => workspace)],
    workspace: () => workspace,
    secrets,
  });
  const turns = modelOf([...(planted.turns ?? []), { say: 'done' }]);
  const model: Model = {
    ...turns,
    async *stream(request, signal) {
      prompts.push(JSON.stringify(request));
      if (planted.model === undefined) yield* turns.stream(request, signal);
      else yield* planted.model;
    },
  };
  const said: string[] = [];
  try {
    const held = await startTestRun(house, model, planted.request);
    if (planted.abandonFor === undefined) await driving(held);
    else await abandon(house, 'r1', planted.abandonFor);
  } catch (error) {
    if (!(error instanceof RefusalError)) throw error;
    said.push(error.message, JSON.stringify(error.refusal));
  }
  expect(await findingsOf(house)).toEqual([]);
  return [...prompts, ...said];
}

test.each(Object.entries(ways))(
  'a secret that comes in as %s is in nothing that is kept, sent or said',
  async (_way, plant) => {
    await fc.assert(
      fc.asyncProperty(plantedSecrets, async (secret) => {
        const secrets = secret.known === undefined ? [] : [secret.known];
        const bytes = await runWith(plant(secret.text), secrets);
        expect(foundIn(bytes, secret)).toEqual([]);
        expect(bytes.length).toBeGreaterThan(100);
      }),
      cases(6),
    );
  },
);
