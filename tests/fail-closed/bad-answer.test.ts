import { describe, expect, it } from 'vitest';
import { fsCapabilities } from '@chancery/adapters/capability-fs';
import { MemoryStore } from '@chancery/adapters/store-memory';
import { compileSchema } from '@chancery/adapters/schema-ajv';
import { maxDepth, type JsonObject } from '@chancery/kernel/encoding';
import { readEntry } from '@chancery/kernel/ledger';
import type { RefusalCode } from '@chancery/kernel/refusal';
import { submit } from '@chancery/runtime/broker';
import type { Model, ModelEvent } from '@chancery/runtime/cognition';
import { houseOf, modelOf, poison, startTestRun, type Turn } from '@chancery/testkit/house';
import { malformedArguments, nestedText } from '@chancery/testkit/malformed';
import { driving, findingsOf } from '../spine/drive.ts';

const text = 'x'.repeat(1024);

/** Arguments that can be recorded, and that the schema or the capability does not take. */
const unfit: readonly (readonly [string, string, JsonObject, RefusalCode])[] = [
  ['what is nested too deep', 'send', JSON.parse(nestedText(40)) as JsonObject, 'intent.malformed'],
  ['a missing member', 'fs.write', { path: 'a.txt' }, 'args.invalid'],
  ['an unknown member', 'fs.write', { path: 'a.txt', text, mode: 7 }, 'args.invalid'],
  ['another type', 'fs.write', { path: 'a.txt', text: 7 }, 'args.invalid'],
  ['an unknown capability', 'fs.shred', { path: 'a.txt' }, 'capability.unknown'],
  ['a negative number', 'fs.read', { path: 'a.txt', offset: -1 }, 'args.invalid'],
  ['a NUL in a path', 'fs.write', { path: 'a\0.txt', text }, 'args.escapes'],
  ['a path out of the workspace', 'fs.write', { path: '../a.txt', text }, 'args.escapes'],
  ['a bad regex', 'fs.search', { pattern: '(', regex: true }, 'args.invalid'],
  ['too much', 'fs.write', { path: 'a.txt', text: text.repeat(1025) }, 'args.invalid'],
];

/** A house with the capabilities for files, real schemas, and one that counts. */
async function scene(turns: readonly Turn[], model: Model = modelOf([...turns, { say: 'done' }])) {
  const send = poison('send', 'external');
  const files = fsCapabilities.map((each) => ({
    ...each,
    execute: () => {
      touched += 1;
      return Promise.reject(new Error('it is not to be executed'));
    },
  }));
  let touched = 0;
  const founded = await houseOf({ store: new MemoryStore(), capabilities: [send, ...files] });
  const house = { ...founded, compileSchema };
  const held = await startTestRun(house, model);
  return { house, held, taken: () => send.taken() + touched };
}

async function drivenOf(turns: readonly Turn[], model?: Model) {
  const { house, held, taken } = await scene(turns, model);
  const end = await driving(held);
  const refused = house.seen.flatMap(({ entry }) =>
    entry.kind === 'proposal.rejected' ? [entry.body.refusal.code] : [],
  );
  const failures = house.seen.flatMap(({ entry }) =>
    entry.kind === 'model.interrupted' ? [entry.body.failure] : [],
  );
  return { house, end, refused, failures, taken: taken(), findings: await findingsOf(house) };
}

describe('what a model proposes with', () => {
  it.each(malformedArguments)('%s is refused, recorded and not done', async (_, raw) => {
    // As an adapter of models gives on what it cannot read.
    const args = { malformed: raw.toWellFormed() };
    const { refused, taken, findings } = await drivenOf([{ calls: [{ name: 'send', args }] }]);
    expect({ refused, taken, findings }).toEqual({
      ...{ refused: ['intent.malformed'], taken: 0, findings: [] },
    });
  });

  it.each(unfit)('%s is refused, recorded and not done', async (_, name, args, code) => {
    const { refused, taken, findings } = await drivenOf([{ calls: [{ name, args }] }]);
    expect({ refused, taken, findings }).toEqual({ refused: [code], taken: 0, findings: [] });
  });
});

const many = Array.from({ length: 2_000 }, () => ({ name: 'send', args: {} }));
const long = 'x'.repeat(70_000);
const usage = { inputTokens: 10, cachedInputTokens: 0, outputTokens: 5 };

/** A model that calls `send`, and says that it used so much. */
function counting(inputTokens: number): Model {
  return {
    ...modelOf([]),
    async *stream(): AsyncGenerator<ModelEvent> {
      await Promise.resolve();
      yield { type: 'call', call: { id: 'c', name: 'send', args: {} } };
      yield { type: 'finished', stop: 'calls', usage: { ...usage, inputTokens } };
    },
  };
}

