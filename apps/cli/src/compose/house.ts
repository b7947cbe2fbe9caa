import type { SnapshotObjects } from '@chancery/adapters/workspace-git';
import type { Digest, Signer } from '@chancery/kernel/encoding';
import type { LedgerStore, SealedEntry } from '@chancery/kernel/ledger';
import type { Bundle } from '@chancery/kernel/policy';
import { Authority, type HostSwitch } from '@chancery/runtime/authority';
import type { Capability, Sandbox, SandboxLimits } from '@chancery/runtime/broker';
import { defaultRetryPolicy } from '@chancery/runtime/cognition';
import type { House, RunLocks } from '@chancery/runtime/drive';
import type { Clock, ClockJump } from '@chancery/runtime/journal';
import { redactor, type Redactor } from '@chancery/runtime/redaction';
import type { Vault } from '@chancery/runtime/vault';
import type { Workspaces } from '@chancery/runtime/workspace';
import { databaseUrl } from '../database.ts';
import { granted } from '../exit.ts';
import type { Home } from '../home.ts';
import { egressOf, generalCapabilities, networkCapabilities } from './capabilities.ts';
import { declaredCapabilities, type DeclaredNames } from './declared.ts';
import { subjectKeysOf } from './keys.ts';
import { databaseOf } from './stores.ts';

export async function openClock(floorMs: number): Promise<Clock> {
  const { systemClock } = await import('@chancery/adapters/clock-system');
  return systemClock({ floorMs });
}

export async function locksOf(home: Home): Promise<RunLocks> {
  const ledger = databaseOf(home);
  if (ledger !== undefined) {
    const { postgresRunLocks } = await import('@chancery/adapters/store-postgres');
    return postgresRunLocks({ url: granted(databaseUrl(home)), ledger });
  }
  const { folderLocks } = await import('@chancery/adapters/locks-folder');
  return folderLocks(home.locks);
}

/** The kill switch of this host for what is done in a home; its reason as it may be recorded. */
export async function switchOf(home: Home, { redactText }: Redactor): Promise<HostSwitch> {
  const { switchFile } = await import('@chancery/adapters/switch-file');
  const { read, watch } = switchFile(home.switchFile);
  return {
    watch,
    read: () => {
      const set = read();
      return set && { ...set, reason: redactText(set.reason).value };
    },
  };
}

export async function newName(): Promise<string> {
  const clock = await import('@chancery/adapters/clock-system');
  return clock.newName();
}

/** The policy that a new ledger begins with. */
export async function defaultBundle(): Promise<Bundle> {
  const cedar = await import('@chancery/adapters/policy-cedar');
  return cedar.defaultBundle();
}

export async function workspacesOf(home: Home): Promise<Workspaces> {
  const { gitWorkspaces } = await import('@chancery/adapters/workspace-git');
  return gitWorkspaces({ home: home.folder });
}

/** Reads and writes recorded files as single objects, to move them. */
export async function snapshotObjectsOf(home: Home): Promise<SnapshotObjects> {
  const { snapshotObjects } = await import('@chancery/adapters/workspace-git');
  return snapshotObjects({ home: home.folder });
}

export interface SandboxTerms {
  /** Folders that no path that is shared with commands may show. */
  readonly hidden: readonly string[];
  /** Limits of commands that are not the usual ones. */
  readonly limits: Partial<SandboxLimits>;
}

export async function sandboxOf(
  unsafe: boolean,
  terms: SandboxTerms = { hidden: [], limits: {} },
): Promise<Sandbox> {
  const { bubblewrapSandbox, unsafeSandbox } =
    await import('@chancery/adapters/sandbox-bubblewrap');
  return unsafe ? unsafeSandbox() : bubblewrapSandbox(terms);
}

export interface HouseRequest {
  readonly home: Home;
  readonly ledger: Digest;
  readonly store: LedgerStore;
  readonly actor: Signer;
  readonly redactor: Redactor;
  /** Latest time that is recorded where this house goes on. */
  readonly floorMs: number;
  /** Told when the machine's clock was set while this house works. */
  readonly onJump: (jump: ClockJump) => void;
  /** Run commands without any confinement. */
  readonly unsafe: boolean;
  /** Whether runs are offered what reaches a network. */
  readonly network: boolean;
  /** What they are offered of the capabilities that manifests declare. */
  readonly declared: DeclaredNames;
  /** Limits of commands that are not the usual ones. */
  readonly commandLimits?: Partial<SandboxLimits>;
  readonly vault?: Vault | undefined;
  readonly onEntry: (sealed: SealedEntry) => void;
}

/** Puts the runtime together. */
export async function openHouse(request: HouseRequest): Promise<House> {
  const { home, ledger, store, actor, onEntry } = request;
  const { gitCapabilities } = await import('@chancery/adapters/capability-git');
  const { restore } = await import('@chancery/adapters/capability-restore');
  const { compileSchema } = await import('@chancery/adapters/schema-ajv');
  const { newName: nameAt, systemClock } = await import('@chancery/adapters/clock-system');
  const authority = new Authority(store, ledger, await switchOf(home, request.redactor));
  const clock = systemClock({ floorMs: request.floorMs, onJump: request.onJump });
  return {
    ...{ store, ledger, actor, clock, onEntry, compileSchema },
    authority,
    capabilities: [
      ...(await generalCapabilities()),
      ...(request.network ? await networkCapabilities() : []),
      ...(await declaredIn(authority, request.declared)),
    ],
    capabilitiesOn: gitCapabilities,
    restoringOn: (files) => [restore(files)],
    workspaces: await workspacesOf(home),
    sandbox: await sandboxOf(request.unsafe, {
      hidden: [home.folder],
      limits: request.commandLimits ?? {},
    }),
    ...(request.network ? { egress: await egressOf(() => clock.nowMs()) } : {}),
    locks: await locksOf(home),
    redactor: request.redactor,
    subjectKeys: await subjectKeysOf(home),
    ...(request.vault === undefined ? {} : { vault: request.vault }),
    retry: defaultRetryPolicy,
    newName: () => nameAt(clock.nowMs()),
    probe: () => undefined,
  };
}

/** The ledger is asked only where something of it is offered. */
async function declaredIn(
  authority: Authority,
  names: DeclaredNames,
): Promise<readonly Capability[]> {
  if (names !== 'all' && names.length === 0) return [];
  const { manifests } = await authority.policies();
  return declaredCapabilities(manifests, names);
}

/** Guards these values in everything that is recorded or shown. */
export function redactorOf(secrets: readonly string[]): Redactor {
  return redactor({ secrets });
}
