import type { TriedCase } from '@chancery/adapters/capability-shell';
import type { ProgramRows } from '@chancery/kernel/programs';
import type { Refusal } from '@chancery/kernel/refusal';

export { type TriedCase };

/** What is built in of programs. */
export interface BuiltInPrograms {
  readonly names: readonly string[];
  /** As it would stand in a file; undefined where there is none. */
  readonly rowOf: (name: string) => object | undefined;
}

export async function builtInPrograms(): Promise<BuiltInPrograms> {
  const { builtInNames, rowOf } = await import('@chancery/adapters/capability-shell');
  return { names: builtInNames, rowOf };
}

/** Reads the lines beside rows, which have their form. */
export async function triedCases(rows: ProgramRows): Promise<readonly TriedCase[]> {
  const { tryCases } = await import('@chancery/adapters/capability-shell');
  return tryCases(rows);
}

/** What keeps rows from being declared beside their form: a name that is built in, a line that tells something else. */
export async function rowsUnfitness(): Promise<(rows: ProgramRows) => Refusal | undefined> {
  const { checkBesideBuiltIn } = await import('@chancery/adapters/capability-shell');
  return checkBesideBuiltIn;
}
