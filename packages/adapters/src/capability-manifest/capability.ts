import { isProgramVariable, type Contract, type Normalised } from '@chancery/kernel/contract';
import { isJsonObject, type Json, type JsonObject } from '@chancery/kernel/encoding';
import {
  contractOf,
  lentNames,
  runsProgram,
  undoContractOf,
  undoName,
  type Executor,
  type HttpExecutor,
  type Manifest,
  type Reconcile,
} from '@chancery/kernel/manifest';
import { credentialOf } from '@chancery/kernel/contract';
import { standingRows } from '@chancery/kernel/programs';
import { assert, done, refused, type Result } from '@chancery/kernel/refusal';
import type {
  Capability,
  Compensation,
  Execution,
  ExecutionContext,
  Reconciliation,
  Surroundings,
} from '@chancery/runtime/broker';
import { failed, observe, satisfies, type Answered } from './answered.ts';
import { runCommand } from './command.ts';
import type { Values } from './fill.ts';
import { makeRequest } from './http.ts';
import { callTool } from './mcp.ts';
import { effectsOf, reachedWith } from './facts.ts';
import { plan, type Planned } from './plan.ts';
import { sizeOf } from './request.ts';
import type { Executors } from './executors.ts';

/** What a manifest declares: the capability, and the one that takes it back where there is one. */
export function manifestCapabilities(
  manifest: Manifest,
  executors: Executors,
): readonly Capability[] {
  const { executor, reconcile, compensate } = manifest;
  const main = capability(contractOf(manifest), { executor, reconcile, executors });
  const undo = undoContractOf(manifest);
  if (compensate === null || undo === undefined) return [main];
  return [
    { ...main, compensation: (args, observed) => compensation(manifest, args, observed) },
    capability(undo, {
      executor: compensate.executor,
      ...{ reconcile: compensate.reconcile, executors },
    }),
  ];
}

interface Made {
  readonly executor: Executor;
  readonly reconcile: Reconcile | null;
  readonly executors: Executors;
}

function capability(contract: Contract, made: Made): Capability {
  return {
    contract,
    normalise: (args, surroundings) => normalise(contract, args, { ...made, surroundings }),
    execute: async ({ normalisedArgs: args }, context) => {
      if (context.signal.aborted) {
        return failed('terminal', 'cancelled', 'cancelled before it began');
      }
      const values = valuesIn(args, context, made.executors.nowMs());
      const answered = await perform(contract, made.executor, { ...made, values, context });
      if (answered.kind === 'failed') return answered;
      const { unsafe } = await context.sandbox.probe();
      return executed(made.executor, answered, unsafe);
    },
    ...(contract.reconcilable
      ? {
          reconcile: ({ normalisedArgs: args }, context) =>
            reconciled(contract, { ...made, values: valuesIn(args, context), context }),
        }
      : {}),
  };
}

function valuesIn(args: JsonObject, { actionDigest }: ExecutionContext, nowMs?: number): Values {
  const seconds = nowMs === undefined ? undefined : Math.floor(nowMs / 1_000);
  return { args, action: actionDigest, seconds };
}

function executed(
  executor: Executor,
  { answer, used }: Extract<Answered, { kind: 'answered' }>,
  unsafe: boolean,
): Execution {
  const changed = runsProgram(executor) ? undefined : [];
  const observation = observe(executor.observed, answer);
  return {
    ...{ kind: 'done', observation, delta: [], used, changed },
    // What runs in the sandbox has no network to hear of.
    heard: unsafe || !runsProgram(executor),
  };
}

/** As digest and time will be; nothing depends on what they are. */
const someAction = '0'.repeat(64);

async function normalise(
  contract: Contract,
  args: JsonObject,
  { executor, reconcile, executors, surroundings }: Made & { readonly surroundings: Surroundings },
): Promise<Result<Normalised>> {
  const unfit = unfitCredential(contract, executor, args);
  if (unfit !== undefined) return refused('args.invalid', unfit);
  const planned = plan(executor, { args, action: someAction, seconds: 0 });
  if (!planned.ok) return planned;
  const { unsafe } = await surroundings.sandbox.probe();
  const told = planned.value;
  const hosts = reachedWith({ executor, reconcile }, unsafe);
  const unsandboxed = unsafe && runsProgram(executor);
  const declared = surroundings.programs;
  const command = told.kind === 'command' ? executors.commandFacts(told.argv, declared) : undefined;
  const { manifest } = contract;
  assert(manifest !== undefined, 'a contract of a manifest names it');
  return done({
    args,
    resolved: {
      ...resolvedOf(executor, told),
      ...command,
      ...(command === undefined ? {} : standingRows(declared, command.programs)),
      ...(hosts === undefined ? {} : { hosts }),
      ...{ manifest, unsandboxed },
    },
    effects: effectsOf(contract.effect, executor, unsandboxed),
    paths: [],
    command,
    ...(hosts === undefined ? {} : { hosts }),
    unsandboxed,
    estimate: { ...contract.estimate, bytesOut: bytesIn(told) },
  });
}

