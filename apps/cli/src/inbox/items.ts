import type { RunView } from '@chancery/runtime/projections';
import { readApproval } from '@chancery/runtime/broker';
import type { OpenLedger } from '../opening.ts';
import { doubtedIn } from '../rollback/taking-back.ts';
import { findSuspended } from '../runs/reading.ts';

/** One thing that a human can answer with. */
export interface Choice {
  readonly means: string;
  /** What is typed for it. */
  readonly command: string;
}

/** Something that waits for a human. */
export interface InboxItem {
  readonly run: string;
  readonly task: string;
  readonly what: 'held' | 'in-doubt';
  readonly action: string;
  readonly capability: string;
  readonly reason: string;
  readonly sinceMs: number;
  /** When a hold counts as denied; null for what waits for ever. */
  readonly expiresAtMs: number | null;
  readonly choices: readonly Choice[];
}

/** What a run waits for; undefined where it waits for nobody. `name` is what runs this command. */
export async function itemOf(
  open: OpenLedger,
  view: RunView,
  name: string,
): Promise<InboxItem | undefined> {
  const { status } = view;
  if (status.phase === 'waiting') return heldItem(open, view, name);
  return status.phase === 'in-doubt' ? doubtItem(open, view, name) : undefined;
}

async function heldItem(
  { store }: OpenLedger,
  { run, task, status, lastAtMs }: RunView,
  name: string,
): Promise<InboxItem | undefined> {
  if (status.phase !== 'waiting') return undefined;
  const { action, capability } = status;
  const { approval } = await readApproval(store, action);
  // Answered already: it is only to be resumed.
  if (approval.phase !== 'open') return undefined;
  const suspended = await findSuspended(store, run, action);
  const id = action.slice(0, 12);
  return {
    ...{ run, task, what: 'held', action, capability, reason: status.reason },
    sinceMs: suspended?.nowMs ?? lastAtMs,
    expiresAtMs: approval.request.expiresAt,
    choices: [
      { means: 'let it happen', command: `${name} approve ${id}` },
      { means: 'keep it from happening', command: `${name} deny ${id}` },
    ],
  };
}

async function doubtItem(
  open: OpenLedger,
  { run, task, status, lastAtMs }: RunView,
  name: string,
): Promise<InboxItem | undefined> {
  if (status.phase !== 'in-doubt') return undefined;
  const { action, reason } = status;
  const id = action.slice(0, 12);
  const evidence = '--evidence TEXT';
  const { capability, isTakenBack } = await doubtedIn(open, run, action);
  return {
    ...{ run, task, what: 'in-doubt', action, reason, capability },
    sinceMs: lastAtMs,
    expiresAtMs: null,
    choices: [
      { means: 'it happened', command: `${name} resume ${run} --happened ${id} ${evidence}` },
      {
        means: 'it did not happen: do it again',
        command: `${name} resume ${run} --did-not-happen ${id} ${evidence}`,
      },
      ...(isTakenBack
        ? [
            {
              means: 'it happened: end the run, and take it back',
              command: `${name} resume ${run} --compensate ${id} ${evidence}`,
            },
          ]
        : []),
    ],
  };
}
