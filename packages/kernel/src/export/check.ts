import type { Digest } from '../encoding/index.ts';
import type { Verification } from '../replay/index.ts';
import { assert, done, refusal, type Refusal, type Result } from '../refusal/index.ts';
import type { Certificate } from '../timestamp/index.ts';
import type { Manifest } from './manifest.ts';
import { ExportReader, type ExportRecord } from './reader.ts';
import { StreamCheck, type ShownStream } from './stream-check.ts';
import { timesOf, type Times } from './times.ts';
import { WholeCheck } from './whole-check.ts';

/** What an export that verifies has shown. */
export type ExportVerdict = { readonly manifest: Manifest; readonly times: Times } & (
  | { readonly scope: 'ledger'; readonly verification: Verification }
  | { readonly scope: 'streams'; readonly streams: readonly ShownStream[] }
);

/**
 * Verifies an export that comes in chunks, in one pass: everything that `verifyLedger` looks at, the
 * blobs, the tree, the ends of the streams and the signature of the checkpoint. Trusts the pinned ledger
 * id, and nothing else; without one, that which the export names. Of timestamps it believes those of
 * the trusted authorities; without any, it counts those that are not wrong in themselves.
 *
 * Refuses what `ExportReader` refuses, `export.foreign`, `export.tampered`, and what `checkReply` does.
 * Nothing of an export is to be believed before `finish` has given its verdict.
 */
export class ExportCheck {
  readonly #pinned: Digest | undefined;
  readonly #trusted: readonly Certificate[];
  readonly #reader = new ExportReader();
  #manifest: Manifest | undefined;
  #check: WholeCheck | StreamCheck | undefined;

  constructor(pinned?: Digest, trusted: readonly Certificate[] = []) {
    this.#pinned = pinned;
    this.#trusted = trusted;
  }

  /** What becomes complete with this chunk. */
  push(chunk: Uint8Array): Result<readonly ExportRecord[]> {
    const records = this.#reader.push(chunk);
    if (!records.ok) return records;
    for (const record of records.value) {
      const wrong = this.#take(record);
      if (wrong !== undefined) return { ok: false, refusal: wrong };
    }
    return records;
  }

  /** Told that no more bytes come. */
  finish(): Result<ExportVerdict> {
    const whole = this.#reader.finish();
    if (!whole.ok) return whole;
    const [manifest, check] = [this.#manifest, this.#check];
    assert(manifest !== undefined && check !== undefined, 'a whole export has a first line');
    const times = timesOf(manifest.timestamps, this.#trusted);
    if (!times.ok) return times;
    const shown = { manifest, times: times.value };
    if (check instanceof WholeCheck) {
      const verification = check.finish();
      return verification.ok
        ? done({ ...shown, scope: 'ledger', verification: verification.value })
        : verification;
    }
    const streams = check.finish();
    return streams.ok ? done({ ...shown, scope: 'streams', streams: streams.value }) : streams;
  }

  #take(record: ExportRecord): Refusal | undefined {
    switch (record.type) {
      case 'manifest':
        return this.#begin(record.manifest);
      case 'stream':
        return this.#check instanceof StreamCheck ? this.#check.open(record.proof) : undefined;
      case 'entry':
        return this.#check?.take(record.entry);
      case 'object':
      case 'end':
        return undefined;
    }
  }

  #begin(manifest: Manifest): Refusal | undefined {
    const { ledger, streams } = manifest;
    if (this.#pinned !== undefined && ledger !== this.#pinned) {
      return refusal('export.foreign', `it is an export of the ledger ${ledger}`);
    }
    this.#manifest = manifest;
    this.#check = streams === null ? new WholeCheck(manifest) : new StreamCheck(manifest);
    return undefined;
  }
}
