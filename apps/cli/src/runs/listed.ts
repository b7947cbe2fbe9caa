import type { ApprovalOutcome } from '@chancery/domain/approvals';
import { strongest, type ControlMode } from '@chancery/kernel/control';
import type { LedgerStore } from '@chancery/kernel/ledger';
import { Authority } from '@chancery/runtime/authority';
import type { RunView } from '@chancery/runtime/projections';
import { switchOf } from '../compose/house.ts';
import { switchRedactor } from '../secrets/guarding.ts';
import type { Home } from '../home.ts';
import type { OpenLedger } from '../opening.ts';
import type { Session } from '../session.ts';
import { isDriven } from './driven.ts';
import { answerOf } from './reading.ts';

/** A run with whether a process is at it, and what humans have said to what it waits for. */
export interface Listed extends RunView {
  readonly driven: boolean;
  readonly answer: ApprovalOutcome | null;
  readonly halted: ControlMode | null;
}

/** What gives and takes authority, the switch file of this host among it. */
export async function hostAuthority(
  session: Session,
  { store, ledger }: Pick<OpenLedger, 'store' | 'ledger'>,
): Promise<Authority> {
  const host = await switchOf(session.home, await switchRedactor(session));
  return new Authority(store, ledger, host);
}

export async function listed(
  home: Home,
  view: RunView,
  { store, authority }: { readonly store: LedgerStore; readonly authority: Authority },
): Promise<Listed> {
  const answer = await answerOf(store, view);
  if (view.status.phase === 'finished') return { ...view, driven: false, answer, halted: null };
  const { controls } = await authority.standing(view.run, view.writ);
  const halted = strongest(controls)?.mode ?? null;
  return { ...view, driven: await isDriven(home, view.run), answer, halted };
}
