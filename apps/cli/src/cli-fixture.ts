import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { linkedProgram } from '@chancery/testkit/linked-program';
import { madeOnce } from '@chancery/testkit/shared-folder';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { jsonLines } from './json-lines.ts';

const main = await linkedProgram(join(import.meta.dirname, 'main.ts'));

/** What a command left behind. */
export interface Left {
  /** Exit code; null when a signal ended it. */
  readonly exit: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Started {
  readonly child: ChildProcess;
  readonly ended: Promise<Left>;
  /** Resolves when standard output or error holds this text. */
  readonly says: (text: string) => Promise<void>;
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
    const child = spawn(process.execPath, [main, ...words], {
      cwd: this.cwd,
      // What a process that is killed leaves behind goes with the stand.
      env: { ...bareEnvironment(), TMPDIR: this.folder, CHANCERY_HOME: this.home, ...env },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    // It may end without reading.
    child.stdin.on('error', () => undefined);
    if (input !== null) child.stdin.end(input);
    this.children.add(child);
    const said = { stdout: '', stderr: '' };
    const wake = new Set<() => void>();
    for (const name of ['stdout', 'stderr'] as const) {
      child[name].setEncoding('utf8').on('data', (chunk: string) => {
        said[name] += chunk;
        for (const look of wake) look();
      });
    }
    const ended = new Promise<Left>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (exit) => resolve({ exit, ...said }));
    });
    const says = (text: string): Promise<void> =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          if (said.stdout.includes(text) || said.stderr.includes(text)) resolve();
        };
        wake.add(look);
        look();
        void ended.then(({ stdout, stderr }) => {
          reject(new Error(`it ended without saying ${text}: ${stdout}${stderr}`));
        });
      });
    return { child, ended, says };
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

/** Of our environment only what programs are found by: no key, no colour. */
function bareEnvironment(): NodeJS.ProcessEnv {
  const { PATH, NODE_COMPILE_CACHE } = process.env;
  return { PATH, NODE_COMPILE_CACHE, HOME: tmpdir(), GIT_CONFIG_GLOBAL: '/dev/null' };
}
