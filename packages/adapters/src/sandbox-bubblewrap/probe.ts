import { mkdtempSync, readlinkSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { HeldLimit, SandboxReport } from '@chancery/runtime/broker';
import { heldFacts, limitFacts } from './bounds.ts';
import { insideId } from './mount.ts';

/** What nothing here bounds: how much a command writes in all. */
const neverEnforced = ['disk-limit'];

/** Namespaces, and what it is called when ours is not seen inside. */
const namespaces: ReadonlyMap<string, string> = new Map([
  ['user', 'own-users'],
  ['pid', 'own-processes'],
  ['net', 'own-network'],
  ['ipc', 'own-ipc'],
  ['uts', 'own-hostname'],
  ['cgroup', 'own-cgroups'],
]);

/**
 * A shell condition per fact; it holds when the fact is enforced. `$1` is a readable secret outside,
 * those after it are the names of our namespaces.
 */
const conditions: ReadonlyMap<string, string> = new Map([
  ['private-files', '! cat "$1"'],
  ['read-only-system', '! (: > /usr/chancery-probe) && ! (: > /chancery-probe)'],
  ['read-only-kernel', '! (: > /proc/sys/kernel/hostname)'],
  ['writable-workspace', '(: > written) && [ -f written ]'],
  ['protected-paths', '! (: > kept) && ! rm -f kept && ! mkdir .git/x'],
  ['no-network', '[ "$(grep -c : /proc/net/dev)" = 1 ] && grep -q " lo:" /proc/net/dev'],
  ['unprivileged-user', `[ "$(id -u)" = ${insideId} ] && [ "$(id -g)" = ${insideId} ]`],
  ['no-capabilities', 'grep -q "^CapBnd:\\s*0*$" /proc/self/status'],
  ['no-new-privileges', 'grep -q "^NoNewPrivs:\\s*1$" /proc/self/status'],
  ['system-call-filter', 'grep -q "^Seccomp:\\s*2$" /proc/self/status'],
  ['no-core-dumps', '[ "$(ulimit -c)" = 0 ]'],
  // A device of no number may be made by everybody, and is what Landlock alone forbids here.
  ['landlock', 'command -v mknod && ! mknod device c 0 0'],
  ...[...namespaces].map(
    ([name, fact], index) =>
      [fact, `[ "$(readlink /proc/self/ns/${name})" != "$${index + 2}" ]`] as const,
  ),
]);

/** Things to try the confinement on, made for one probe. */
export interface ProbeGround {
  readonly workspace: string;
  readonly argv: readonly string[];
  readonly readOnly: readonly string[];
  remove(): void;
}

const ourNamespaces = (): readonly string[] =>
  [...namespaces.keys()].map((name) => readlinkSync(`/proc/self/ns/${name}`));

export function probeGround(): ProbeGround {
  const base = realpathSync.native(mkdtempSync(join(tmpdir(), 'chancery-probe-')));
  const workspace = mkdtempSync(join(base, 'workspace-'));
  const secret = join(base, 'secret');
  writeFileSync(secret, 'outside');
  writeFileSync(join(workspace, 'kept'), 'kept');
  const script = [...conditions].map(
    ([fact, condition]) => `if { ${condition}; } >/dev/null 2>&1; then echo ${fact}; fi`,
  );
  return {
    workspace,
    argv: ['/bin/sh', '-c', script.join('\n'), 'sh', secret, ...ourNamespaces()],
    readOnly: ['kept', '.git'],
    remove: () => rmSync(base, { recursive: true, force: true }),
  };
}

/** A second line behind others: commands run without it as well. */
const optional = ['landlock'];

/** `output`: what the probe printed, a line for each fact that holds. */
export function reportOf(
  version: string,
  output: string,
  limits: readonly HeldLimit[] = [],
): SandboxReport {
  const held = new Set([...output.split('\n'), ...heldFacts(limits)]);
  return {
    provider: 'bubblewrap',
    version,
    enforced: confinements.filter((fact) => held.has(fact)),
    missing: confinements.filter((fact) => !held.has(fact)),
    limits,
    unsafe: false,
  };
}

/** Names of everything that a report may list. */
export const confinements: readonly string[] = [
  ...conditions.keys(),
  ...limitFacts,
  ...neverEnforced,
];

/** The report of a sandbox that does not work. */
export const brokenReport = (version: string): SandboxReport => reportOf(version, '');

export const isComplete = ({ missing }: SandboxReport): boolean =>
  missing.every((fact) => !conditions.has(fact) || optional.includes(fact));
