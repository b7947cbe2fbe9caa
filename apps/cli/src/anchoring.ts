import { type Digest, type Signer } from '@chancery/kernel/encoding';
import { readEntry, type Body, type LedgerStore } from '@chancery/kernel/ledger';
import { done, refused, type Result } from '@chancery/kernel/refusal';
import { originOf } from '@chancery/kernel/tree';
import { parsePlace, placeText } from './anchor-place.ts';
import { Journal } from '@chancery/runtime/journal';
import { anchorSourceAt, openClock } from './compose.ts';
import { type OpenLedger } from './opening.ts';
import { latestMsOf } from './signing.ts';

const anchorStream = 'anchor';
const pageSize = 1_000;

/**
 * The checkpoints of a ledger that a place keeps. Refuses `anchor.empty` where it keeps none of this
 * ledger: that none contradicts it would prove nothing. Refuses also as the anchor does.
 */
export async function publishedAt(
  text: string,
  ledger: Digest,
): Promise<Result<readonly string[]>> {
  const place = parsePlace(text);
  if (!place.ok) return place;
  const published = await (await anchorSourceAt(place.value, ledger)).published();
  if (!published.ok) return published;
  const own = published.value.filter((note) => note.startsWith(`${originOf(ledger)}\n`));
  if (own.length > 0) return done(own);
  return refused('anchor.empty', `${placeText(place.value)} keeps no checkpoint of this ledger`);
}

/** Records that a checkpoint is kept at a place, whoever writes at the same moment. */
export async function recordAnchor(
  { store, ledger }: OpenLedger,
  signer: Signer,
  body: Body<'anchor.published'>,
): Promise<void> {
  const floorMs = await latestMsOf(store, anchorStream);
  const journal = new Journal({ store, ledger, by: signer.id, clock: await openClock(floorMs) });
  for (;;) {
    const heads = new Map([[anchorStream, await store.head(anchorStream)]]);
    const draft = { stream: anchorStream, kind: 'anchor.published', body } as const;
    if ((await journal.append(heads, [draft])).kind === 'written') return;
  }
}

/**
 * The checkpoints that the ledger says were published. An entry that cannot be read is left to
 * verification, which names it.
 */
export async function recordedAnchors(store: LedgerStore): Promise<readonly string[]> {
  const notes: string[] = [];
  for (let seq = 0; ;) {
    const page = await store.read(anchorStream, seq, pageSize);
    for (const stored of page) {
      const read = readEntry(stored);
      if (read.ok && read.value.entry.kind === 'anchor.published') {
        notes.push(read.value.entry.body.note);
      }
    }
    seq += page.length;
    if (page.length < pageSize) return notes;
  }
}
