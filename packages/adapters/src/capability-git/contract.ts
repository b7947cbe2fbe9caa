import type { Contract } from '@chancery/kernel/contract';
import type { JsonObject } from '@chancery/kernel/encoding';

interface Difference {
  readonly name: string;
  readonly description: string;
  readonly input: JsonObject;
  readonly output: JsonObject;
  readonly roles: Contract['roles'];
  readonly authors: Contract['authors'];
}

/** What the contracts of the git capabilities have in common. */
export function gitContract(of: Difference): Contract {
  return {
    ...of,
    version: '1.0.0',
    effect: 'read',
    risk: 'low',
    limits: { timeoutMs: 10_000, inputBytes: 16 * 1024, outputBytes: 2 * 1024 * 1024 },
    estimate: { tokens: 0, costMicrousd: 0, calls: 1, wallMs: 10_000, cpuMs: 0, bytesOut: 0 },
    compensable: false,
    reconcilable: false,
    failures: [],
  };
}

export function closed(properties: JsonObject, optional: readonly string[] = []): JsonObject {
  const required = Object.keys(properties).filter((name) => !optional.includes(name));
  return { type: 'object', properties, required, additionalProperties: false };
}
