import { entrySchema, type LedgerStore } from '@chancery/kernel/ledger';
import { refuse } from '../exit.ts';
import { findRun } from '../runs/reading.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { visible } from '../terminal/visible.ts';

const form = new RegExp(entrySchema.properties.stream.pattern);
/** What the name of a run, and the beginning of one, looks like. */
const runForm = /^[0-9a-z]{1,64}$/;

/**
 * The stream that is meant: of this name, or that of the run which begins with it. That there is no
 * stream of a name is something that can be proved. Refuses `usage.invalid` for what no stream can be
 * called, `run.unknown`, `run.ambiguous`.
 */
export async function streamNamed(store: LedgerStore, named: string): Promise<string> {
  if (form.test(named)) return named;
  if (runForm.test(named)) return `run:${await findRun(store, named)}`;
  return refuse('usage.invalid', `${JSON.stringify(named)} is no name of a stream`, {
    remedy: 'Name a run as `chancery runs` shows it, or a stream such as ledger or run:RUN.',
  });
}

/** Those of the streams that do not exist, each told to the person who has named it. */
export async function absentOf(
  store: LedgerStore,
  streams: readonly string[],
  terminal: Terminal,
): Promise<readonly string[]> {
  const heads = await store.heads(streams);
  const absent = streams.filter((_, index) => heads[index] === null);
  for (const stream of absent) {
    terminal.note(`there is no stream ${visible(stream)}: this is what is proved of it`);
  }
  return absent;
}
