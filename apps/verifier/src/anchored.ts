import type { Digest } from '@chancery/kernel/encoding';
import { refusal, RefusalError } from '@chancery/kernel/refusal';
import { originOf, splitNotes } from '@chancery/kernel/tree';

/**
 * The checkpoints of a ledger in what an anchor keeps: signed notes, one after the other.
 * @throws {RefusalError} `anchor.broken`, and `anchor.empty` where it keeps none of this ledger: that
 * none contradicts it would prove nothing.
 */
export function anchoredIn(text: string, ledger: Digest, name: string): readonly string[] {
  const notes = splitNotes(text);
  if (!notes.ok) throw new RefusalError(notes.refusal);
  const own = notes.value.filter((note) => note.startsWith(`${originOf(ledger)}\n`));
  if (own.length > 0) return own;
  throw new RefusalError(
    refusal('anchor.empty', `${name} keeps no checkpoint of this ledger`, {
      remedy: 'Ask for what was published of this ledger, or find out who has emptied it.',
    }),
  );
}
