import { execFileSync, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { linkedProgram } from '@chancery/testkit/linked-program';
import { bareEnvironment, startProgram } from '@chancery/testkit/program';
import type { Ended } from '@chancery/testkit/program';
import { madeOnce } from '@chancery/testkit/shared-folder';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { jsonLines } from './json-lines.ts';

const main = await linkedProgram(join(import.meta.dirname, 'main.ts'));

/** What a command left behind; the exit code is null when a signal ended it. */
export type Left = Omit<Ended, 'signal'>;

export interface Started {
  readonly child: ChildProcess;
  readonly ended: Promise<Left>;
  /** Resolves when standard output or error holds this text. */
  readonly says: (text: string) => Promise<true>;
}

type Env = Readonly<Record<string, string>>;

/** A turn of a script, see the README of the scripted model. */
export interface Turn {
  readonly say?: string;
  readonly calls?: readonly {
    readonly name: string;
    readonly args: object;
    readonly routing?: object;
  }[];
  readonly fail?: object;
  readonly usage?: object;
}

/** A home and a repository in a folder of their own, and the real command to use them with. */
export class Stand {
  readonly folder = realpathSync(mkdtempSync(join(tmpdir(), 'chancery-cli-')));
  readonly home = join(this.folder, 'home');
  readonly repo = join(this.folder, 'repo');
  /** Where commands are run. */
  cwd = this.folder;
  private readonly children = new Set<ChildProcess>();
  private scripts = 0;

  /** A repository of one commit, with these files. */
  makeRepo(files: Readonly<Record<string, string>> = { 'a.txt': 'hello\n' }): void {
    mkdirSync(this.repo, { recursive: true });
    this.git('init', '-q', '-b', 'main');
    this.writeFiles(files);
    this.git('add', '-A');
    this.git('commit', '-q', '-m', 'first');
  }

  writeFiles(files: Readonly<Record<string, string>>): void {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(this.repo, path)), { recursive: true });
      writeFileSync(join(this.repo, path), text);
    }
  }

  git(...args: readonly string[]): string {
    const identity = ['-c', 'user.name=Test', '-c', 'user.email=test@localhost'];
    return execFileSync('git', [...identity, ...args], { cwd: this.repo, encoding: 'utf8' }).trim();
  }

  /** Writes a script of the scripted model; answers what `--model` takes. */
  script(...turns: readonly Turn[]): string {
    this.scripts += 1;
    const file = join(this.folder, `script-${this.scripts}.json`);
    writeFileSync(file, JSON.stringify({ v: 1, name: 'test', turns }));
    return `scripted:${file}`;
  }

  /** `input`: what it reads on standard input; nothing without, and with null what is written later. */
  start(words: readonly string[], env: Env = {}, input?: string | null): Started {
    const { child, ended, says } = startProgram([process.execPath, main, ...words], {
      cwd: this.cwd,
      env: { ...bareEnvironment(this.folder), CHANCERY_HOME: this.home, ...env },
      ...(input === undefined ? {} : { input }),
    });
    this.children.add(child);
    const left = ended.then(({ exit, stdout, stderr }): Left => ({ exit, stdout, stderr }));
    const holds = (text: string): Promise<true> =>
      says(({ stdout, stderr }) => stdout.includes(text) || stderr.includes(text) || undefined);
    return { child, ended: left, says: holds };
  }

  run(words: readonly string[], env: Env = {}, input?: string): Promise<Left> {
    return this.start(words, env, input).ended;
  }

  /** Runs a command with --json; its lines, each of which is one of those that are documented. */
  async json(words: readonly string[], env: Env = {}, input?: string): Promise<JsonLeft> {
    const { exit, stdout, stderr } = await this.run([...words, '--json'], env, input);
    const lines = stdout.split('\n').filter((line) => line !== '');
    return { exit, stderr, lines: lines.map((line) => documented(words, line)) };
  }

  /** Founds a ledger of its own, by the real command. */
  async found(): Promise<void> {
    const { exit, stderr } = await this.run(['init', '--name', 'test']);
    if (exit !== 0) throw new Error(stderr);
  }

  /** Takes the home of a ledger that was founded once for all tests: its keys are those of others. */
  async init(): Promise<void> {
    const founded = await madeOnce('founded-home', async (folder) => {
      const first = new Stand();
      await first.found();
      renameSync(first.home, folder);
      first.remove();
    });
    execFileSync('cp', ['-aT', founded, this.home]);
  }

  /** Removes entries of the ledger in spite of the trigger, and puts that back. */
  edit(sql: string): void {
    const database = new DatabaseSync(join(this.home, 'ledger.db'));
    const name = "SELECT sql FROM sqlite_schema WHERE name = 'entries_refuse_delete'";
    const trigger = String(database.prepare(name).get()?.['sql']);
    database.exec('DROP TRIGGER entries_refuse_delete');
    database.exec(sql);
    database.exec(trigger);
    database.close();
  }

  remove(): void {
    for (const child of this.children) child.kill('SIGKILL');
    rmSync(this.folder, { recursive: true, force: true });
  }
}

export type JsonLine = Readonly<Record<string, unknown>> & { readonly type: string };

export interface JsonLeft {
  readonly exit: number | null;
  readonly stderr: string;
  readonly lines: readonly JsonLine[];
}

const validator = new Ajv2020({ strict: false });
const checks = new Map(
  Object.entries(jsonLines).map(([type, { schema }]) => [type, validator.compile(schema)] as const),
);

/** The line, whose type is one that the command prints and whose members are those of its schema. */
function documented([command = '']: readonly string[], text: string): JsonLine {
  const line = JSON.parse(text) as JsonLine;
  const commands = jsonLines[line.type]?.commands;
  const check = checks.get(line.type);
  if (commands === undefined || check === undefined || !isPrintedBy(commands, command)) {
    throw new Error(`${command} is not documented to print ${text}`);
  }
  if (check(line)) return line;
  throw new Error(`${validator.errorsText(check.errors)}: ${text}`);
}

function isPrintedBy(commands: readonly string[], command: string): boolean {
  const prints = (name: string): boolean => name === command || name.startsWith(`${command} `);
  return commands.length === 0 || commands.some(prints);
}
