import { Ajv2020 } from 'ajv/dist/2020.js';
import { buildBundle } from '@chancery/adapters/policy-cedar';
import { openSqliteStore } from '@chancery/adapters/store-sqlite';
import {
  submit,
  type Capability,
  type RunContext,
  type Submission,
} from '@chancery/runtime/broker';
import { redactor } from '@chancery/runtime/redaction';
import {
  capabilityOf,
  houseOf,
  modelOf,
  observed,
  startTestRun,
  type TestHouse,
} from '@chancery/testkit/house';
import { byName, policyText, valueOf } from './policy-text.ts';

/** Leaves the machine as far as anybody knows, so that its start is durable before it; does nothing. */
const noOp: Capability = capabilityOf({
  name: 'fs.write',
  effect: 'external',
  execute: ({ path }) => Promise.resolve(observed({ path: path ?? null, done: true })),
  contract: {
    input: {
      type: 'object',
      additionalProperties: false,
      required: ['path', 'content'],
      properties: { path: { type: 'string' }, content: { type: 'string' } },
    },
    output: {
      type: 'object',
      additionalProperties: false,
      required: ['path', 'done'],
      properties: { path: { type: 'string' }, done: { type: 'boolean' } },
    },
  },
});

/** A house on SQLite with schemas, redaction and a hundred policies, as it ships. */
export async function governedHouse(path: string): Promise<TestHouse> {
  const house = await houseOf({
    store: openSqliteStore({ path, create: true }),
    capabilities: [noOp],
    bundle: valueOf(buildBundle({ name: 'bench', level: 'tenant', text: policyText(byName) })),
    clock: { nowMs: () => Date.now() },
  });
  const ajv = new Ajv2020();
  return {
    ...house,
    redactor: redactor({ secrets: ['correct horse battery staple'] }),
    compileSchema: (schema) => {
      const check = ajv.compile(schema);
      return (value) => (check(value) ? undefined : ajv.errorsText(check.errors));
    },
  };
}

/** Runs actions one after the other, each from its intent to its commit; milliseconds that each took. */
export type Lane = (actions: number) => Promise<readonly number[]>;

/** Starts a run whose intents come to the broker by themselves, without a model that thinks of them. */
export async function governedLane(house: TestHouse): Promise<Lane> {
  const held = await startTestRun(house, modelOf([]));
  const context: RunContext = { ...held.driven.context, onEntry: () => undefined };
  let nonce = 0;
  return async (actions) => {
    const samplesMs: number[] = [];
    for (let action = 0; action < actions; action += 1) {
      nonce += 1;
      const at = performance.now();
      const outcome = await submit(context, submissionOf(nonce));
      samplesMs.push(performance.now() - at);
      if (outcome.kind !== 'committed') throw new Error(`the action was ${outcome.kind}`);
    }
    return samplesMs;
  };
}

/** Runs of a house that are in flight at once. */
export const inFlight = 64;

export async function governedLanes(house: TestHouse): Promise<readonly Lane[]> {
  return Promise.all(Array.from({ length: inFlight }, () => governedLane(house)));
}

/** So many actions in each of the lanes, all lanes at once. */
export async function takeTurn(
  lanes: readonly Lane[],
  actions: number,
): Promise<{ readonly tookMs: number; readonly samplesMs: readonly number[] }> {
  const at = performance.now();
  const taken = await Promise.all(lanes.map((lane) => lane(actions)));
  return { tookMs: performance.now() - at, samplesMs: taken.flat() };
}

function submissionOf(nonce: number): Submission {
  return {
    origin: 'human',
    turn: 1,
    callId: `call-${nonce}`,
    intent: {
      args: { path: `src/file-${nonce}.ts`, content: `export const n = ${nonce};\n` },
      capability: 'fs.write',
      kind: 'act',
      nonce: `turn-1.${nonce}`,
      rationale: 'to work',
    },
  };
}
