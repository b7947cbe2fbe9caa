import type { Digest } from '../encoding/index.ts';
import type { Head, SealedEntry } from '../ledger/index.ts';
import type { Findings, Place } from './finding.ts';

interface Link {
  readonly place: Place;
  readonly digest: Digest;
  /** What is wrong with it has been told already. */
  readonly faulty: boolean;
  /** The entry before, when `prev` is not its digest: one of the two was altered. */
  readonly suspect: Place | undefined;
}

/**
 * Links of every stream. Where a link does not hold, the entry at fault is the later one, unless
 * what follows confirms it: then it is the earlier one.
 */
export class ChainCheck {
  private readonly ledger: Digest;
  private readonly findings: Findings;
  private readonly last = new Map<string, Link>();

  constructor(ledger: Digest, findings: Findings) {
    this.ledger = ledger;
    this.findings = findings;
  }

  get streams(): number {
    return this.last.size;
  }

  /** Takes an entry that could be read. Returns whether it goes on from what was there before. */
  take(place: Place, { entry, digest }: SealedEntry): boolean {
    const before = this.last.get(place.stream);
    const follows = this.follows(place, before);
    if (follows === 'again') return false;
    let suspect: Place | undefined;
    let faulty = false;
    if (before === undefined && place.seq === 0) faulty = !this.begins(place, entry.prev ?? digest);
    else if (follows === 'next' && before !== undefined) {
      const settled = this.link(before, entry.prev);
      if (settled === 'open') suspect = before.place;
    }
    this.last.set(place.stream, { place, digest, faulty, suspect });
    return follows === 'next' && !faulty;
  }

  /** Takes the place of an entry that could not be read; it has been told. */
  skip(place: Place, digest: Digest): void {
    const before = this.last.get(place.stream);
    if (this.follows(place, before) === 'again') return;
    this.last.set(place.stream, { place, digest, faulty: true, suspect: undefined });
  }

  /** Compares the ends of the streams with their heads, as the store or the export tells them. */
  finish(heads: ReadonlyMap<string, Head>): void {
    for (const [stream, head] of heads) {
      const last = this.last.get(stream);
      if (last === undefined || last.place.seq < head.seq) {
        const place = last?.place ?? { stream, seq: 0, position: 0 };
        this.findings.add('stream.truncated', place, `the head is entry ${head.seq}`);
      }
    }
    for (const [stream, last] of this.last) {
      const head = heads.get(stream);
      if (head === undefined || head.seq < last.place.seq) {
        this.findings.add('stream.broken', last.place, 'the heads do not tell of this entry');
      } else if (head.seq === last.place.seq && this.link(last, head.digest) === 'open') {
        this.findings.add('entry.altered', last.place, 'the head names another digest');
      }
    }
  }

  private follows(place: Place, before: Link | undefined): 'next' | 'later' | 'again' {
    const expected = before === undefined ? 0 : before.place.seq + 1;
    if (place.seq === expected) return 'next';
    this.findings.add('stream.broken', place, `entry ${expected} of the stream is expected here`);
    return place.seq > expected ? 'later' : 'again';
  }

  private begins(place: Place, from: Digest): boolean {
    if (from === this.ledger) return true;
    this.findings.add('ledger.foreign', place, `it belongs to the ledger ${from}`);
    return false;
  }

  /** Whether `named`, by which the successor names `link`, leaves open which of the two is at fault. */
  private link(link: Link, named: Digest | null): 'closed' | 'open' {
    const holds = named === link.digest;
    if (holds && link.suspect !== undefined) {
      this.findings.add('entry.altered', link.suspect, 'the next entry names another digest');
    }
    if (!holds && link.suspect !== undefined) {
      this.findings.add('entry.altered', link.place, 'neither of its neighbours knows it');
    }
    return holds || link.faulty || link.suspect !== undefined ? 'closed' : 'open';
  }
}
