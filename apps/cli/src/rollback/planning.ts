import { type Contract } from '@chancery/kernel/contract';
import { type DeclaredManifests } from '@chancery/kernel/manifest';
import { Authority } from '@chancery/runtime/authority';
import { refuse } from '../exit.ts';
import { type Capability } from '@chancery/runtime/broker';
import { readBranchPoint, type BranchPoint } from '@chancery/runtime/drive';
import { entriesOf } from '@chancery/runtime/journal';
import { planUndoing, restoreName, rollbacksOf, type UndoPlan } from '@chancery/runtime/undoing';
import {
  generalCapabilities,
  offeredContracts,
  restoringContracts,
} from '../compose/capabilities.ts';
import { declaredCapabilities, declaredContracts } from '../compose/declared.ts';
import { granted } from '../exit.ts';
import { type OpenLedger } from '../opening.ts';

/** What is to be undone of a run, as it would be planned now. */
export interface Rollback {
  readonly run: string;
  /** Entry of which the state is to be again. */
  readonly to: number;
  readonly from: BranchPoint;
  readonly plan: UndoPlan;
  /** Contracts of what the steps call. */
  readonly contracts: readonly Contract[];
}

/**
 * @throws {RefusalError} `run.unfinished` for a run that can still go on, `usage.invalid` for an entry
 * that it has not got.
 */
export async function planRollback(open: OpenLedger, run: string, to: string): Promise<Rollback> {
  const { store, ledger, keys } = open;
  const from = granted(await readBranchPoint(store, ledger, { run, seq: undefined }));
  if (from.finished === undefined) {
    refuse('run.unfinished', `the run ${run} can still go on`, {
      remedy: 'Resume it, or cancel it: what has ended can be rolled back.',
    });
  }
  const [unended] = (await rollbacksOf(store, ledger, `run:${run}`)).unended;
  if (unended !== undefined) {
    const id = unended.slice('run:'.length);
    refuse('run.unfinished', `the rollback ${id} of the run has not ended`, {
      remedy: 'Resume it, or cancel it: what it has undone is not undone again.',
    });
  }
  const last = from.branched.seq;
  const seq = await entryOf(open, run, to);
  if (seq > last) {
    refuse('usage.invalid', `--to ${to} is no entry of the run`, {
      remedy: `Say --to with one of its entries, 0 to ${last}, with start or with savepoint:NAME.`,
    });
  }
  const { manifests } = await new Authority(store, ledger).policies();
  const capabilities = [
    ...(await generalCapabilities()),
    ...(await declaredCapabilities(manifests, 'all')),
  ];
  const capabilityOf = (name: string): Capability | undefined =>
    capabilities.find(({ contract }) => contract.name === name);
  const room = { store, keys, ledger, capabilityOf };
  const plan = await planUndoing(room, `run:${run}`, { to: seq, seq: last });
  return { run, to: seq, from, plan, contracts: await contractsOf(plan, manifests) };
}

async function contractsOf(
  { steps }: UndoPlan,
  manifests: DeclaredManifests,
): Promise<readonly Contract[]> {
  const offered = await offeredContracts();
  const wanted = new Set(steps.map(({ capability }) => capability));
  const all = [
    ...offered.values(),
    ...(await restoringContracts()),
    ...declaredContracts(manifests).values(),
  ];
  return all.filter(({ name }) => wanted.has(name));
}

/** `start`, the number of an entry, or `savepoint:NAME`: the entry that set it last. */
async function entryOf({ store, ledger }: OpenLedger, run: string, to: string): Promise<number> {
  if (to === 'start') return 0;
  if (/^\d{1,9}$/.test(to)) return Number(to);
  let found: number | undefined;
  if (to.startsWith('savepoint:')) {
    for await (const { entry } of entriesOf(store, `run:${run}`, { ledger })) {
      if (entry.kind !== 'commit') continue;
      if (entry.body.delta.some(({ key }) => key === to)) found = entry.seq;
    }
  }
  return (
    found ??
    refuse('usage.invalid', `--to ${to} is no place of the run`, {
      remedy: 'Say --to with the number of one of its entries, with start or with savepoint:NAME.',
    })
  );
}

/** What a step does, in words. */
export function stepText(capability: string): string {
  return capability === restoreName ? 'the files, byte for byte' : capability;
}
