import { exitCodes, granted } from '../exit.ts';
import { ownName } from '../own-name.ts';
import { rowsUnfitness } from '../compose/programs.ts';
import type { CommonFlags, Session } from '../session.ts';
import { visible } from '../terminal/visible.ts';
import { writeNewText } from '../text-file.ts';
import { checkProgramRows } from '@chancery/kernel/programs';
import { programsText, rowToBegin } from './file.ts';

export interface TemplateFlags extends CommonFlags {
  readonly out?: string;
}

/** Writes a row to begin with into a new file. Refuses `programs.invalid` for a name that is built in, or is none. */
export async function start(
  { terminal, json, env }: Session,
  name: string,
  { out = `${name}.json` }: TemplateFlags,
): Promise<number> {
  const rows = { [name]: rowToBegin(name) };
  const wrong = checkProgramRows(rows) ?? (await rowsUnfitness())(rows);
  granted(wrong === undefined ? { ok: true, value: rows } : { ok: false, refusal: wrong });
  writeNewText(out, programsText(rows));
  if (json) terminal.json({ type: 'program-file', file: out, name });
  else {
    terminal.line(`${visible(out)} is written.`);
    terminal.line(
      `Say in it what ${visible(name)} does, then: ${ownName(env)} programs check ${visible(out)}`,
    );
  }
  return exitCodes.ok;
}
