import type { Digest } from '../encoding/index.ts';
import type { Entry } from '../ledger/index.ts';
import {
  ledgerVerifier,
  openCheckpoint,
  originOf,
  parseCheckpoint,
  parseNote,
} from '../tree/index.ts';
import { headSigners, type Trust } from '../writ/index.ts';
import type { Findings, Place } from './finding.ts';

/**
 * A checkpoint that was published is one of this ledger, signed by a key that may run, of no more
 * entries than were here before it. Whether the entries give its root, whoever knows its size
 * beforehand can tell: see `CheckpointAudit`.
 */
export function checkAnchor(
  place: Place,
  { body: { note } }: Entry<'anchor.published'>,
  surroundings: {
    readonly ledger: Digest;
    readonly trust: Trust | undefined;
    readonly findings: Findings;
  },
): void {
  const { ledger, trust, findings } = surroundings;
  if (trust === undefined) return;
  const claimed = parseNote(note);
  const claim = claimed.ok ? parseCheckpoint(claimed.value.text) : claimed;
  const running = claim.ok ? headSigners(trust, claim.value.size) : [];
  const opened = openCheckpoint(note, {
    origin: originOf(ledger),
    log: running.map((key) => ledgerVerifier(ledger, key)),
    witnesses: [],
    quorum: 0,
  });
  if (!opened.ok) {
    findings.add('anchor.misstated', place, opened.refusal.message);
    return;
  }
  const { size } = opened.value.checkpoint;
  if (size <= place.position) return;
  const why = `a checkpoint of ${size} entries was published when ${place.position} were here`;
  findings.add('anchor.misstated', place, why);
}
