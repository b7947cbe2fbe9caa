import { DigestMap, type Digest } from '../encoding/index.ts';
import { causes, type BatchMark, type Kind, type SealedEntry } from '../ledger/index.ts';
import type { Findings, Place } from './finding.ts';

const kinds = Object.keys(causes) as readonly Kind[];
const numbers = new Map(kinds.map((kind, number) => [kind, number]));

/** The order of the whole ledger: no gap, whole batches, causes before effects and of their kind. */
export class OrderCheck {
  private readonly findings: Findings;
  /** Of each entry so far, the number of its kind. */
  private readonly kinds = new DigestMap();
  private nextPosition = 0;
  private batch: { readonly mark: BatchMark; readonly place: Place } | undefined;
  /** After an entry that could not be read, nobody knows what batch it belonged to. */
  private unknown = false;

  constructor(findings: Findings) {
    this.findings = findings;
  }

  /** Takes the place of any entry, before it is read. */
  arrive(place: Place): void {
    if (place.position !== this.nextPosition) {
      this.findings.add('ledger.gap', place, `position ${this.nextPosition} is expected here`);
    }
    this.nextPosition = place.position + 1;
  }

  take(place: Place, { entry, digest }: SealedEntry): void {
    const { cause, batch, kind } = entry;
    this.checkCause(place, kind, cause);
    this.kinds.set(digest, numbers.get(kind) ?? 0);
    if (!this.unknown && !goesOn(this.batch?.mark, batch)) {
      this.findings.add('batch.broken', place, 'it is not the next of the batch');
    }
    this.batch = { mark: batch, place };
    this.unknown = false;
  }

  /** Takes the place of an entry that could not be read. */
  skip(): void {
    this.unknown = true;
  }

  finish(): void {
    if (this.batch === undefined || this.unknown) return;
    const { mark, place } = this.batch;
    if (mark.index + 1 !== mark.size) {
      this.findings.add(
        'batch.broken',
        place,
        `of ${mark.size} members, ${mark.index + 1} are here`,
      );
    }
  }

  private checkCause(place: Place, kind: Kind, cause: Digest | null): void {
    const causing = cause === null ? null : this.kindOf(cause);
    if (causing === undefined) {
      this.findings.add('cause.unknown', place, `${cause ?? ''} is not an earlier entry`);
    } else if (!causes[kind].includes(causing)) {
      this.findings.add('cause.misplaced', place, `${causing ?? 'nothing'} is told as its cause`);
    }
  }

  private kindOf(digest: Digest): Kind | undefined {
    const number = this.kinds.get(digest);
    return number === undefined ? undefined : kinds[number];
  }
}

function goesOn(before: BatchMark | undefined, { id, index, size }: BatchMark): boolean {
  if (before === undefined || before.index + 1 === before.size) return index === 0 && size >= 1;
  return id === before.id && size === before.size && index === before.index + 1;
}
