import { effects, type Contract, type Effect } from '@chancery/kernel/contract';
import { isDigest, recordText } from '@chancery/kernel/encoding';
import { done, refused, type Result } from '@chancery/kernel/refusal';
import {
  isHostPattern,
  isProgram,
  segmentsOf,
  type Grant,
  type Predicate,
} from '@chancery/kernel/writ';
import { unfitGrant } from './grant-fit.ts';
import { isTooWide } from './host-pattern.ts';

/**
 * Grants in the order of a writ, such as `fs.write path under docs`: the name of a capability, and
 * after it conditions on its arguments and on what it runs, joined by `and`. A capability that is
 * named twice has the conditions of both. Refuses `usage.invalid`, also where no action could ever
 * satisfy a condition.
 */
export function readGrants(
  texts: readonly string[],
  offered: ReadonlyMap<string, Contract>,
): Result<readonly Grant[]> {
  const found = new Map<string, Map<string, Predicate>>();
  for (const text of texts) {
    const [, capability = '', rest = ''] = /^(\S+)(?:\s+(.*))?$/s.exec(text.trim()) ?? [];
    const contract = offered.get(capability);
    if (contract === undefined) {
      const names = [...offered.keys()].join(', ');
      return refused(
        'usage.invalid',
        `--grant: no capability is called ${JSON.stringify(capability)}`,
        {
          remedy: `Name one of these: ${names}.`,
        },
      );
    }
    const where = found.get(capability) ?? new Map<string, Predicate>();
    for (const part of rest === '' ? [] : rest.split(/\s+and\s+/)) {
      const predicate = readPredicate(part);
      if (predicate === undefined) {
        return refused('usage.invalid', `--grant: ${JSON.stringify(part)} is no condition`, {
          remedy:
            'Write ARG under PATH, ARG is TEXT, ARG in TEXT,TEXT, ARG at-most NUMBER, ' +
            'ARG host in HOST,*.HOST, hosts in HOST:PORT,*.HOST, programs in PROGRAM,PROGRAM or ' +
            'manifest in DIGEST.',
        });
      }
      const normal = inNormalForm(predicate, contract.roles);
      where.set(recordText(normal), normal);
    }
    found.set(capability, where);
  }
  const grants = [...found].map(([capability, where]) => ({
    capability,
    where: [...where.keys()].sort().flatMap((key) => where.get(key) ?? []),
  }));
  for (const grant of grants) {
    const contract = offered.get(grant.capability);
    const unfit = contract && unfitGrant(contract, grant);
    if (unfit !== undefined) return { ok: false, refusal: unfit };
  }
  return done(grants.sort((a, b) => (a.capability < b.capability ? -1 : 1)));
}

function readPredicate(text: string): Predicate | undefined {
  const form = /^(\S+)\s+(under|is|in|at-most|host\s+in)\s+(.+)$/s;
  const [, arg, op, value] = form.exec(text.trim()) ?? [];
  if (arg === undefined || value === undefined) return undefined;
  switch (op) {
    case 'under':
      return underPath(arg, value);
    case 'is':
      return { arg, op, value };
    case 'in':
      return inSet(arg, setOf(value));
    case 'at-most':
      return /^-?\d{1,15}$/.test(value) ? { arg, op, value: Number(value) } : undefined;
    case undefined:
      return undefined;
    default: {
      const values = setOf(value);
      return areHosts(values) ? { arg, op: 'host-in', values } : undefined;
    }
  }
}

function setOf(list: string): readonly string[] {
  return [...new Set(list.split(','))].sort();
}

function inSet(arg: string, values: readonly string[]): Predicate | undefined {
  switch (arg) {
    case 'programs':
      return values.every(isProgram) ? { op: 'programs-in', values } : undefined;
    case 'hosts':
      return areHosts(values) ? { op: 'hosts-in', values } : undefined;
    case 'manifest':
      return values.every(isDigest) ? { op: 'manifest-in', values } : undefined;
    default:
      return { arg, op: 'in', values };
  }
}

/** Patterns of hosts, none of which stands for the sites of everybody. */
const areHosts = (values: readonly string[]): boolean =>
  values.every((value) => isHostPattern(value) && !isTooWide(value));

/** A path has one form only: relative, without `.`, `..` and empty steps. */
function underPath(arg: string, path: string): Predicate | undefined {
  const segments = segmentsOf(path);
  return segments && { arg, op: 'under', value: segments.join('/') || '.' };
}

/** Paths as an action has them; what is none is left as it is, for nothing to satisfy. */
function inNormalForm(predicate: Predicate, roles: Contract['roles']): Predicate {
  const { op } = predicate;
  if ((op !== 'is' && op !== 'in') || roles[predicate.arg] !== 'path') return predicate;
  const normal = (path: string): string => {
    const segments = segmentsOf(path);
    if (segments === undefined) return path;
    return segments.length === 0 ? '.' : segments.join('/');
  };
  if (op === 'is') return { ...predicate, value: normal(predicate.value) };
  return { ...predicate, values: [...new Set(predicate.values.map(normal))].sort() };
}

/** A grant as it is typed. */
export function grantText({ capability, where }: Grant): string {
  if (where.length === 0) return capability;
  return `${capability} ${where.map(predicateText).join(' and ')}`;
}

function predicateText(predicate: Predicate): string {
  switch (predicate.op) {
    case 'hosts-in':
      return predicate.values.length === 0
        ? 'hosts in none'
        : `hosts in ${predicate.values.join(',')}`;
    case 'programs-in':
      return `programs in ${predicate.values.join(',')}`;
    case 'manifest-in':
      return `manifest in ${predicate.values.join(',')}`;
    case 'host-in':
      return `${predicate.arg} host in ${predicate.values.join(',')}`;
    case 'in':
      return `${predicate.arg} in ${predicate.values.join(',')}`;
    case 'under':
    case 'is':
    case 'at-most':
      return `${predicate.arg} ${predicate.op} ${predicate.value}`;
  }
}

/** Effects in the order of a writ. Refuses `usage.invalid`. */
export function readEffects(texts: readonly string[]): Result<readonly Effect[]> {
  const named = texts.flatMap((text) => text.split(','));
  const unknown = named.find((name) => !(effects as readonly string[]).includes(name));
  if (unknown !== undefined) {
    return refused('usage.invalid', `--effect: there is no effect ${JSON.stringify(unknown)}`, {
      remedy: `Name one of these: ${effects.join(', ')}.`,
    });
  }
  return done(effects.filter((effect) => named.includes(effect)));
}
