import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { endAs, runInFront } from './setup/child.mjs';
import { nodeFor } from './setup/node.mjs';
import { pathWith } from './setup/npm.mjs';
import { installPackages } from './setup/packages.mjs';
import { say, SetupError, systemCode } from './setup/report.mjs';
import { installSystemPrograms } from './setup/system.mjs';

/*
 * node scripts/setup.mjs [ENTRY [ARGUMENT…]]
 *
 * Sees that everything the project needs is there, then runs ENTRY (a file of the project) under a
 * Node that is new enough. It depends on nothing and runs on any Node since 16.
 */

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const home = path.join(root, '.node');

/** @param {readonly string[]} args */
async function main([entry, ...args]) {
  const node = await nodeFor(home);
  await installSystemPrograms();
  await installPackages({ root, home, node });
  if (!entry) {
    say('everything is in place.');
    return;
  }
  // Node's own cache of compiled code, which halves the start of the command.
  const compiled = process.env['NODE_COMPILE_CACHE'] ?? path.join(home, 'compiled');
  const env = { ...process.env, PATH: pathWith(node), NODE_COMPILE_CACHE: compiled };
  endAs(await runInFront(node, [path.resolve(root, entry), ...args], env));
}

/** @param {unknown} cause */
function fail(cause) {
  const [code, message, remedy] = describe(cause);
  process.stderr.write(`setup: ${code}: ${message}\n  remedy: ${remedy}\n`);
  process.exitCode = 1;
}

/**
 * @param {unknown} cause
 * @returns {[code: string, message: string, remedy: string]}
 */
function describe(cause) {
  if (cause instanceof SetupError) return [cause.code, cause.message, cause.remedy];
  const message = cause instanceof Error ? cause.message : String(cause);
  if (['EACCES', 'EPERM', 'EROFS'].includes(systemCode(cause)))
    return [
      'FOLDER_READ_ONLY',
      message,
      `Give yourself write access to ${root}, or use a copy of it.`,
    ];
  if (systemCode(cause) === 'ENOSPC')
    return ['DISK_FULL', message, 'Make room on the disk, then run again.'];
  return [
    'SETUP_FAILED',
    cause instanceof Error && cause.stack ? cause.stack : message,
    'Run the command again.',
  ];
}

main(process.argv.slice(2)).catch(fail);
