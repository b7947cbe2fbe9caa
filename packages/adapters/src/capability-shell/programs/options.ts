import { deeds, optionsIn, type Deed, type Role } from '@chancery/kernel/programs';
import type { Row } from './row.ts';

export interface Option {
  /** As the row has it; a word may shorten it. */
  readonly name: string;
  readonly value: 'none' | 'own' | 'same-word';
  readonly role: Role;
  readonly does: Deed | 'unclear' | undefined;
}

/** Options of a row, made ready once. */
export interface OptionTable {
  readonly byName: ReadonlyMap<string, Option>;
  readonly longNames: readonly string[];
  readonly numbers: boolean;
  /** Whether one of them does more than read. */
  readonly dangerous: boolean;
}

/** As many as there are texts in the rows. */
const tables = new Map<string, OptionTable>();

export function optionsOf({ options = '' }: Row): OptionTable {
  const known = tables.get(options);
  if (known !== undefined) return known;
  const table = compiled(options);
  tables.set(options, table);
  return table;
}

function compiled(text: string): OptionTable {
  const byName = new Map<string, Option>();
  for (const { name, sign, role, deed } of optionsIn(text)) {
    byName.set(name, {
      name,
      value: sign === undefined ? 'none' : sign === '=' ? 'own' : 'same-word',
      role: role === '' ? 'text' : (role as Role),
      does: deed === undefined ? undefined : (deed as Deed | 'unclear'),
    });
  }
  const harmless: readonly Role[] = ['text', 'read'];
  const dangerous = [...byName.values()].some(
    ({ role, does }) => !harmless.includes(role) || (does !== undefined && does !== 'read'),
  );
  const longNames = [...byName.keys()].filter((name) => name.length > 1);
  return { byName, longNames, numbers: /(^|\s)#(\s|$)/.test(text), dangerous };
}

/** The option of that name, or the only one that it may be short for. */
export function longOption(table: OptionTable, name: string): Option | undefined {
  const exact = table.byName.get(name);
  if (exact !== undefined && name.length > 1) return exact;
  const meant = table.longNames.filter((long) => name !== '' && long.startsWith(name));
  return meant.length === 1 && meant[0] !== undefined ? table.byName.get(meant[0]) : undefined;
}

export const isDeed = (text: string): text is Deed => deeds.some((deed) => deed === text);
