import { contractDigest, type Contract } from '@chancery/kernel/contract';
import type { Digest } from '@chancery/kernel/encoding';
import type { DeclaredPrograms } from '@chancery/kernel/programs';
import { Fault } from '@chancery/kernel/refusal';
import type { Capability, Egress } from '@chancery/runtime/broker';

/** Capabilities that need no files of a run to be made. */
export async function generalCapabilities(): Promise<readonly Capability[]> {
  const { fsCapabilities } = await import('@chancery/adapters/capability-fs');
  const { removeLabel } = await import('@chancery/adapters/capability-label');
  const { savepoint } = await import('@chancery/adapters/capability-savepoint');
  const { shellCapability } = await import('@chancery/adapters/capability-shell');
  return [...fsCapabilities, removeLabel, savepoint, shellCapability()];
}

/** The one that reads from a network and writes to it; a run is offered it where hosts are named. */
export async function networkCapabilities(): Promise<readonly Capability[]> {
  const { httpFetch } = await import('@chancery/adapters/capability-http');
  return [httpFetch()];
}

/** The way of commands to the hosts that they name; there where hosts are named as well. */
export async function egressOf(nowMs: () => number): Promise<Egress> {
  const { httpEgress } = await import('@chancery/adapters/capability-http');
  return httpEgress({ nowMs });
}

/** Whether all that a command runs is understood from its text, by what is built in and declared of programs. */
export async function isClear(
  command: string,
  declared: DeclaredPrograms | undefined,
): Promise<boolean> {
  const { analyseLine } = await import('@chancery/adapters/capability-shell');
  const { unclear } = analyseLine(command, { folder: '.', factsOf: () => undefined, declared });
  return unclear.length === 0;
}

/** Contracts of everything that a run can be offered, by name. */
export async function offeredContracts(): Promise<ReadonlyMap<string, Contract>> {
  const { gitCapabilities } = await import('@chancery/adapters/capability-git');
  const origin = { repository: '', baseCommit: '', baseBranch: null };
  const workspace = { origin, branch: '', changes: nowhere, diff: nowhere };
  const all = [
    ...(await generalCapabilities()),
    ...(await networkCapabilities()),
    ...gitCapabilities({ workspace, base: '' }),
  ];
  const contracts = all.map(({ contract }) => [contract.name, contract] as const);
  return new Map(contracts.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Contracts of what a run is offered that undoes another, beside those. */
export async function restoringContracts(): Promise<readonly Contract[]> {
  const { restore } = await import('@chancery/adapters/capability-restore');
  const workspace = { changes: nowhere, restore: nowhere, snapshot: nowhere };
  return [restore({ workspace }).contract];
}

export async function offeredDigests(): Promise<ReadonlyMap<string, Digest>> {
  const contracts = [...(await offeredContracts()).values(), ...(await restoringContracts())];
  return new Map(contracts.map((contract) => [contract.name, contractDigest(contract)]));
}

const nowhere = (): never => {
  throw new Fault('there are no files to compare');
};
