import { spawn, type ChildProcess } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';

const root = path.resolve(import.meta.dirname, '../..');

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A folder with the launcher, a lockfile, a stand-in for npm and a PATH of its own. */
export interface Project {
  readonly folder: string;
  readonly programs: string;
}

export function newProject(programs: readonly string[] = ['git', 'bwrap']): Project {
  const folder = newFolder();
  const project = { folder, programs: path.join(folder, 'programs') };
  cpSync(path.join(root, 'scripts/setup.mjs'), path.join(folder, 'scripts/setup.mjs'));
  cpSync(path.join(root, 'scripts/setup'), path.join(folder, 'scripts/setup'), { recursive: true });
  mkdirSync(project.programs);
  symlinkSync(process.execPath, path.join(project.programs, 'node'));
  for (const name of programs) addProgram(project, name, 'exit 0');
  write(project, 'package-lock.json', '{}');
  standInForNpm(project, "fs.mkdirSync('node_modules', { recursive: true });");
  return project;
}

/** An empty folder that goes when the test ends. */
export function newFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'chancery-setup-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** What `npm ci` does in this project, as the body of a script that may use `fs`. */
export function standInForNpm(project: Project, body: string): void {
  const log = path.join(project.folder, 'npm.log');
  write(
    project,
    'npm-cli.js',
    `const fs = require('fs');\nfs.appendFileSync(${JSON.stringify(log)}, process.argv[2] + '\\n');\n${body}\n`,
  );
}

export function addProgram({ programs }: Project, name: string, shell: string): void {
  const file = path.join(programs, name);
  writeFileSync(file, `#!/bin/sh\n${shell}\n`);
  chmodSync(file, 0o755);
}

export function write({ folder }: Project, file: string, text: string): void {
  writeFileSync(path.join(folder, file), text);
}

/** The lines that a stand-in left in its log; none when it was never called. */
export function logged({ folder }: Project, log: string): readonly string[] {
  const file = path.join(folder, log);
  return existsSync(file) ? readFileSync(file, 'utf8').trimEnd().split('\n') : [];
}

export function start({ folder, programs }: Project, args: readonly string[]): ChildProcess {
  return spawn(process.execPath, [path.join(folder, 'scripts/setup.mjs'), ...args], {
    env: { PATH: programs, HOME: folder, npm_execpath: path.join(folder, 'npm-cli.js') },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

export async function setUp(project: Project, ...args: readonly string[]): Promise<Ended> {
  return ended(start(project, args));
}

export async function ended(child: ChildProcess): Promise<Ended> {
  let stdout = '';
  let stderr = '';
  child.stdout?.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  return new Promise((resolve) => {
    child.once('close', (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
}
