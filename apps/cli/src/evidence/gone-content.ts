import { contentsOf, type LedgerStore, type SealedEntry } from '@chancery/kernel/ledger';
import type { StandIn } from '@chancery/runtime/drive';
import { ContentSource, type Gone, type SubjectKeys } from '@chancery/runtime/removal';
import type { Session } from '../session.ts';
import { contentsText, instant } from '../terminal/amounts.ts';
import type { Field } from '../terminal/fields.ts';
import { visible } from '../terminal/visible.ts';

/** What a person reads in the place of a content that is gone. */
export function goneText({ how, by, atMs, reason }: Gone): string {
  if (by === null || atMs === null) return '[sealed, and the key is not here]';
  const why = reason === '' ? '' : `: ${reason}`;
  return `[${how} by ${by} at ${instant(atMs)}${why}]`;
}

/** Puts words in the place of what is gone, and tells a program of it. */
export function tellingGone({ terminal, json }: Session): StandIn {
  return (gone) => {
    if (json) terminal.json({ type: 'gone', ...gone });
    return goneText(gone);
  };
}

/** What of the contents that entries refer to cannot be read. */
export async function goneOf(
  store: LedgerStore,
  entries: readonly SealedEntry[],
  keys: SubjectKeys,
): Promise<readonly Gone[]> {
  const source = new ContentSource(store, keys);
  const gone: Gone[] = [];
  for (const content of entries.flatMap(({ entry }) => contentsOf(entry))) {
    if ('inline' in content) continue;
    const found = await source.read(content.blob);
    if (found.kind === 'gone') gone.push(found.gone);
  }
  return gone;
}

/** A line for each removal, with how many contents it took. */
export function goneFields(gone: readonly Gone[]): readonly Field[] {
  const times = new Map<string, number>();
  for (const each of gone) times.set(goneText(each), (times.get(goneText(each)) ?? 0) + 1);
  return [...times].map(([text, number]) => ['Gone', `${contentsText(number)} ${visible(text)}`]);
}