describe('an answer of a model that no entry can hold', () => {
  it.each<[string, readonly Turn[], Model?]>([
    ['calls without end', [{ calls: many }]],
    ['a call of a name without end', [{ calls: [{ name: long, args: {} }] }]],
    ['a name that is no text', [{ calls: [{ name: '\ud800', args: {} }] }]],
    ['words that are no text', [{ say: '\ud800', calls: [{ name: 'send', args: {} }] }]],
    ['arguments that are no JSON', [{ calls: [{ name: 'send', args: { a: Number.NaN } }] }]],
    ['an endless count of tokens', [], counting(Number.POSITIVE_INFINITY)],
    ['a count of NaN tokens', [], counting(Number.NaN)],
    ['a count of -1 tokens', [], counting(-1)],
    ['a count of half a token', [], counting(0.5)],
    ['a count of 2^53 tokens', [], counting(2 ** 53)],
    ['a count of more tokens than there can be', [], counting(2 ** 52)],
  ])('%s fails for good, and nothing of it is done', async (_, turns, model) => {
    const { house, end, failures, taken, findings } = await drivenOf(turns, model);
    expect(failures).toMatchObject([{ class: 'terminal', code: 'answer.unrecordable' }]);
    expect(end).toMatchObject({ kind: 'finished', body: { outcome: 'failed' } });
    expect({ taken, findings }).toEqual({ taken: 0, findings: [] });
    // Nobody knows what it used: it pays what was reserved for it.
    const cost = house.seen.flatMap(({ entry }) =>
      entry.kind === 'model.interrupted' || entry.kind === 'model.requested'
        ? ['cost' in entry.body ? entry.body.cost : entry.body.reserved]
        : [],
    );
    expect(cost[1]).toEqual(cost[0]);
  });

  it('is long and can be: it is recorded, and read again by who takes the run up', async () => {
    const say = 'x'.repeat(9_000_000);
    const { end, findings } = await drivenOf([{ say }]);
    expect(end).toMatchObject({ kind: 'finished', body: { outcome: 'succeeded' } });
    expect(findings).toEqual([]);
  });
});

describe('an intent that a program proposes and that cannot be recorded', () => {
  it.each<[string, unknown]>([
    ['a fraction', { a: 0.5 }],
    ['NaN', { a: Number.NaN }],
    ['2^53', { a: 2 ** 53 }],
    ['a lone surrogate', { a: '\ud800' }],
    ['a date', { a: new Date(0) }],
    ['what is nested too deep', JSON.parse(nestedText(100))],
    ['what is nested as deep as a value may be', JSON.parse(nestedText(maxDepth - 1))],
    ['what is nested deeper than its entry leaves room for', JSON.parse(nestedText(maxDepth - 2))],
  ])('%s is malformed, and nothing is recorded or done', async (_, args) => {
    const { house, held, taken } = await scene([]);
    const proposed = { kind: 'act', capability: 'send', args, rationale: '', nonce: 'n' };
    const intent = proposed as JsonObject;
    const before = await house.store.readAll(0, 100);
    const submission = { origin: 'human', turn: 0, callId: 'c', intent } as const;
    const outcome = await submit(held.driven.context, submission);
    expect(outcome).toMatchObject({ kind: 'rejected', refusal: { code: 'intent.malformed' } });
    expect(await house.store.readAll(0, 100)).toEqual(before);
    expect(taken()).toBe(0);
  });
});

describe('an intent that can be recorded', () => {
  it('is, however deep it is nested, though no capability takes it', async () => {
    const { house, held, taken } = await scene([]);
    const args = JSON.parse(nestedText(maxDepth - 3)) as JsonObject;
    const intent = { kind: 'act', capability: 'send', args, rationale: '', nonce: 'n' };
    const submission = { origin: 'human', turn: 0, callId: 'c', intent } as const;
    const context = { ...held.driven.context, onEntry: () => undefined };
    const outcome = await submit(context, submission);
    expect(outcome).toMatchObject({ kind: 'rejected', refusal: { code: 'intent.malformed' } });
    const kinds = (await house.store.readAll(0, 100)).map((stored) => {
      const read = readEntry(stored);
      return read.ok ? read.value.entry.kind : '';
    });
    expect(kinds.slice(-2)).toEqual(['intent.proposed', 'proposal.rejected']);
    expect(taken()).toBe(0);
  });
});

describe('a task', () => {
  it.each<[string, string, RefusalCode]>([
    ['without end', 'x'.repeat(70_000), 'entry.too-long'],
    ['that is no text', '\ud800', 'entry.invalid'],
  ])('%s begins no run', async (_, task, code) => {
    const store = new MemoryStore();
    const house = await houseOf({ store, capabilities: [poison('send', 'external')] });
    const before = await store.readAll(0, 100);
    const started = startTestRun(house, modelOf([]), { task });
    await expect(started).rejects.toMatchObject({ refusal: { code } });
    expect(await store.readAll(0, 100)).toEqual(before);
  });
});
