import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { exclusively } from './exclusive.mjs';
import { npmCi } from './npm.mjs';
import { SetupError, step, systemCode } from './report.mjs';

/**
 * Installs the packages of the lockfile unless exactly these are installed already. The stamp that
 * says so lies among the packages and is written last, so a broken install is never taken for whole.
 *
 * @param {{ root: string, home: string, node: string, label?: string }} project
 */
export async function installPackages({ root, home, node, label = 'installing packages' }) {
  const wanted = lockfileDigest(root);
  const stamp = path.join(root, 'node_modules', '.installed-lockfile');
  if (stampOf(stamp) === wanted) return;
  mkdirSync(home, { recursive: true });
  await exclusively(path.join(home, 'packages.lock'), async () => {
    if (stampOf(stamp) === wanted) return;
    rmSync(stamp, { force: true });
    const what = 'Installing the packages of package-lock.json';
    await step(label, () => npmCi({ node, cwd: root, code: 'PACKAGES_INSTALL_FAILED', what }));
    mkdirSync(path.dirname(stamp), { recursive: true });
    writeFileSync(stamp, wanted);
  });
}

/** @param {string} root */
function lockfileDigest(root) {
  const lockfile = path.join(root, 'package-lock.json');
  try {
    return createHash('sha256').update(readFileSync(lockfile)).digest('hex');
  } catch (cause) {
    if (systemCode(cause) !== 'ENOENT') throw cause;
    throw new SetupError(
      'LOCKFILE_MISSING',
      `${lockfile} is missing.`,
      'Restore it: git checkout package-lock.json',
    );
  }
}

/** @param {string} stamp */
function stampOf(stamp) {
  try {
    return readFileSync(stamp, 'utf8');
  } catch (cause) {
    if (systemCode(cause) === 'ENOENT') return '';
    throw cause;
  }
}
