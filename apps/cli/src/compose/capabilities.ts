import { contractDigest, type Contract } from '@chancery/kernel/contract';
import { type Digest } from '@chancery/kernel/encoding';
import { Fault } from '@chancery/kernel/refusal';
import { type Capability } from '@chancery/runtime/broker';

/** Capabilities that need no files of a run to be made. */
export async function generalCapabilities(): Promise<readonly Capability[]> {
  const { fsCapabilities } = await import('@chancery/adapters/capability-fs');
  const { savepoint } = await import('@chancery/adapters/capability-savepoint');
  const { shellCapability } = await import('@chancery/adapters/capability-shell');
  return [...fsCapabilities, savepoint, shellCapability()];
}

/** Whether all that a command runs is understood from its text. */
export async function isClear(command: string): Promise<boolean> {
  const { analyseLine } = await import('@chancery/adapters/capability-shell');
  return analyseLine(command).unclear.length === 0;
}

/** Contracts of everything that a run is offered, by name. */
export async function offeredContracts(): Promise<ReadonlyMap<string, Contract>> {
  const { gitCapabilities } = await import('@chancery/adapters/capability-git');
  const nowhere = (): never => {
    throw new Fault('there are no files to compare');
  };
  const origin = { repository: '', baseCommit: '', baseBranch: null };
  const workspace = { origin, branch: '', changes: nowhere, diff: nowhere };
  const all = [...(await generalCapabilities()), ...gitCapabilities({ workspace, base: '' })];
  const contracts = all.map(({ contract }) => [contract.name, contract] as const);
  return new Map(contracts.sort(([a], [b]) => (a < b ? -1 : 1)));
}

export async function offeredDigests(): Promise<ReadonlyMap<string, Digest>> {
  const contracts = await offeredContracts();
  return new Map([...contracts].map(([name, contract]) => [name, contractDigest(contract)]));
}
