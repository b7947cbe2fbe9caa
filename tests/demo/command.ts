import path from 'node:path';
import { linkedProgram } from '@chancery/testkit/linked-program';
import { bareEnvironment, runProgram, type Ended } from '@chancery/testkit/program';

const root = path.resolve(import.meta.dirname, '../..');
const main = await linkedProgram(path.join(root, 'apps/cli/src/main.ts'));

export interface CommandOptions {
  /** Home of the program, and where it puts what is temporary. */
  readonly folder: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Words of another program that it is run by. */
  readonly inside?: readonly string[];
}

/** Runs `chancery` as a process of its own, in an environment that holds no key of this machine. */
export function chancery(words: readonly string[], options: CommandOptions): Promise<Ended> {
  const { folder, env = {}, inside = [] } = options;
  return runProgram([...inside, process.execPath, main, ...words], {
    cwd: root,
    env: { ...bareEnvironment(folder), ...env },
  });
}

/** The JSON lines of an output. */
export function lines(stdout: string): readonly Readonly<Record<string, unknown>>[] {
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>);
}
