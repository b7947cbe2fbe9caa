import type { Contract } from '@chancery/kernel/contract';
import type { DeclaredManifests } from '@chancery/kernel/manifest';
import { Authority } from '@chancery/runtime/authority';
import { refuse } from '../exit.ts';
import type { Capability } from '@chancery/runtime/broker';
import { readBranchPoint, type BranchPoint } from '@chancery/runtime/drive';
import {
  goingOn,
  planUndoing,
  restoreName,
  rollbacksOf,
  type Lasting,
  type UndoPlan,
  type UndoRoom,
} from '@chancery/runtime/undoing';
import {
  generalCapabilities,
  offeredContracts,
  restoringContracts,
} from '../compose/capabilities.ts';
import { declaredCapabilities, declaredContracts } from '../compose/declared.ts';
import { granted } from '../exit.ts';
import type { OpenLedger } from '../opening.ts';
import { placeOf, type Place } from './place.ts';

/** What is to be undone of a run, as it would be planned now. */
export interface Rollback {
  readonly run: string;
  /** Entry of which the state is to be again. */
  readonly to: number;
  readonly from: BranchPoint;
  readonly plan: UndoPlan;
  /** Contracts of what the steps call. */
  readonly contracts: readonly Contract[];
  /** The savepoint that the run took over from another one, and whose files are to be again. */
  readonly toSavepoint: string | undefined;
  /** What left the machine since that savepoint in runs that this one goes on from: it stays. */
  readonly inherited: readonly (Lasting & { readonly run: string })[];
  /** Runs that go on from what is to be undone, each before what it goes on from. */
  readonly children: readonly string[];
}

/**
 * The same for a run and, before it, for all that go on from what is to be undone: these from their
 * start on. Refuses as `planRollback` does, for any of them.
 */
export async function planWithChildren(
  open: OpenLedger,
  run: string,
  to: string,
): Promise<readonly Rollback[]> {
  const whole = await planRollback(open, run, to);
  const planned: Rollback[] = [];
  for (const child of whole.children) planned.push(await planRollback(open, child, 'start'));
  return [...planned, whole];
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
  const place = await placeOf(open, run, to);
  const { seq, toSavepoint } = place;
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
  const plan = await planUndoing(room, `run:${run}`, { to: seq, seq: last, toSavepoint });
  const children = await goingOn(store, `run:${run}`, seq);
  return {
    ...{ run, to: seq, from, plan, contracts: await contractsOf(plan, manifests), toSavepoint },
    inherited: await inheritedOf(room, place),
    children: children.map((stream) => stream.slice('run:'.length)),
  };
}

async function inheritedOf(room: UndoRoom, { inherited }: Place): Promise<Rollback['inherited']> {
  const left: Rollback['inherited'][number][] = [];
  for (const { run, ...stretch } of inherited) {
    const { steps, lasting } = await planUndoing(room, `run:${run}`, stretch);
    const outside = steps.filter(({ capability }) => capability !== restoreName);
    const undoable = outside.flatMap(({ commits, capability }) =>
      commits.map((entry) => ({ entry, capability })),
    );
    left.push(...[...undoable, ...lasting].map((each) => ({ run, ...each })));
  }
  return left;
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
