import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { readEntry } from '@chancery/kernel/ledger';
import { isTrustedFor } from '@chancery/kernel/writ';
import { Authority } from '@chancery/runtime/authority';
import { sealedTask } from '@chancery/runtime/drive';
import {
  keepUp,
  keptFromStart,
  restoreKept,
  runList,
  saveKept,
  type Kept,
  type RunList,
  type RunView,
} from '@chancery/runtime/projections';
import { foundedKey, keyIn } from '../compose/keys.ts';
import { systemCodeOf } from '../exit.ts';
import type { OpenLedger } from '../opening.ts';
import { taskOf, viewOf } from './reading.ts';
import type { Session } from '../session.ts';
import { visible } from '../terminal/visible.ts';

/** Entries after which the list is worth being kept anew. */
export const worthKeeping = 1_000;

/**
 * The views of all runs. What was folded before is kept in the home, signed, and goes on from where it
 * ends; it is kept anew when at least `leastNew` entries have followed. What does not hold is told,
 * and everything is folded again.
 */
export async function allRuns(
  session: Session,
  open: OpenLedger,
  leastNew: number,
): Promise<readonly RunView[]> {
  const before = await restored(session, open);
  const { position } = before;
  const kept = await keepUp(open.store, runList, before);
  if (kept.position - position >= leastNew) await keep(session, open, kept);
  const { state } = kept;
  const views: RunView[] = [];
  for (const view of state.ended.values()) views.push(await withTask(open, view));
  for (const facts of state.open.values()) views.push(await viewOf(open, facts));
  return views;
}

/** The list never holds a task that is sealed: it is opened for each showing. */
async function withTask(open: OpenLedger, view: RunView): Promise<RunView> {
  if (view.task !== sealedTask) return view;
  const [stored] = await open.store.read(`run:${view.run}`, 0, 1);
  const read = stored === undefined ? undefined : readEntry(stored);
  if (read?.ok !== true || read.value.entry.kind !== 'run.started') return view;
  return { ...view, task: await taskOf(open, read.value.entry.body) };
}

async function restored(
  { home, terminal }: Session,
  { store, ledger }: OpenLedger,
): Promise<Kept<RunList>> {
  const bytes = bytesIn(home.keptRuns);
  if (bytes === undefined) return keptFromStart(runList);
  const trust = await new Authority(store, ledger).trust();
  const isTrusted = (key: string): boolean => isTrustedFor(trust, key, 'run');
  const read = await restoreKept(store, runList, bytes, { ledger, isTrusted });
  if (read.ok) return read.value;
  const { code, message } = read.refusal;
  terminal.note(terminal.paint.yellow(`${code}: ${home.keptRuns}: ${visible(message)}`));
  terminal.note('  It was passed over, and all entries were folded again.');
  return keptFromStart(runList);
}

/** Without the key of the runtime nothing can be signed, and so nothing is kept; nobody is asked for it. */
async function keep(
  { home, env, terminal }: Session,
  { ledger }: OpenLedger,
  kept: Kept<RunList>,
): Promise<void> {
  const present = await keyIn(home.runtimeKey);
  if (!present.ok || present.value.sealed) return;
  const key = await foundedKey(home.runtimeKey, env);
  if (!key.ok) return;
  const bytes = saveKept(runList, kept, { ledger, by: key.value });
  const file = home.keptRuns;
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    const fresh = `${file}.${process.pid}`;
    writeFileSync(fresh, bytes, { mode: 0o600 });
    renameSync(fresh, file);
  } catch (error) {
    const code = systemCodeOf(error);
    if (code === undefined) throw error;
    terminal.note(`the list of runs could not be kept in ${file} (${code})`);
  }
}

function bytesIn(file: string): Uint8Array | undefined {
  try {
    return readFileSync(file);
  } catch (error) {
    if (systemCodeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}
