import { leafDigest, type Digest } from '../encoding/index.ts';
import { readEntry, type StoredEntry } from '../ledger/index.ts';
import { refusal } from '../refusal/index.ts';
import { findingCodes, type Finding } from '../replay/index.ts';
import { matches } from './head-check.ts';
import { readClaim } from './claim.ts';
import { RootsAt } from './roots-at.ts';
import type { Verdict } from './verdict.ts';

/** What the first pass over a ledger has seen. */
export interface FirstPass {
  /** Sizes of the checkpoints that its entries say were published. */
  readonly sizes: Iterable<number>;
  /** Of all its entries. */
  readonly root: Digest;
}

const anchorStream = 'anchor';

/**
 * Second pass over a ledger: whether the checkpoints that its own entries say were published are those
 * of the entries before them. An entry tells the size after the tree has passed it, so that one pass
 * would have to keep every root. Who signed them, and that they cover no more than was here, the
 * first pass has checked.
 */
export class PublishedAudit {
  private readonly first: FirstPass;
  private readonly roots: RootsAt;
  private readonly findings: Finding[] = [];

  constructor(first: FirstPass) {
    this.first = first;
    this.roots = new RootsAt(first.sizes);
  }

  /** Takes the same entries again, in integration order from position 0. */
  page(page: Iterable<StoredEntry>): void {
    for (const stored of page) {
      if (stored.stream === anchorStream) this.judge(stored);
      this.roots.take(stored, leafDigest(stored.text));
    }
  }

  /** The verdict of the first pass with what the second has found. */
  finish(verdict: Verdict): Verdict {
    const { verification } = verdict;
    const findings = [...verification.findings, ...this.findings];
    const refusals = [...verdict.refusals];
    if (this.roots.root !== this.first.root) {
      refusals.push(refusal('export.tampered', 'the evidence was changed while it was read'));
    }
    const isSound = this.findings.length === 0;
    return {
      ...verdict,
      ok: verdict.ok && isSound && refusals.length === 0,
      verification: { ...verification, ok: verification.ok && isSound, findings },
      refusals,
    };
  }

  private judge(stored: StoredEntry): void {
    const read = readEntry(stored);
    if (!read.ok || read.value.entry.kind !== 'anchor.published') return;
    const claim = readClaim(read.value.entry.body.note);
    const { size } = this.roots;
    if (!claim.ok || claim.value.size > size) return;
    const held = matches(claim.value, this.roots.of(claim.value.size), size);
    if (held.ok) return;
    const { stream, seq, position } = stored;
    const { severity } = findingCodes['anchor.misstated'];
    const { message } = held.refusal;
    this.findings.push({ severity, code: 'anchor.misstated', stream, seq, position, message });
  }
}
