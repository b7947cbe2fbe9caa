import type { Contract, Normalised, Role } from '@chancery/kernel/contract';
import { isJsonObject, type Json, type JsonObject } from '@chancery/kernel/encoding';
import { done, Fault, type Result } from '@chancery/kernel/refusal';
import type { Surroundings } from '@chancery/runtime/broker';
import { resolvePath, type PathFacts } from './workspace-path.ts';

/** A closed object schema; members in `optional` may be missing. */
export function closed(
  properties: Readonly<Record<string, Json>>,
  optional: readonly string[] = [],
): JsonObject {
  const required = Object.keys(properties).filter((name) => !optional.includes(name));
  return { type: 'object', properties, required, additionalProperties: false };
}

export const pathSchema = (description: string): JsonObject => ({
  type: 'string',
  minLength: 1,
  maxLength: 4096,
  description: `${description} Relative to the workspace, parts separated by slashes.`,
});

export const countSchema: JsonObject = { type: 'integer', minimum: 0 };
export const digestSchema: JsonObject = { type: 'string', pattern: '^[0-9a-f]{64}$' };

interface Difference {
  readonly name: string;
  readonly description: string;
  readonly effect: 'read' | 'write';
  readonly input: JsonObject;
  readonly output: JsonObject;
  readonly roles: Readonly<Record<string, Role>>;
  readonly authors: Contract['authors'];
  readonly inputBytes: number;
  readonly outputBytes: number;
  readonly timeoutMs: number;
  readonly failures: readonly string[];
}

/** What the contracts of all file capabilities have in common. */
export function fileContract(of: Difference): Contract {
  const { effect, timeoutMs, inputBytes, outputBytes, ...rest } = of;
  return {
    ...rest,
    version: '1.0.0',
    effect,
    risk: effect === 'read' ? 'low' : 'medium',
    limits: { timeoutMs, inputBytes, outputBytes },
    estimate: {
      tokens: 0,
      costMicrousd: 0,
      calls: 1,
      wallMs: timeoutMs,
      cpuMs: 0,
      bytesOut: 0,
    },
    compensable: effect === 'write',
    reconcilable: false,
  };
}

/** Normalises the argument `path`, where none is given the workspace. */
export function normalisePath(
  contract: Contract,
  args: JsonObject,
  surroundings: Surroundings,
): Result<Normalised> {
  const facts = resolvePath(surroundings.root, textOf(args, 'path') ?? '.');
  if (!facts.ok) return facts;
  const { path, kind } = facts.value;
  return done({
    args: { ...args, path },
    resolved: { path, kind },
    effects: [contract.effect],
    paths: [path],
    command: undefined,
    unsandboxed: false,
    estimate: contract.estimate,
  });
}

/** The facts that an action was compiled with. @throws {Fault} for an action of another contract. */
export function factsOf(resolved: Json): PathFacts {
  if (isJsonObject(resolved)) {
    const { path, kind } = resolved;
    const isKind = kind === 'file' || kind === 'folder' || kind === 'absent';
    if (typeof path === 'string' && isKind) return { path, kind };
  }
  throw new Fault('the action holds no facts of a path');
}

/** Arguments have passed the schema: a member of another type is a broken assumption. */
export function textOf(args: JsonObject, name: string): string | undefined {
  const value = args[name];
  if (value === undefined || typeof value === 'string') return value;
  throw new Fault(`the argument ${name} is not a text`);
}

export function requiredText(args: JsonObject, name: string): string {
  const value = textOf(args, name);
  if (value === undefined) throw new Fault(`the argument ${name} is missing`);
  return value;
}

export function countOf(args: JsonObject, name: string, fallback: number): number {
  const value = args[name] ?? fallback;
  if (typeof value === 'number') return value;
  throw new Fault(`the argument ${name} is not a number`);
}

export function flagOf(args: JsonObject, name: string): boolean | undefined {
  const value = args[name];
  if (value === undefined || typeof value === 'boolean') return value;
  throw new Fault(`the argument ${name} is not true or false`);
}
