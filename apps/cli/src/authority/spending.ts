import { existsSync } from 'node:fs';
import type { Digest } from '@chancery/kernel/encoding';
import {
  spendByModel,
  spendTree,
  type GrantedWrit,
  type ModelSpending,
} from '@chancery/runtime/projections';
import { exitCodes, granted, refuse } from '../exit.ts';
import { reading, type OpenLedger } from '../opening.ts';
import { allRuns, worthKeeping } from '../runs/kept-runs.ts';
import { findRun, viewRun } from '../runs/reading.ts';
import type { Session } from '../session.ts';
import { count, dollars } from '../terminal/amounts.ts';
import { showTable } from '../terminal/table.ts';
import { visible } from '../terminal/visible.ts';
import { showAccounts, type PlacedAccount } from './account-table.ts';
import { findWrit } from './writ-inspection.ts';
import { writNodes, type WritNode } from './writ-nodes.ts';

/** Tells the accounts of all writs as a tree, or of one and those below it, then of each model. */
export async function spending(session: Session, named: string | undefined): Promise<number> {
  return reading(session.home, async (open) => {
    const top = named === undefined ? undefined : await writNamed(open, named);
    const runs = await allRuns(session, open, worthKeeping);
    const writs = await writNodes(open, runs);
    const phases = new Map(writs.map(({ id, phase }) => [id, phase]));
    const accounts = spendTree(writs.map(grantedOf), runs, top).flatMap((node): PlacedAccount[] => {
      const phase = phases.get(node.id);
      return phase === undefined ? [] : [{ ...node, phase }];
    });
    show(session, accounts, spendByModel(accounts));
    return exitCodes.ok;
  });
}

function grantedOf({ id, writ, carved, returned }: WritNode): GrantedWrit {
  return { id, parent: writ.parent, granted: writ.budget, carved, returned };
}

/** The writ that is named, or that the named run acts under. Refuses `run.ambiguous` for what is both. */
async function writNamed(open: OpenLedger, named: string): Promise<Digest> {
  const { store } = open;
  const isRun =
    !existsSync(named) &&
    /^(?:run:)?[0-9a-z]{1,64}$/.test(named) &&
    (await store.streams(`run:${named.replace(/^run:/, '')}`)).length > 0;
  if (!isRun) return granted(await findWrit(open, named)).id;
  const isWrit =
    /^[0-9a-f]{4,64}$/.test(named) && (await store.streams(`writ:${named}`)).length > 0;
  if (isWrit) {
    refuse('run.ambiguous', `a run and a writ begin with ${named}`, {
      remedy: `Write run:${named} or writ:${named}, or more letters.`,
    });
  }
  const { writ } = await viewRun(open, await findRun(store, named));
  return writ;
}

function show(
  { terminal, json }: Session,
  accounts: readonly PlacedAccount[],
  models: readonly ModelSpending[],
): void {
  if (json) {
    for (const account of accounts) terminal.json({ type: 'spend', ...stated(account) });
    for (const model of models) terminal.json({ type: 'spend-model', ...model });
    return;
  }
  if (accounts.length === 0) terminal.line('No writ is recorded yet.');
  else showAccounts(terminal, accounts);
  if (models.length === 0) return;
  terminal.line();
  const rows = models.map(({ model, pricedBy, runs, spent }) => [
    { text: visible(model) },
    { text: count(runs) },
    { text: count(spent.tokens) },
    { text: dollars(spent.costMicrousd) },
    { text: visible(pricedBy.join(', ')) },
  ]);
  showTable(terminal, ['MODEL', 'RUNS', 'TOKENS', 'SPENT', 'PRICED BY'], rows);
}

function stated({ run, ...account }: PlacedAccount): object {
  const acting = run && {
    ...{ run: run.run, model: run.model, pricedBy: run.pricedBy },
    phase: run.status.phase,
  };
  return { ...account, run: acting ?? null };
}
