import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { isAlive } from './exclusive.mjs';
import { nodeReleases } from './node-releases.mjs';
import { npmCi } from './npm.mjs';
import { SetupError, step, systemCode } from './report.mjs';
import { isProgram, programsNamed } from './search-path.mjs';

const MAJOR = 24;

/** @typedef {import('./node-releases.mjs').NodeRelease} NodeRelease */

/**
 * A Node new enough for the project: the one that runs now, the private one, one on the PATH, or
 * the platform's pinned release, installed into the private folder.
 *
 * @param {string} home the private folder
 * @returns {Promise<string>} the absolute path of the binary
 */
export async function nodeFor(home) {
  if (majorOf(process.version) >= MAJOR) return process.execPath;
  const platform = `${process.platform}-${process.arch}`;
  const release = nodeReleases[platform];
  const own = release && binaryOf(home, release);
  if (own && isProgram(own)) return own;
  const onPath = programsNamed('node').find((file) => majorOf(versionOf(file)) >= MAJOR);
  if (onPath) return onPath;
  if (!release)
    throw new SetupError(
      'NODE_TOO_OLD',
      `This is Node ${process.version}; Chancery needs Node ${MAJOR} or newer and has no release to install on ${platform}.`,
      `Install Node ${MAJOR} by your system's own means, then run the command again.`,
    );
  return step(`installing Node ${release.version}`, () => installNode(home, release));
}

/**
 * Installs a release beside its final place, runs it once, then moves it there in one step: an
 * install that was interrupted leaves nothing that could be taken for a whole one, and of two at
 * once the first stands.
 *
 * @param {string} home
 * @param {NodeRelease} release
 * @param {string} [npmNode] the Node that runs npm
 * @returns {Promise<string>} the absolute path of the binary
 */
export async function installNode(home, release, npmNode = process.execPath) {
  removeLeftovers(home);
  const workshop = path.join(home, `install-${process.pid}-${Date.now()}`);
  try {
    mkdirSync(workshop, { recursive: true });
    writeManifest(workshop, release);
    const what = `Installing Node ${release.version}`;
    await npmCi({ node: npmNode, cwd: workshop, code: 'NODE_INSTALL_FAILED', what });
    const unpacked = path.join(workshop, 'node_modules', release.name);
    const said = versionOf(path.join(unpacked, 'bin/node'));
    if (said !== `v${release.version}`)
      throw new SetupError(
        'NODE_DOES_NOT_RUN',
        `The installed Node ${release.version} does not run here (it said ${said || 'nothing'}).`,
        `Install Node ${MAJOR} by your system's own means, then run the command again.`,
      );
    return putInPlace(unpacked, home, release);
  } finally {
    rmSync(workshop, { recursive: true, force: true });
  }
}

/**
 * @param {string} home
 * @param {NodeRelease} release
 */
function binaryOf(home, release) {
  return path.join(home, `${release.name}-${release.version}`, 'bin', 'node');
}

/**
 * A lockfile of one package, so that npm itself checks the content against the pin.
 *
 * @param {string} workshop
 * @param {NodeRelease} release
 */
function writeManifest(workshop, { name, version, integrity }) {
  const root = { name: 'chancery-node', version: '0.0.0', dependencies: { [name]: version } };
  const lock = {
    ...root,
    lockfileVersion: 3,
    requires: true,
    packages: { '': root, [`node_modules/${name}`]: { version, integrity } },
  };
  writeFileSync(path.join(workshop, 'package.json'), JSON.stringify({ ...root, private: true }));
  writeFileSync(path.join(workshop, 'package-lock.json'), JSON.stringify(lock));
}

/**
 * @param {string} unpacked
 * @param {string} home
 * @param {NodeRelease} release
 */
function putInPlace(unpacked, home, release) {
  const binary = binaryOf(home, release);
  const place = path.dirname(path.dirname(binary));
  if (!isProgram(binary)) rmSync(place, { recursive: true, force: true });
  try {
    renameSync(unpacked, place);
  } catch (cause) {
    const another = ['ENOTEMPTY', 'EEXIST'].includes(systemCode(cause)) && isProgram(binary);
    if (!another) throw cause;
  }
  return binary;
}

/**
 * Removes what installs that were killed have left.
 *
 * @param {string} home
 */
function removeLeftovers(home) {
  mkdirSync(home, { recursive: true });
  for (const name of readdirSync(home)) {
    const leftover = /^install-(\d+)-\d+$/.exec(name);
    const folder = path.join(home, name);
    if (leftover && (!isAlive(Number(leftover[1])) || isOld(folder)))
      rmSync(folder, { recursive: true, force: true });
  }
}

/** @param {string} folder */
function isOld(folder) {
  return Date.now() - statSync(folder).mtimeMs > 60 * 60_000;
}

/** @param {string} version such as `v24.1.0` */
function majorOf(version) {
  const found = /^v(\d+)\./.exec(version);
  return found ? Number(found[1]) : 0;
}

/**
 * What a binary answers to `--version`; '' when it does not run.
 *
 * @param {string} binary
 */
function versionOf(binary) {
  try {
    return execFileSync(binary, ['--version'], {
      encoding: 'utf8',
      timeout: 10_000,
      stdio: 'pipe',
    }).trim();
  } catch {
    return '';
  }
}
