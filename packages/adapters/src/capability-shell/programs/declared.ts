import {
  rowsByName,
  untoldRunning,
  type ProgramRow,
  type ProgramRows,
} from '@chancery/kernel/programs';
import { refusal, type Refusal } from '@chancery/kernel/refusal';
import { analyseLine } from '../analysis/analyse.ts';
import { unknown } from '../analysis/finding.ts';
import { summary, tellSame } from '../analysis/summary.ts';
import { isBuiltIn } from './index.ts';

/** A line beside a row, what its author says of it, and what is found. */
export interface TriedCase {
  /** Names of the row. */
  readonly programs: string;
  readonly line: string;
  readonly told: string;
  readonly found: string;
  readonly holds: boolean;
}

/** Reads the lines beside rows, with all of the rows. */
export function tryCases(rows: ProgramRows): readonly TriedCase[] {
  const declared = new Map(rowsByName(rows).map(([name, row]) => [name, { row }]));
  const place = { folder: '.', factsOf: () => undefined, declared };
  return Object.entries(rows).flatMap(([programs, { cases }]) =>
    Object.entries(cases).map(([line, told]) => {
      const found = summary(analyseLine(line, place));
      return { programs, line, told, found, holds: tellSame(told, found) };
    }),
  );
}

/**
 * Why rows, which have their form, could not be declared beside what is built in: a name that is built
 * in, an option that is named for what it runs and does not say so, a line of which something else is
 * found than is told, a row without a line that it does not understand. Refuses with `programs.invalid`.
 */
export function checkBesideBuiltIn(rows: ProgramRows): Refusal | undefined {
  const taken = rowsByName(rows).find(([name]) => isBuiltIn(name));
  if (taken !== undefined) {
    return invalid(`${taken[0]} is built in, under this name or another of the same program`);
  }
  const untold = untoldRunning(rows);
  if (untold !== undefined) return invalid(untold);
  const wrong = tryCases(rows).find(({ holds }) => !holds);
  if (wrong !== undefined) {
    const { line, told, found } = wrong;
    return invalid(`${JSON.stringify(line)} is told as "${told}", and found is "${found}"`);
  }
  for (const [programs, row] of Object.entries(rows)) {
    const lacking = lackingCase(row);
    if (lacking !== undefined) return invalid(`"${programs}.cases" has no line ${lacking}`);
  }
  return undefined;
}

/** A row that takes no option unseen has something that it does not understand. */
function lackingCase({ cases, lenient }: ProgramRow): string | undefined {
  const told = Object.values(cases).map((found) => found.split(' '));
  if (told.every((found) => found.includes(unknown))) return 'that is understood';
  const refuses = lenient === true || told.some((found) => found.includes(unknown));
  return refuses ? undefined : 'that is not understood, such as one with an option that it has not';
}

const invalid = (why: string): Refusal => refusal('programs.invalid', why);
