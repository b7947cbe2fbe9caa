import { isAmounts } from '../account/index.ts';
import { effects } from '../contract/index.ts';
import {
  closed,
  exactly,
  isAscending,
  isCount,
  isDigest,
  isJsonObject,
  isKeyId,
  listOf,
  textOf,
  type Form,
  type Json,
} from '../encoding/index.ts';
import { isHostPattern } from './host.ts';
import { purposes, type Grant } from './model.ts';
import { segmentsOf, untoldProgram } from './predicate.ts';

const name = textOf(1, 128);

function isPath(value: Json | undefined): boolean {
  if (typeof value !== 'string') return false;
  const segments = segmentsOf(value);
  // One way to write each path: `src/` and `./src` would be the same place under another digest.
  return segments !== undefined && (segments.join('/') || '.') === value;
}

function setOf(isMember: (text: string) => boolean, least = 1): Form {
  return (value) =>
    Array.isArray(value) &&
    value.length >= least &&
    value.every((item: unknown) => typeof item === 'string' && isMember(item)) &&
    isAscending(value);
}

/** A name without its folder and without a subcommand. */
export function isProgram(text: string): boolean {
  return /^[^\s/]{1,128}$/u.test(text) && text !== untoldProgram;
}

const predicateForms: Readonly<Record<string, Form>> = {
  under: closed({ arg: name, op: exactly('under'), value: isPath }),
  is: closed({ arg: name, op: exactly('is'), value: (value) => typeof value === 'string' }),
  in: closed({ arg: name, op: exactly('in'), values: setOf(() => true) }),
  'at-most': closed({ arg: name, op: exactly('at-most'), value: Number.isSafeInteger }),
  'host-in': closed({ arg: name, op: exactly('host-in'), values: setOf(isHostPattern) }),
  // Of no host: what reaches none satisfies it.
  'hosts-in': closed({ op: exactly('hosts-in'), values: setOf(isHostPattern, 0) }),
  'programs-in': closed({ op: exactly('programs-in'), values: setOf(isProgram) }),
  'manifest-in': closed({ op: exactly('manifest-in'), values: setOf(isDigest) }),
};

function isPredicate(value: Json | undefined): boolean {
  if (!isJsonObject(value)) return false;
  const op = value['op'];
  if (typeof op !== 'string' || !Object.hasOwn(predicateForms, op)) return false;
  return predicateForms[op]?.(value) ?? false;
}

const isGrant = closed({ capability: name, where: listOf(isPredicate) });

function areGrants(value: Json | undefined): boolean {
  if (!listOf(isGrant)(value)) return false;
  return isAscending((value as unknown as readonly Grant[]).map((grant) => grant.capability));
}

/** Members of `order`, each at most once, in its order. */
function selectionOf(order: readonly string[]): Form {
  return (value) => {
    if (!Array.isArray(value)) return false;
    const places = value.map((item: unknown) => order.indexOf(item as string));
    return places.every((place, index) => place > (places[index - 1] ?? -1));
  };
}

function isWindow(value: Json | undefined): boolean {
  if (!closed({ notBefore: isCount, notAfter: isCount })(value)) return false;
  const { notBefore, notAfter } = value as {
    readonly notBefore: number;
    readonly notAfter: number;
  };
  return notBefore <= notAfter;
}

/** Members of `Terms`. */
export const termsForm: Readonly<Record<string, Form>> = {
  grants: areGrants,
  effects: selectionOf(effects),
  budget: isAmounts,
  window: isWindow,
  delegation: closed({ depth: isCount, children: isCount }),
};

/** Members of `Writ`. */
export const writForm: Readonly<Record<string, Form>> = {
  ...termsForm,
  v: exactly(1),
  ledger: isDigest,
  parent: (value) => value === null || isDigest(value),
  issuer: isKeyId,
  subject: isKeyId,
  nonce: name,
};

function areRoots(value: Json | undefined): boolean {
  return Array.isArray(value) && value.length > 0 && value.every(isKeyId) && isAscending(value);
}

/** Members of `Genesis`. */
export const genesisForm: Readonly<Record<string, Form>> = {
  v: exactly(1),
  name,
  roots: areRoots,
  threshold: (value) => isCount(value) && value !== 0,
  contractDigest: isDigest,
  defaultPolicy: isDigest,
  nonce: name,
};

/** Members of `KeyTrust` without its place. */
export const keyTrustForm: Readonly<Record<string, Form>> = {
  v: exactly(1),
  ledger: isDigest,
  key: isKeyId,
  label: name,
  purposes: selectionOf(purposes),
};

/** Members of `KeyTrust` as it is signed since keys can end. */
export const placedKeyTrustForm: Readonly<Record<string, Form>> = {
  ...keyTrustForm,
  earlier: isCount,
};

/** Members of `KeyRetirement`. */
export const keyRetirementForm: Readonly<Record<string, Form>> = {
  v: exactly(1),
  ledger: isDigest,
  key: isKeyId,
  earlier: isCount,
  reason: textOf(0, 4096),
};

/** Members of `KeyCompromise`. */
export const keyCompromiseForm: Readonly<Record<string, Form>> = {
  ...keyRetirementForm,
  fromSize: isCount,
};

/** Members of `Revocation`, and of `Closing`. */
export const revocationForm: Readonly<Record<string, Form>> = {
  v: exactly(1),
  ledger: isDigest,
  writ: isDigest,
  reason: textOf(0, 4096),
};
