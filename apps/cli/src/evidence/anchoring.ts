import type { Digest, Signer } from '@chancery/kernel/encoding';
import type { PublishedRecord } from '@chancery/kernel/audit';
import { readEntry, type Body, type LedgerStore } from '@chancery/kernel/ledger';
import { done, refused, type Result } from '@chancery/kernel/refusal';
import { originOf } from '@chancery/kernel/tree';
import { placeText, type AnchorPlace } from './anchor-place.ts';
import { Journal } from '@chancery/runtime/journal';
import { openClock } from '../compose/house.ts';
import { anchorSourceAt } from '../compose/publication.ts';
import type { OpenLedger } from '../opening.ts';
import { latestMsOf } from '../authority/signing.ts';

const anchorStream = 'anchor';
const pageSize = 1_000;

/** What a place keeps of a ledger. */
export interface Published {
  /** The place, as the ledger records it. */
  readonly place: string;
  readonly notes: readonly string[];
}

/**
 * The checkpoints of a ledger that a place keeps. Refuses `anchor.empty` where it keeps none of this
 * ledger, and none was `recorded` to be there: that none contradicts it would prove nothing. Refuses
 * also as the anchor does.
 */
export async function publishedAt(
  at: AnchorPlace,
  ledger: Digest,
  recorded: readonly PublishedRecord[],
): Promise<Result<Published>> {
  const published = await (await anchorSourceAt(at, ledger)).published();
  if (!published.ok) return published;
  const place = placeText(at);
  const notes = published.value.filter((note) => note.startsWith(`${originOf(ledger)}\n`));
  const isKnown = recorded.some((record) => record.place === place);
  if (notes.length > 0 || isKnown) return done({ place, notes });
  return refused('anchor.empty', `${place} keeps no checkpoint of this ledger`);
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
export async function recordedAnchors(store: LedgerStore): Promise<readonly PublishedRecord[]> {
  const records: PublishedRecord[] = [];
  for (let seq = 0; ;) {
    const page = await store.read(anchorStream, seq, pageSize);
    for (const stored of page) {
      const read = readEntry(stored);
      if (read.ok && read.value.entry.kind === 'anchor.published') {
        const { stream, seq: at, position } = stored;
        records.push({ at: { stream, seq: at, position }, ...read.value.entry.body });
      }
    }
    seq += page.length;
    if (page.length < pageSize) return records;
  }
}
