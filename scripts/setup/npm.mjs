import { existsSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { runStep } from './child.mjs';
import { SetupError } from './report.mjs';
import { programsNamed } from './search-path.mjs';

const CLI = path.join('npm', 'bin', 'npm-cli.js');

const PREFIX = path.dirname(path.dirname(process.execPath));

/** The machine's npm settings (proxy, certificates); npm would look for them beside the new Node. */
const GLOBAL_CONFIG = path.join(PREFIX, 'etc', 'npmrc');

const npmOptions = [
  '--ignore-scripts',
  '--include=dev',
  '--no-audit',
  '--no-fund',
  '--loglevel=error',
  '--fetch-retry-mintimeout=1000',
  '--fetch-retry-maxtimeout=5000',
];

/** Set by an outer `npm run`; each of them would send npm to another folder or another job. */
const notForUs =
  /^npm_(lifecycle|package|command)|^npm_config_(workspace|workspaces|prefix|local_prefix|global|dry_run|omit|production|only)$/i;

/**
 * npm's own script, so that it can be run by a Node of our choice.
 *
 * @returns {string}
 */
function findNpm() {
  const onPath = programsNamed('npm').map((file) => realpathSync(file));
  const candidates = [
    process.env['npm_execpath'] || '',
    ...onPath,
    ...onPath.map((file) => path.resolve(file, '../../lib/node_modules', CLI)),
    path.join(PREFIX, 'lib/node_modules', CLI),
    path.join('/usr/share/nodejs', CLI),
  ];
  const found = candidates.find((file) => file.endsWith('npm-cli.js') && existsSync(file));
  if (found) return found;
  throw new SetupError(
    'NPM_MISSING',
    'npm was not found beside this Node or on the PATH.',
    'Install npm (Debian: apt-get install npm), then run the command again.',
  );
}

/**
 * Runs `npm ci` in a folder by the given Node. No install script of any package runs.
 *
 * @param {{ node: string, cwd: string, code: string, what: string }} job
 */
export async function npmCi({ node, cwd, code, what }) {
  const args = [findNpm(), 'ci', ...npmOptions];
  const env = { npm_config_globalconfig: GLOBAL_CONFIG, ...ownEnvironment(), PATH: pathWith(node) };
  const ended = await runStep(node, args, { cwd, env });
  if (ended.code !== 0)
    throw new SetupError(
      code,
      `${what} failed.\n${essence(ended.output)}`,
      remedyFor(ended.output),
    );
}

/**
 * A PATH on which `node` is the given one, and a child's `npm` and `npx` therefore run by it.
 *
 * @param {string} node
 * @returns {string}
 */
export function pathWith(node) {
  return [path.dirname(node), process.env['PATH']].filter(Boolean).join(path.delimiter);
}

/**
 * What npm said, without its stack traces.
 *
 * @param {string} output
 */
function essence(output) {
  const lines = output.split('\n').filter((line) => !/^npm error( +at |[ {}]*$| {3})/.test(line));
  return lines.slice(0, 8).join('\n');
}

function ownEnvironment() {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !notForUs.test(name)));
}

/** @param {string} output */
function remedyFor(output) {
  if (/E(NOTFOUND|AI_AGAIN|CONNREFUSED|TIMEDOUT|CONNRESET|NETUNREACH)|network/i.test(output))
    return 'The package registry was not reached: check the network or proxy, then run the command again.';
  if (/CERT|SIGNATURE/.test(output))
    return 'The registry was not trusted: name its certificate to npm (npm config set cafile FILE).';
  if (/EACCES|EROFS|EPERM/.test(output))
    return 'The project folder cannot be written: give yourself write access, or use a copy of it.';
  if (/ENOSPC/.test(output)) return 'The disk is full: make room, then run the command again.';
  if (/EINTEGRITY/.test(output))
    return 'The registry served other content than this project pins: do not go on; check the registry in use.';
  if (/can only install packages when your package.json/.test(output))
    return 'package.json and package-lock.json differ: run npm install under Node 24 and commit the lockfile.';
  return 'Read the lines above, then run the command again.';
}
