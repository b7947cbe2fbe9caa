import { LedgerAudit, openHead, type AuditTrust, type Verdict } from '@chancery/kernel/audit';
import type { Digest } from '@chancery/kernel/encoding';
import { ExportCheck, type Manifest, type ShownStream } from '@chancery/kernel/export';
import { Fault, refusal, RefusalError, type Result } from '@chancery/kernel/refusal';
import type { AttestedHead, Certificate, TimestampFile } from '@chancery/kernel/timestamp';
import type { ProofOutcome } from './examine-proof.ts';
import type { Evidence, Page, TileVerdict } from './evidence.ts';
import { exportEvidence, manifestOf, type Chunks, type OpenChunks } from './export-evidence.ts';
import { judgeTimes, type TimeVerdict } from './times.ts';

/** Told after each page how many entries were audited. */
export type OnProgress = (entries: number) => void | Promise<void>;

export interface Asked {
  readonly trust: AuditTrust;
  /** Checkpoints that the auditor has from elsewhere. */
  readonly kept: readonly string[];
  /** Those that anchors keep. */
  readonly anchored: readonly string[];
  /** Timestamps that he has from elsewhere. */
  readonly timestamps: readonly TimestampFile[];
  /** Whose word on times he believes. */
  readonly authorities: readonly Certificate[];
  readonly onProgress: OnProgress;
}

/** What became of evidence of a whole ledger, of some of its streams, or of a single proof. */
export type Outcome =
  | {
      readonly scope: 'ledger';
      readonly verdict: Verdict;
      /** Times that are attested by who is trusted. */
      readonly times: readonly AttestedHead[];
      /** Tiles that hold more than the checkpoint covers. */
      readonly unsignedTiles: number;
    }
  | {
      readonly scope: 'streams';
      readonly ledger: Digest;
      /** Entries that the checkpoint covers. */
      readonly size: number;
      readonly streams: readonly ShownStream[];
      readonly times: readonly AttestedHead[];
    }
  | ProofOutcome;

/**
 * Audits evidence of a whole ledger, with the checkpoints that the auditor has from elsewhere.
 * @throws {RefusalError} when the evidence cannot be read.
 */
export async function examine(evidence: Evidence, asked: Asked): Promise<Outcome> {
  const { trust, kept, anchored, authorities, onProgress } = asked;
  const timestamps = [...evidence.timestamps, ...asked.timestamps];
  let blobs: ReadonlyMap<Digest, Uint8Array> = new Map();
  const audit = new LedgerAudit(trust, {
    checkpoints: [...evidence.checkpoints, ...kept],
    anchored,
    attested: timestamps.map(({ checkpoint }) => checkpoint),
    holdsContents: evidence.holdsContents,
    blobs: (digest) => blobs.get(digest),
  });
  await each(evidence, onProgress, (page) => {
    blobs = page.blobs;
    audit.page(page.entries);
  });
  const verdict = audit.finish();
  const second = audit.secondPass();
  const beside = { tiles: evidence.tiles(), ...judgeTimes(timestamps, authorities) };
  if (second === undefined) return judged(verdict, beside);
  await each(evidence, onProgress, ({ entries }) => second.page(entries));
  return judged(second.finish(verdict), beside);
}

interface Beside extends TimeVerdict {
  readonly tiles: TileVerdict | undefined;
}

/** The verdict on the entries together with that on the tiles and timestamps beside them. */
function judged(verdict: Verdict, { tiles, times, refusals: untimely }: Beside): Outcome {
  const { refusals: flaws, unsigned: unsignedTiles } = tiles ?? { refusals: [], unsigned: 0 };
  const refusals = [...verdict.refusals, ...flaws, ...untimely];
  const ok = verdict.ok && flaws.length + untimely.length === 0;
  return { scope: 'ledger', verdict: { ...verdict, ok, refusals }, times, unsignedTiles };
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
  const { trust, kept, anchored, authorities, onProgress } = asked;
  const isOther = asked.timestamps.some(({ checkpoint }) => checkpoint !== manifest.note);
  if (kept.length + anchored.length > 0 || isOther) {
    const message = 'an export of some streams cannot be compared with checkpoints that were kept';
    throw new RefusalError(
      refusal('usage.invalid', message, { remedy: 'Ask for an export of the whole ledger.' }),
    );
  }
  const check = new ExportCheck(trust.ledger, authorities);
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
  const timestamps = [...manifest.timestamps, ...asked.timestamps];
  const { times, refusals } = judgeTimes(timestamps, authorities);
  if (refusals[0] !== undefined) throw new RefusalError(refusals[0]);
  const { ledger } = manifest;
  return { scope: 'streams', ledger, size: checkpoint.size, streams: verdict.streams, times };
}

function granted<T>(result: Result<T>): T {
  if (!result.ok) throw new RefusalError(result.refusal);
  return result.value;
}
