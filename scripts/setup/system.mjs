import { existsSync, readdirSync } from 'node:fs';
import { runStep } from './child.mjs';
import { say, SetupError, step } from './report.mjs';
import { programsNamed } from './search-path.mjs';

/** @typedef {{ program: string, debian: string, needed: boolean, without: string }} Requirement */

/** @type {readonly Requirement[]} */
const requirements = [
  { program: 'git', debian: 'git', needed: true, without: 'Chancery works on git repositories.' },
  {
    program: 'bwrap',
    debian: 'bubblewrap',
    needed: false,
    without: 'Without this sandbox every shell.run is refused.',
  },
];

/** Sees to the system programs that Chancery calls: installs them where it may, says how where not. */
export async function installSystemPrograms() {
  const missing = requirements.filter(({ program }) => !isInstalled(program));
  if (missing.length === 0) return;
  const names = missing.map(({ debian }) => debian);
  const prefix = await aptPrefix();
  if (prefix) await step(`installing ${names.join(' and ')}`, () => aptInstall(prefix, names));
  const absent = missing.filter(({ program }) => !isInstalled(program));
  for (const requirement of absent) answerFor(requirement);
}

/** @param {Requirement} requirement */
function answerFor({ program, debian, needed, without }) {
  const line = remedyFor(debian);
  if (needed)
    throw new SetupError('PROGRAM_MISSING', `${program} is not installed. ${without}`, line);
  say(`${program} is not installed. ${without} ${line}`);
}

/** @param {string} debian */
function remedyFor(debian) {
  if (debian === 'bubblewrap' && process.platform !== 'linux') return 'It exists on Linux only.';
  if (programsNamed('apt-get').length > 0) return `Run: sudo apt-get install -y ${debian}`;
  return `Install it by your system's package manager (package ${debian}).`;
}

/**
 * The words before `apt-get` with which it may install here, or nothing when it may not.
 *
 * @returns {Promise<string[] | undefined>}
 */
async function aptPrefix() {
  if (process.platform !== 'linux' || programsNamed('apt-get').length === 0) return undefined;
  if (process.getuid && process.getuid() === 0) return [];
  if (programsNamed('sudo').length === 0) return undefined;
  const asked = await runStep('sudo', ['-n', 'true']);
  return asked.code === 0 ? ['sudo', '-n'] : undefined;
}

/**
 * @param {readonly string[]} prefix
 * @param {readonly string[]} names
 */
async function aptInstall(prefix, names) {
  const install = ['install', '-y', '-q', '--no-install-recommends', ...names];
  if (hasPackageLists() && (await apt(prefix, install))) return;
  if (await apt(prefix, ['update', '-q'])) await apt(prefix, install);
}

/**
 * @param {readonly string[]} prefix
 * @param {readonly string[]} args
 * @returns {Promise<boolean>} whether it succeeded
 */
async function apt(prefix, args) {
  const patience = ['-o', 'DPkg::Lock::Timeout=120', '-o', 'Acquire::http::Timeout=20'];
  const [program = '', ...rest] = [
    ...prefix,
    'env',
    'DEBIAN_FRONTEND=noninteractive',
    'apt-get',
    ...patience,
  ];
  const ended = await runStep(program, [...rest, ...args]);
  return ended.code === 0;
}

function hasPackageLists() {
  const folder = '/var/lib/apt/lists';
  return existsSync(folder) && readdirSync(folder).some((name) => /_Packages(\.\w+)?$/.test(name));
}

/** @param {string} program */
function isInstalled(program) {
  return programsNamed(program).length > 0;
}