function resolvedOf({ kind }: Executor, planned: Planned): Readonly<Record<string, Json>> {
  if (planned.kind !== 'http') return { executor: kind };
  const { protocol, hostname, port } = new URL(planned.url);
  const scheme = protocol.slice(0, -1);
  const usual = scheme === 'https' ? 443 : 80;
  return { executor: kind, scheme, host: hostname, port: port === '' ? usual : Number(port) };
}

function bytesIn(planned: Planned): number {
  if (planned.kind === 'http') return sizeOf(planned);
  return planned.kind === 'mcp' ? Buffer.byteLength(JSON.stringify(planned.args)) : 0;
}

/** A secret goes to where the manifest has a place for it, once, and nowhere else. */
function unfitCredential(
  { roles }: Contract,
  executor: Executor,
  args: JsonObject,
): string | undefined {
  const known = lentNames(executor);
  const seen = new Set<string>();
  for (const [name, value] of Object.entries(args)) {
    if (roles[name] !== 'credential') continue;
    for (const item of Array.isArray(value) ? (value as readonly Json[]) : [value]) {
      const variable = typeof item === 'string' ? credentialOf(item)?.variable : undefined;
      if (variable === undefined || !known.includes(variable)) {
        return `${name} takes NAME=vault:SECRET, where NAME is one of: ${known.join(', ')}`;
      }
      if (runsProgram(executor) && isProgramVariable(variable)) {
        return `${variable} changes which programs run, and is given no secret`;
      }
      if (seen.has(variable)) return `${variable} is given two secrets`;
      seen.add(variable);
    }
  }
  return undefined;
}

interface Performing extends Made {
  readonly values: Values;
  readonly context: ExecutionContext;
}

async function perform(
  { limits, effect }: Contract,
  executor: Executor,
  { executors, values, context }: Performing,
): Promise<Answered> {
  const planned = plan(executor, values);
  assert(planned.ok, 'what was normalised can be planned');
  const told = planned.value;
  switch (told.kind) {
    case 'command':
      assert(executor.kind === 'command', 'of its kind');
      return runCommand(executor, told, { ...context, outputBytes: limits.outputBytes });
    case 'http':
      assert(executor.kind === 'http', 'of its kind');
      return makeRequest(executor, told, { request: requesterFor(executor, executors), context });
    case 'mcp':
      assert(executor.kind === 'mcp', 'of its kind');
      return callTool(executor, told, { call: executors.mcp, effect, context });
  }
}

function requesterFor({ url }: HttpExecutor, { http }: Executors) {
  const { hostname } = new URL(url.slice(0, url.indexOf('/', 'https://'.length) + 1));
  return http(hostname);
}

async function reconciled(contract: Contract, performing: Performing): Promise<Reconciliation> {
  const { reconcile, executor, values } = performing;
  if (reconcile === null) {
    assert(executor.kind === 'http', 'nothing else only asks');
    return { kind: 'did-not-happen', evidence: `${executor.method} asks for an answer alone` };
  }
  const answered = await perform(contract, reconcile.executor, performing);
  if (answered.kind === 'failed') {
    const { code, message } = answered.failure;
    return { kind: 'unknown', evidence: `it could not be found out: ${code}: ${message}` };
  }
  const { answer } = answered;
  if (satisfies(answer, reconcile.happened, values)) {
    const observation = observe(reconcile.executor.observed, answer);
    const evidence = 'the conditions under which it happened hold';
    return { kind: 'happened', evidence, observation };
  }
  return satisfies(answer, reconcile.didNotHappen, values)
    ? { kind: 'did-not-happen', evidence: 'the conditions under which it did not happen hold' }
    : { kind: 'unknown', evidence: 'the answer tells neither' };
}

/** The call that takes one back; undefined where it needs what was not observed. */
function compensation(
  manifest: Manifest,
  args: JsonObject,
  output: JsonObject,
): Compensation | undefined {
  const { compensate } = manifest;
  const undo = undoContractOf(manifest);
  if (compensate === null || undo === undefined) return undefined;
  const given: Record<string, Json> = {};
  for (const [name, source] of Object.entries(compensate.given)) {
    const [from, of = ''] = source.split('.');
    const object: JsonObject = from === 'args' ? args : output;
    const value = Object.hasOwn(object, of) ? object[of] : undefined;
    if (value !== undefined) given[name] = value;
  }
  const { required } = undo.input;
  const isWhole = (required as readonly string[]).every((name) => Object.hasOwn(given, name));
  return isWhole && isJsonObject(given)
    ? { capability: undoName(manifest.name), args: given }
    : undefined;
}
