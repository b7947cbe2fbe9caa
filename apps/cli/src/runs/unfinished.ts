import type { Begun } from '@chancery/runtime/projections';
import { foldRunState } from '@chancery/runtime/snapshots';
import type { OpenLedger } from '../opening.ts';
import { ownName } from '../own-name.ts';
import type { Session } from '../session.ts';
import { showFields, type Field } from '../terminal/fields.ts';
import { visible } from '../terminal/visible.ts';
import { hostAuthority, listed } from './listed.ts';
import { stepsFrom } from './next-steps.ts';
import { viewOf } from './reading.ts';

/**
 * Tells of a run that has not ended what it has begun without an end on the ledger, and the commands
 * that go on with it: where nobody drives it, what was begun was cut off.
 */
export async function showUnfinished(
  session: Session,
  open: OpenLedger,
  run: string,
  begun: readonly Begun[],
): Promise<void> {
  const { terminal, json, home } = session;
  const { state } = await foldRunState(open, `run:${run}`);
  const view = await viewOf(open, state);
  const authority = await hostAuthority(session, open);
  const stands = await listed(home, view, { store: open.store, authority });
  const name = ownName(session.env);
  const command = state.started?.agent.kind === 'mcp' ? 'mcp --resume' : 'resume';
  const next = stepsFrom(stands, { name, goOn: `${name} ${command} ${run}` });
  const { status, driven, answer, halted } = stands;
  if (status.phase === 'finished') return;
  if (json) {
    terminal.json({ type: 'unfinished', run, status, driven, answer, halted, begun, next });
    return;
  }
  const fields = [
    ...begun.map((each): Field => [driven ? 'At work' : 'Cut off', begunText(each)]),
    ...next.map((step, index): Field => [index === 0 ? 'Next' : '', step]),
  ];
  if (fields.length === 0) return;
  terminal.line();
  showFields(terminal, fields);
}

function begunText({ seq, what, about }: Begun): string {
  return `${visible(about === '' ? what : `${what} ${about}`)}: began at entry ${seq}, its end is not recorded`;
}
