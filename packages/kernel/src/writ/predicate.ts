import type { Normalised } from '../contract/index.ts';
import type { Digest, Json } from '../encoding/index.ts';
import { isHostWithin, placeOf } from './host.ts';
import type { ArgumentPredicate, Grant, Predicate } from './model.ts';

/** What conditions are asked of: an action in its normalised form. */
export interface Asked {
  readonly args: Normalised['args'];
  /** As the normaliser found them; empty where no command is run. */
  readonly programs: readonly string[];
  /** Every `host:port` that it may reach over a network; undefined where nobody can tell. */
  readonly hosts?: readonly string[] | undefined;
  /** Digest of the manifest of the capability; undefined where it is built in. */
  readonly manifest: Digest | undefined;
}

/** What a normaliser names where it cannot tell what a command runs. */
export const untoldProgram = 'unknown';

/**
 * The names that a relative path leads through, without `.` and empty ones; undefined for what is
 * not a path inside the workspace: absolute, climbing by `..`, empty, or holding NUL.
 */
export function segmentsOf(path: string): readonly string[] | undefined {
  if (path === '' || path.startsWith('/') || path.includes('\u0000')) return undefined;
  const segments = path.split('/').filter((segment) => segment !== '' && segment !== '.');
  return segments.includes('..') ? undefined : segments;
}

export function isUnder(path: string, root: string): boolean {
  const above = segmentsOf(root);
  const below = segmentsOf(path);
  if (above === undefined || below === undefined) return false;
  // By whole names, never by string prefix: `src` does not hold `src2`.
  return above.every((segment, index) => below[index] === segment);
}

export function holdsForText(predicate: ArgumentPredicate, text: string): boolean {
  switch (predicate.op) {
    case 'under':
      return isUnder(text, predicate.value);
    case 'is':
      return text === predicate.value;
    case 'in':
      return predicate.values.includes(text);
    case 'host-in':
      return isAmongHosts(text, predicate.values);
    case 'at-most':
      return false;
  }
}

/** Whether a URL or a `host:port` is of one of these patterns. */
function isAmongHosts(text: string, patterns: readonly string[]): boolean {
  const place = placeOf(text);
  return place !== undefined && patterns.some((wide) => isHostWithin(place, wide));
}

function holdsFor(predicate: ArgumentPredicate, value: Json): boolean {
  if (typeof value === 'string') return holdsForText(predicate, value);
  if (typeof value === 'number') {
    return predicate.op === 'at-most' && Number.isSafeInteger(value) && value <= predicate.value;
  }
  if (!Array.isArray(value) || value.length === 0) return false;
  return value.every((item: Json) => typeof item === 'string' && holdsForText(predicate, item));
}

/** A program with its subcommand, such as `npm test`, is admitted with the program that it is of. */
function areAmong(programs: readonly string[], admitted: readonly string[]): boolean {
  const found = new Set(programs);
  const isAdmitted = (program: string): boolean => {
    if (program === untoldProgram) return false;
    if (admitted.includes(program)) return true;
    const [of = ''] = program.split(' ', 1);
    return of !== program && found.has(of) && admitted.includes(of);
  };
  return programs.length > 0 && programs.every(isAdmitted);
}

/**
 * Whether a normalised action satisfies a predicate. Every element of a list of strings must, and
 * every program that a command runs. Fails closed: a missing argument, an empty list, a value of
 * another type, and a program or a host that cannot be told do not satisfy any. What reaches no host
 * at all satisfies a condition on hosts.
 */
export function predicateHolds(predicate: Predicate, asked: Asked): boolean {
  const { args, programs, hosts, manifest } = asked;
  if (predicate.op === 'programs-in') return areAmong(programs, predicate.values);
  if (predicate.op === 'manifest-in') {
    return manifest !== undefined && predicate.values.includes(manifest);
  }
  if (predicate.op === 'hosts-in') {
    return hosts?.every((host) => isAmongHosts(host, predicate.values)) ?? false;
  }
  if (!Object.hasOwn(args, predicate.arg)) return false;
  const value = args[predicate.arg];
  return value !== undefined && holdsFor(predicate, value);
}

/** The first condition of a grant that a normalised action does not satisfy. */
export function unmetPredicate(grant: Grant, asked: Asked): Predicate | undefined {
  return grant.where.find((predicate) => !predicateHolds(predicate, asked));
}

/** What a condition is about, for a sentence. */
export function subjectOf(predicate: Predicate): string {
  if (predicate.op === 'manifest-in') return 'the manifest';
  if (predicate.op === 'programs-in') return 'the programs';
  return predicate.op === 'hosts-in' ? 'the hosts' : `the argument "${predicate.arg}"`;
}

/** Whether whatever satisfies `narrow` satisfies `wide`. Sound; says no where it cannot tell. */
export function implies(narrow: Predicate, wide: Predicate): boolean {
  if (narrow.op === 'hosts-in') return wide.op === 'hosts-in' && areWithin(narrow, wide);
  if (!('arg' in narrow)) {
    return wide.op === narrow.op && narrow.values.every((value) => wide.values.includes(value));
  }
  if (!('arg' in wide)) return false;
  if (narrow.arg !== wide.arg) return false;
  switch (narrow.op) {
    case 'under':
      return wide.op === 'under' && isUnder(narrow.value, wide.value);
    case 'is':
      return holdsForText(wide, narrow.value);
    case 'in':
      return narrow.values.every((value) => holdsForText(wide, value));
    case 'host-in':
      return wide.op === 'host-in' && areWithin(narrow, wide);
    case 'at-most':
      return wide.op === 'at-most' && narrow.value <= wide.value;
  }
}

interface Patterns {
  readonly values: readonly string[];
}

function areWithin(narrow: Patterns, wide: Patterns): boolean {
  return narrow.values.every((host) => wide.values.some((other) => isHostWithin(host, other)));
}
