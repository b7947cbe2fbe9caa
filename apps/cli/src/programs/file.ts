import { isJsonObject, parseRecord } from '@chancery/kernel/encoding';
import { checkProgramRows, type ProgramRow, type ProgramRows } from '@chancery/kernel/programs';
import { done, refused, type Result } from '@chancery/kernel/refusal';
import { ofFile } from '../policies/source.ts';
import { textIn } from '../text-file.ts';

/** The text of a file that says this. */
export function programsText(programs: Readonly<Record<string, object>>): string {
  return `${JSON.stringify({ v: 1, programs }, null, 2)}\n`;
}

/** Reads a file. Refuses `usage.invalid`, and `programs.invalid` naming the file and the member. */
export function programsIn(file: string): ProgramRows {
  return ofFile(file, readProgramsFile(textIn(file)));
}

function readProgramsFile(text: string): Result<ProgramRows> {
  const parsed = parseRecord(text);
  if (!parsed.ok) return refused('programs.invalid', parsed.refusal.message);
  const whole = isJsonObject(parsed.value) ? parsed.value : {};
  const { v, programs = null, ...others } = whole;
  const [stray] = Object.keys(others);
  if (stray !== undefined) return refused('programs.invalid', `"${stray}" is not known`);
  if (v !== 1) return refused('programs.invalid', '"v" must be 1');
  const wrong = checkProgramRows(programs);
  return wrong === undefined
    ? done(programs as unknown as ProgramRows)
    : { ok: false, refusal: wrong };
}

/** A row to begin with. */
export function rowToBegin(name: string): ProgramRow {
  return {
    options: 'h help version o=write output=write c=read config=read',
    operands: 'read*',
    cases: {
      [`${name} --help`]: '',
      [`${name} -c settings.toml -o out.txt in.txt`]: 'read write <in.txt <settings.toml >out.txt',
      [`${name} --other in.txt`]: 'read unknown <in.txt',
    },
  };
}
