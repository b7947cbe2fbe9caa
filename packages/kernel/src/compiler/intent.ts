import {
  exceedsChars,
  isJsonObject,
  objectDigest,
  type Digest,
  type Json,
  type JsonObject,
} from '../encoding/index.ts';
import { done, refused, type Result } from '../refusal/index.ts';
import type { Intent, IntentKind } from './model.ts';

/** Nesting that arguments may have: leaves room for the entry that they are recorded in. */
const maxArgsDepth = 32;

/** Characters that arguments may have, whatever a capability would take. */
const maxArgsChars = 8 * 1024 * 1024;

const kinds: readonly IntentKind[] = ['act', 'query', 'delegate', 'remember', 'reconcile'];
const members = ['kind', 'capability', 'args', 'rationale', 'nonce'] as const;

const digests = new WeakMap<object, Digest>();

/**
 * Names an intent; `intent` is what was proposed, whatever it is. An object is taken as a value that
 * does not change, so that it is named once although it is compiled, recorded and folded.
 */
export function intentDigest(intent: Intent | Json): Digest {
  if (typeof intent !== 'object' || intent === null) return objectDigest('intent', intent);
  const known = digests.get(intent);
  if (known !== undefined) return known;
  const digest = objectDigest('intent', intent);
  digests.set(intent, digest);
  return digest;
}

/** Why a value cannot be recorded; undefined when it can. */
function unrecordable(value: unknown, depth: number): string | undefined {
  if (typeof value === 'string') return value.isWellFormed() ? undefined : 'hold a lone surrogate';
  if (typeof value === 'number') {
    return Number.isSafeInteger(value) ? undefined : 'hold a number that is not a safe integer';
  }
  if (typeof value === 'boolean' || value === null) return undefined;
  if (typeof value === 'object') return unrecordableMembers(value, depth);
  return `hold a value of type ${typeof value}`;
}

function unrecordableMembers(value: object, depth: number): string | undefined {
  if (depth >= maxArgsDepth) return `are nested deeper than ${maxArgsDepth}`;
  if (Array.isArray(value)) {
    for (const item of value as readonly unknown[]) {
      const found = unrecordable(item, depth + 1);
      if (found !== undefined) return found;
    }
    return undefined;
  }
  for (const key of Object.keys(value)) {
    const found = key.isWellFormed()
      ? unrecordable((value as JsonObject)[key], depth + 1)
      : 'hold a lone surrogate';
    if (found !== undefined) return found;
  }
  return undefined;
}

function isText(value: unknown, least: number, most: number): value is string {
  return (
    typeof value === 'string' &&
    value.length >= least &&
    value.length <= most &&
    value.isWellFormed()
  );
}

function malformed(message: string): Result<Intent> {
  return refused('intent.malformed', message);
}

/**
 * An intent in a value that is not trusted: exactly the five members, each in its bounds, arguments
 * that can be recorded. Refuses with `intent.malformed`.
 */
export function parseIntent(value: unknown): Result<Intent> {
  if (!isJsonObject(value)) return malformed('the intent is not an object');
  for (const member of members) {
    if (!Object.hasOwn(value, member)) return malformed(`the intent has no "${member}"`);
  }
  if (Object.keys(value).length !== members.length) {
    return malformed('the intent has members beyond the documented ones');
  }
  const { kind, capability, args, rationale, nonce } = value as {
    readonly [K in keyof Intent]: unknown;
  };
  if (!kinds.includes(kind as IntentKind)) return malformed('the kind of the intent is unknown');
  if (!isText(capability, 1, 128))
    return malformed('"capability" is not a text of 1 to 128 characters');
  if (!isText(rationale, 0, 4096))
    return malformed('"rationale" is not a text of up to 4096 characters');
  if (!isText(nonce, 1, 128)) return malformed('"nonce" is not a text of 1 to 128 characters');
  if (!isJsonObject(args)) return malformed('"args" is not an object');
  const found = unrecordable(args, 0);
  if (found !== undefined) return malformed(`"args" ${found}`);
  if (exceedsChars(args, maxArgsChars)) {
    return malformed(`"args" have more than ${maxArgsChars} characters`);
  }
  return done(value as unknown as Intent);
}
