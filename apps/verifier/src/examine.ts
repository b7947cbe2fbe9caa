import { LedgerAudit, openHead, type AuditTrust, type Verdict } from '@chancery/kernel/audit';
import { type Digest } from '@chancery/kernel/encoding';
import { ExportCheck, type Manifest, type ShownStream } from '@chancery/kernel/export';
import { Fault, refusal, RefusalError, type Result } from '@chancery/kernel/refusal';
import { type ProofOutcome } from './examine-proof.ts';
import { type Evidence, type Page, type TileVerdict } from './evidence.ts';
import { exportEvidence, manifestOf, type Chunks, type OpenChunks } from './export-evidence.ts';

/** Told after each page how many entries were audited. */
export type OnProgress = (entries: number) => void | Promise<void>;

export interface Asked {
  readonly trust: AuditTrust;
  /** Checkpoints that the auditor has from elsewhere. */
  readonly kept: readonly string[];
  /** Those that anchors keep. */
  readonly anchored: readonly string[];
  readonly onProgress: OnProgress;
}

/** What became of evidence of a whole ledger, of some of its streams, or of a single proof. */
export type Outcome =
  | {
      readonly scope: 'ledger';
      readonly verdict: Verdict;
      /** Tiles that hold more than the checkpoint covers. */
      readonly unsignedTiles: number;
    }
  | {
      readonly scope: 'streams';
      readonly ledger: Digest;
      /** Entries that the checkpoint covers. */
      readonly size: number;
      readonly streams: readonly ShownStream[];
    }
  | ProofOutcome;

/**
 * Audits evidence of a whole ledger, with the checkpoints that the auditor has from elsewhere.
 * @throws {RefusalError} when the evidence cannot be read.
 */
export async function examine(evidence: Evidence, asked: Asked): Promise<Outcome> {
  const { trust, kept, anchored, onProgress } = asked;
  let blobs: ReadonlyMap<Digest, Uint8Array> = new Map();
  const audit = new LedgerAudit(trust, {
    checkpoints: [...evidence.checkpoints, ...kept],
    anchored,
    holdsContents: evidence.holdsContents,
    blobs: (digest) => blobs.get(digest),
  });
  await each(evidence, onProgress, (page) => {
    blobs = page.blobs;
    audit.page(page.entries);
  });
  const verdict = audit.finish();
  const second = audit.secondPass();
  const tiles = evidence.tiles();
  if (second === undefined) return judged(verdict, tiles);
  await each(evidence, onProgress, ({ entries }) => second.page(entries));
  return judged(second.finish(verdict), tiles);
}

/** The verdict on the entries together with that on the tiles beside them. */
function judged(verdict: Verdict, tiles: TileVerdict | undefined): Outcome {
  const { refusals: flaws, unsigned } = tiles ?? { refusals: [], unsigned: 0 };
  const refusals = [...verdict.refusals, ...flaws];
  const ok = verdict.ok && flaws.length === 0;
  return { scope: 'ledger', verdict: { ...verdict, ok, refusals }, unsignedTiles: unsigned };
}

async function each(
  { pages }: Evidence,
  onProgress: OnProgress,
  take: (page: Page) => void,
): Promise<void> {
  let entries = 0;
  for await (const page of pages()) {
    take(page);
    entries += page.entries.length;
    await onProgress(entries);
  }
}

/**
 * Audits an export, whole or partial. Of a partial one nothing is shown unless all of it holds.
 * @throws {RefusalError} when it cannot be read, and when what a partial one shows does not hold.
 */
export async function examineExport(open: OpenChunks, asked: Asked): Promise<Outcome> {
  const manifest = await manifestOf(open);
  return manifest.streams === null
    ? examine(exportEvidence(manifest, open), asked)
    : examineStreams(manifest, open(), asked);
}

async function examineStreams(manifest: Manifest, chunks: Chunks, asked: Asked): Promise<Outcome> {
  const { trust, kept, anchored, onProgress } = asked;
  if (kept.length + anchored.length > 0) {
    const message = 'an export of some streams cannot be compared with checkpoints that were kept';
    throw new RefusalError(
      refusal('usage.invalid', message, { remedy: 'Ask for an export of the whole ledger.' }),
    );
  }
  const check = new ExportCheck(trust.ledger);
  let entries = 0;
  for await (const chunk of chunks) {
    const records = granted(check.push(chunk));
    entries += records.filter(({ type }) => type === 'entry').length;
    await onProgress(entries);
  }
  const verdict = granted(check.finish());
  if (verdict.scope !== 'streams') throw new Fault('a partial export shows streams');
  const log = trust.log ?? manifest.keys;
  const { checkpoint } = granted(openHead(manifest.note, { ...trust, log }, undefined));
  const { ledger } = manifest;
  return { scope: 'streams', ledger, size: checkpoint.size, streams: verdict.streams };
}

function granted<T>(result: Result<T>): T {
  if (!result.ok) throw new RefusalError(result.refusal);
  return result.value;
}
