import { spawn } from 'node:child_process';
import path from 'node:path';
import { linkedProgram } from '@chancery/testkit/linked-program';

const root = path.resolve(import.meta.dirname, '../..');
const main = await linkedProgram(path.join(root, 'apps/cli/src/main.ts'));

export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

type Env = Readonly<Record<string, string>>;

/** Runs `chancery` as a process of its own, in an environment that holds no key of this machine. */
export function chancery(words: readonly string[], env: Env = {}): Promise<Ran> {
  return runAll([process.execPath, main, ...words], env);
}

/** The same inside another program, which is told what to run by its last arguments. */
export function runProgram(
  program: string,
  args: readonly string[],
  words: readonly string[],
  env: Env,
): Promise<Ran> {
  return runAll([program, ...args, process.execPath, main, ...words], env);
}

async function runAll([program = '', ...args]: readonly string[], env: Env): Promise<Ran> {
  const inherited = Object.entries(process.env).filter(([name]) =>
    ['PATH', 'HOME', 'TMPDIR', 'LANG', 'NODE_COMPILE_CACHE'].includes(name),
  );
  const child = spawn(program, args, {
    cwd: root,
    env: { ...Object.fromEntries(inherited), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (output.stderr += text));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  return { code, ...output };
}

/** The JSON lines of an output. */
export function lines(stdout: string): readonly Readonly<Record<string, unknown>>[] {
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>);
}
