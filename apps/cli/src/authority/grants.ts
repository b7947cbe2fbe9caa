import { effects, type Effect } from '@chancery/kernel/contract';
import { recordText } from '@chancery/kernel/encoding';
import { done, refused, type Result } from '@chancery/kernel/refusal';
import { type Grant, type Predicate } from '@chancery/kernel/writ';

/**
 * Grants in the order of a writ, such as `fs.write path under docs`: the name of a capability, and
 * after it conditions on its arguments, joined by `and`. A capability that is named twice has the
 * conditions of both. Refuses `usage.invalid`.
 */
export function readGrants(
  texts: readonly string[],
  offered: Iterable<string>,
): Result<readonly Grant[]> {
  const known = new Set(offered);
  const found = new Map<string, Map<string, Predicate>>();
  for (const text of texts) {
    const [, capability = '', rest = ''] = /^(\S+)(?:\s+(.*))?$/s.exec(text.trim()) ?? [];
    if (!known.has(capability)) {
      const names = [...known].join(', ');
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
          remedy: 'Write ARG under PATH, ARG is TEXT, ARG in TEXT,TEXT or ARG at-most NUMBER.',
        });
      }
      where.set(recordText(predicate), predicate);
    }
    found.set(capability, where);
  }
  const grants = [...found].map(([capability, where]) => ({
    capability,
    where: [...where.keys()].sort().flatMap((key) => where.get(key) ?? []),
  }));
  return done(grants.sort((a, b) => (a.capability < b.capability ? -1 : 1)));
}

function readPredicate(text: string): Predicate | undefined {
  const [, arg, op, value] = /^(\S+)\s+(under|is|in|at-most)\s+(.+)$/s.exec(text.trim()) ?? [];
  if (arg === undefined || value === undefined) return undefined;
  switch (op) {
    case 'under':
      return underPath(arg, value);
    case 'is':
      return { arg, op, value };
    case 'in':
      return { arg, op, values: [...new Set(value.split(','))].sort() };
    case 'at-most':
      return /^-?\d{1,15}$/.test(value) ? { arg, op, value: Number(value) } : undefined;
    case undefined:
    default:
      return undefined;
  }
}

/** A path has one form only: relative, without `.`, `..` and empty steps. */
function underPath(arg: string, path: string): Predicate | undefined {
  const steps = path.split('/').filter((step) => step !== '' && step !== '.');
  if (path.startsWith('/') || steps.includes('..')) return undefined;
  return { arg, op: 'under', value: steps.join('/') || '.' };
}

/** A grant as it is typed. */
export function grantText({ capability, where }: Grant): string {
  if (where.length === 0) return capability;
  return `${capability} ${where.map(predicateText).join(' and ')}`;
}

function predicateText(predicate: Predicate): string {
  const value = predicate.op === 'in' ? predicate.values.join(',') : String(predicate.value);
  return `${predicate.arg} ${predicate.op} ${value}`;
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
