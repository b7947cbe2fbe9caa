import { contractDigest, type KnownCapability } from '@chancery/kernel/contract';
import type { Json, JsonObject } from '@chancery/kernel/encoding';
import { refusal } from '@chancery/kernel/refusal';
import type { Capability } from './capability.ts';

/** What a value lacks of a schema, in words; undefined when it satisfies it. */
export type SchemaCheck = (value: Json) => string | undefined;

/** Makes the check of a JSON Schema 2020-12. @throws {Fault} for a schema that is not one. */
export type SchemaCompiler = (schema: JsonObject) => SchemaCheck;

/** A capability that a run offers, with its contract's digest and its schemas made into checks. */
export interface Offer {
  readonly capability: Capability;
  readonly known: KnownCapability;
  readonly checkOutput: SchemaCheck;
}

export type Offers = ReadonlyMap<string, Offer>;

export function offersOf(capabilities: Iterable<Capability>, compile: SchemaCompiler): Offers {
  const offers = new Map<string, Offer>();
  for (const capability of capabilities) {
    const { contract } = capability;
    const checkArgs = compile(contract.input);
    offers.set(contract.name, {
      capability,
      known: {
        contract,
        digest: contractDigest(contract),
        checkInput: (args) => {
          const lack = checkArgs(args);
          return lack === undefined
            ? undefined
            : refusal('args.invalid', `the arguments of ${contract.name}: ${lack}`);
        },
      },
      checkOutput: compile(contract.output),
    });
  }
  return offers;
}
