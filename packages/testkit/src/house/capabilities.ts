import { zeroAmounts, type Amounts } from '@chancery/kernel/account';
import type { Contract, Effect } from '@chancery/kernel/contract';
import type { JsonObject } from '@chancery/kernel/encoding';
import { done } from '@chancery/kernel/refusal';
import type { Capability, Execution, ExecutionContext } from '@chancery/runtime/broker';
import type { MemoryWorkspace } from './memory-workspace.ts';

export interface TestCapability {
  readonly name: string;
  readonly effect: Effect;
  /** What its actions do; its effect, where nothing is said. */
  readonly effects?: readonly Effect[];
  readonly execute: (args: JsonObject, context: ExecutionContext) => Promise<Execution>;
  readonly reconcile?: Capability['reconcile'];
  readonly checkPostconditions?: Capability['checkPostconditions'];
  readonly contract?: Partial<Contract>;
  /** What it reserves besides its one call. */
  readonly estimate?: Partial<Amounts>;
}

/** A capability that takes any object and normalises it to itself. */
export function capabilityOf(test: TestCapability): Capability {
  const { name, effect, effects = [effect] } = test;
  return {
    contract: {
      name,
      version: '1',
      description: name,
      effect,
      risk: 'low',
      input: { type: 'object' },
      output: { type: 'object' },
      roles: {},
      authors: {},
      limits: { timeoutMs: 10_000, inputBytes: 65_536, outputBytes: 65_536 },
      estimate: { ...zeroAmounts, calls: 1 },
      compensable: true,
      reconcilable: test.reconcile !== undefined,
      failures: [],
      ...test.contract,
    },
    normalise: (args) =>
      Promise.resolve(
        done({
          args,
          resolved: null,
          effects,
          paths: [],
          command: undefined,
          unsandboxed: false,
          estimate: { ...zeroAmounts, calls: 1, ...test.estimate },
        }),
      ),
    execute: (action, context) => test.execute(action.normalisedArgs, context),
    ...(test.reconcile === undefined ? {} : { reconcile: test.reconcile }),
    ...(test.checkPostconditions === undefined
      ? {}
      : { checkPostconditions: test.checkPostconditions }),
  };
}

/** Counts how often it was executed: for refusals it has to stay at 0. */
export function poison(
  name: string,
  effect: Effect,
): Capability & { readonly taken: () => number } {
  let count = 0;
  const capability = capabilityOf({
    name,
    effect,
    execute: () => {
      count += 1;
      return Promise.resolve(observed({ count }));
    },
  });
  return { ...capability, taken: () => count };
}

/** An execution that is done, and observed this. */
export function observed(observation: JsonObject): Execution {
  return { kind: 'done', observation, delta: [], used: {}, changed: undefined };
}

/** Writes a text into a workspace in memory: `{path, text}`. */
export function memoryWrite(workspace: () => MemoryWorkspace): Capability {
  return capabilityOf({
    name: 'memory.write',
    effect: 'write',
    execute: (args) => {
      const { path, text } = args as { readonly path: string; readonly text: string };
      workspace().files.set(path, text);
      return Promise.resolve(observed({ written: path }));
    },
  });
}
