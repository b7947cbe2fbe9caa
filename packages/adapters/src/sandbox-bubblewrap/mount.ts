import { readlinkSync, realpathSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { SandboxCommand } from '@chancery/runtime/broker';
import { doorArguments } from './door.ts';
import { fileContent, heldContent, type Content } from './content.ts';
import { isWithin, kindAt } from './place.ts';
import type { Protection } from './protection.ts';
import type { Toolchain } from './toolchain.ts';

/** User and group inside: `nobody`, whoever we are outside. */
export const insideId = 65_534;

/** Fresh for each run; the only writable place beside the workspace. */
const homeFolder = '/tmp/home';

/** Where `usr`-merged systems have symlinks and others have folders. */
const systemFolders = ['/bin', '/sbin', '/lib', '/lib32', '/lib64', '/libx32'];

/** What programs need of /etc; no secret, no name of a person, no way to a network. */
const settings = [
  'alternatives',
  'crypto-policies',
  'ld.so.cache',
  'localtime',
  'os-release',
  'pki/ca-trust/extracted',
  'pki/tls/certs',
  'protocols',
  'services',
  'ssl/certs',
  'ssl/openssl.cnf',
].map((name) => `/etc/${name}`);

/** Files of /etc that are written anew, so that those of the machine are not shown. */
const syntheticFiles = {
  '/etc/passwd': [
    'root:x:0:0:root:/root:/usr/sbin/nologin',
    `sandbox:x:${insideId}:${insideId}:sandbox:${homeFolder}:/bin/sh`,
  ],
  '/etc/group': ['root:x:0:', `sandbox:x:${insideId}:`],
  '/etc/hosts': ['127.0.0.1 localhost sandbox', '::1 localhost'],
  '/etc/nsswitch.conf': ['passwd: files', 'group: files', 'hosts: files', 'services: files'],
};

/**
 * Kernel settings that belong to root: to the user inside, when we are root outside. bubblewrap
 * covers /proc/irq, /proc/bus and /proc/sysrq-trigger itself.
 */
const kernelFolders = ['acpi', 'asound', 'fs', 'scsi', 'sys'].map((name) => `/proc/${name}`);

const namespaces = [
  ...['user', 'pid', 'ipc', 'uts', 'net', 'cgroup'].map((name) => `--unshare-${name}`),
  ...['--disable-userns', '--assert-userns-disabled'],
  ...['--uid', String(insideId), '--gid', String(insideId), '--hostname', 'sandbox'],
  ...['--new-session', '--die-with-parent', '--as-pid-1', '--cap-drop', 'ALL', '--clearenv'],
];

const readOnly = (path: string): readonly string[] => ['--ro-bind', path, path];
const writable = (path: string): readonly string[] => ['--bind', path, path];
const isPresent = (path: string): boolean => kindAt(path) !== 'missing';

function systemFolder(path: string): readonly string[] {
  const kind = kindAt(path);
  if (kind === 'symlink') return ['--symlink', readlinkSync(path), path];
  return kind === 'folder' ? readOnly(path) : [];
}

/** A mount costs much more than a symlink or a file: bubblewrap reads its mount table for each. */
function setting(path: string): readonly string[] {
  const real = kindAt(path) === 'symlink' ? targetOf(path) : path;
  if (real === undefined) return [];
  if (isWithin(real, '/usr')) return ['--symlink', real, path];
  return kindAt(real) === 'folder' ? ['--ro-bind', real, path] : [];
}

/** Where a symlink leads; undefined when that is nowhere. */
const targetOf = (path: string): string | undefined =>
  statSync(path, { throwIfNoEntry: false }) === undefined ? undefined : realpathSync.native(path);

/** Files that are copied into each sandbox, by their place in it. */
export function systemFiles(): ReadonlyMap<string, Content> {
  return new Map([
    ...Object.entries(syntheticFiles).map(
      ([path, lines]) => [path, heldContent(Buffer.from(`${lines.join('\n')}\n`))] as const,
    ),
    ...settings
      .filter((path) => kindAt(path) === 'file')
      .map((path) => [path, fileContent(path)] as const),
  ]);
}

/** The part of the arguments that is the same for every run on this machine. */
export function systemArguments(): readonly string[] {
  const owned = process.getuid?.() === 0 ? kernelFolders : [];
  return [
    ...namespaces,
    ...readOnly('/usr'),
    ...systemFolders.flatMap(systemFolder),
    ...settings.filter(isPresent).flatMap(setting),
    ...['--proc', '/proc', ...owned.filter(isPresent).flatMap(readOnly), '--dev', '/dev'],
  ];
}

export interface MountPlan {
  readonly workspace: string;
  readonly protection: Omit<Protection, 'release'>;
  /** What is writable although it lies in what is protected. */
  readonly inPlace: readonly string[];
  readonly readable: readonly string[];
  readonly toolchain: Toolchain;
  readonly scratchBytes: number;
  readonly door?: SandboxCommand['door'];
}

/**
 * The part that depends on the run, in the order in which later mounts cover earlier ones: what is
 * readable, the workspace over it, what is protected over that, what of it can be written in its place
 * over that. The root itself ends read-only.
 */
export function runArguments(plan: MountPlan): readonly string[] {
  const { workspace, protection, toolchain } = plan;
  const outside = (path: string): boolean => !isWithin(path, workspace);
  const shown = (path: string): boolean => !isWithin(path, '/usr') && outside(path);
  return [
    ...['--size', String(plan.scratchBytes), '--tmpfs', '/tmp'],
    ...['--perms', '0700', '--dir', homeFolder],
    ...plan.readable.filter(isPresent).filter(outside).flatMap(readOnly),
    ...toolchain.files.filter(shown).flatMap(readOnly),
    ...toolchain.links
      .filter(({ path }) => shown(path) && !plan.readable.some((folder) => isWithin(path, folder)))
      .flatMap(({ path, target }) => ['--symlink', target, path]),
    ...doorArguments(plan.door),
    ...writable(workspace),
    ...protection.pinned.flatMap(writable),
    ...protection.readOnly.flatMap(readOnly),
    ...plan.inPlace.flatMap(writable),
    ...protection.masked.flatMap((path) => ['--ro-bind', '/dev/null', path]),
    ...['--remount-ro', '/'],
  ];
}

/** What every command has in its environment, whatever it is given. */
export const ownVariables = (toolchain: Toolchain): Readonly<Record<string, string>> => ({
  PATH: [toolchain.folder, '/usr/local/bin', '/usr/bin', '/bin', '/usr/sbin', '/sbin'].join(':'),
  HOME: homeFolder,
  TMPDIR: '/tmp',
  LANG: 'C.UTF-8',
});

export const environmentArguments = (
  variables: Readonly<Record<string, string>>,
): readonly string[] =>
  Object.entries(variables).flatMap(([name, value]) => ['--setenv', name, value]);

/** Paths of the toolchain that a writable workspace would leave open. */
export function toolchainInside(toolchain: Toolchain, workspace: string): readonly string[] {
  return toolchain.files
    .filter((path) => isWithin(path, workspace))
    .map((path) => path.slice(join(workspace, '/').length));
}
