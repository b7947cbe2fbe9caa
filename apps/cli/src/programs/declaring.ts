import { rowsByName, type ProgramRows } from '@chancery/kernel/programs';
import { assert } from '@chancery/kernel/refusal';
import { recordProgramRetirement, recordPrograms } from '@chancery/runtime/authority';
import { signatoryOn } from '../authority/signing.ts';
import { rowsUnfitness, triedCases } from '../compose/programs.ts';
import { exitCodes, granted } from '../exit.ts';
import { writing } from '../opening.ts';
import { ofFile } from '../policies/source.ts';
import type { CommonFlags, Session } from '../session.ts';
import { visible } from '../terminal/visible.ts';
import { programsIn } from './file.ts';

/** Reads the lines beside the rows of a file, and tells whether it could be declared; signs nothing. */
export async function check(session: Session, file: string): Promise<number> {
  const { terminal, json } = session;
  const rows = programsIn(file);
  const cases = await triedCases(rows);
  for (const { programs, line, told, found, holds } of cases) {
    if (json) terminal.json({ type: 'program-case', programs, line, told, found, holds });
    else if (!holds) {
      terminal.line(visible(line));
      terminal.line(`  told   ${visible(told)}`);
      terminal.line(`  found  ${terminal.paint.yellow(visible(found))}`);
    }
  }
  await assertFit(file, rows);
  const programs = namesIn(rows);
  if (json) {
    terminal.json({ type: 'programs-checked', file, programs, cases: cases.length });
  } else {
    terminal.line(`${cases.length} lines are read as they are told.`);
    terminal.line(`${visible(file)} can be declared.`);
  }
  return exitCodes.ok;
}

export interface KeyFlags extends CommonFlags {
  readonly key?: string;
}

/** Has the commands of runs be read by the rows of a file, with a signature. */
export async function declareFile(
  session: Session,
  file: string,
  { key }: KeyFlags,
): Promise<number> {
  const { home, terminal, json } = session;
  const rows = programsIn(file);
  const unfit = await rowsUnfitness();
  await assertFit(file, rows);
  return writing(home, async (open) => {
    const { signatory } = await signatoryOn(session, open, signing(key));
    const entry = ofFile(file, await recordPrograms(signatory, rows, unfit));
    const by = signatory.by.id;
    const programs = namesIn(rows);
    if (json) terminal.json({ type: 'programs-declared', programs, entry, by });
    else if (entry === null) terminal.line('It was declared so before.');
    else {
      terminal.line(`Declared, signed by ${by}: ${visible(programs.join(', '))}.`);
      terminal.line('Commands are read by it from now on, those of runs that go on as well.');
    }
    return exitCodes.ok;
  });
}

/** Has nothing be known of a program any more. */
export async function retire(session: Session, name: string, { key }: KeyFlags): Promise<number> {
  const { home, terminal, json } = session;
  return writing(home, async (open) => {
    const { signatory } = await signatoryOn(session, open, signing(key));
    const { programs } = await signatory.authority.policies();
    const entry = granted(await recordProgramRetirement(signatory, name));
    const by = signatory.by.id;
    const found = programs.get(name);
    assert(found !== undefined, 'what was retired was declared');
    if (json) terminal.json({ type: 'program-retired', name, row: found.digest, entry, by });
    else {
      terminal.line(`Retired, signed by ${by}. Nothing is known of ${visible(name)} any more:`);
      terminal.line('commands that run it are not understood.');
    }
    return exitCodes.ok;
  });
}

const signing = (key: string | undefined) => ({
  ...{ reason: '', stream: 'policy' },
  ...(key === undefined ? {} : { key }),
});

/** Refuses `programs.invalid`, naming the file, for what could not be declared whatever stands on the ledger. */
async function assertFit(file: string, rows: ProgramRows): Promise<void> {
  const unfit = (await rowsUnfitness())(rows);
  if (unfit !== undefined) ofFile(file, { ok: false, refusal: unfit });
}

const namesIn = (rows: ProgramRows): readonly string[] =>
  rowsByName(rows)
    .map(([name]) => name)
    .sort();
