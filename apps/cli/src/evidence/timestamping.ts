import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { CheckpointAudit } from '@chancery/kernel/audit';
import { leafDigest } from '@chancery/kernel/encoding';
import {
  checkReply,
  formatTimestampFile,
  parseTimestampFile,
  readTrusted,
  type AttestedTime,
} from '@chancery/kernel/timestamp';
import { parseCheckpoint, parseNote, type Checkpoint } from '@chancery/kernel/tree';
import { Authority } from '@chancery/runtime/authority';
import { openSigned, type SignedCheckpoint } from '@chancery/runtime/transparency';
import type { LedgerSource } from '@chancery/runtime/snapshots';
import { openClock } from '../compose/house.ts';
import { foundedKey } from '../compose/keys.ts';
import { timeAuthorityOf } from '../compose/log.ts';
import { exitCodes, granted, refuse, systemCodeOf } from '../exit.ts';
import { grownHead } from './grown-head.ts';
import type { Home } from '../home.ts';
import { logKeys } from './log-keys.ts';
import { reading } from '../opening.ts';
import type { Session } from '../session.ts';
import { count, duration } from '../terminal/amounts.ts';
import { showFields } from '../terminal/fields.ts';
import { offText } from '../terminal/jump.ts';
import { visible } from '../terminal/visible.ts';
import { textIn, writeNewText } from '../text-file.ts';

export interface RequestedTimestamp {
  readonly authority: string;
  /** File of certificates in PEM. */
  readonly ca: string;
  readonly out?: string;
}

/** Has the head of the ledger attested by an authority, and keeps what it says. */
export async function requestTimestamp(
  session: Session,
  { authority: url, ca, out }: RequestedTimestamp,
): Promise<number> {
  const { home, env } = session;
  const authority = granted(await timeAuthorityOf(url, textIn(ca)));
  return reading(home, async (open) => {
    const signer = granted(await foundedKey(home.runtimeKey, env));
    const signed = await grownHead(home, open, signer);
    const { reply, time } = granted(await authority.attest(bytesOf(signed.note)));
    const file = out ?? join(folderFor(home), nameFor(signed, time));
    writeNewText(file, formatTimestampFile({ reply, checkpoint: signed.note }));
    show(session, file, signed.checkpoint, time);
    const off = offText((await openClock(0)).nowMs() - time.timeMs, time.accuracyMs ?? 0);
    if (off !== undefined) session.terminal.note(off);
    return exitCodes.ok;
  });
}

export interface CheckedTimestamp {
  readonly ca: string;
  /** File of a checkpoint that was kept. */
  readonly checkpoint?: string;
  /** Whether no ledger is looked into, and no home. */
  readonly alone?: boolean;
}

/**
 * Checks a timestamp that was kept, and that the ledger goes on from its checkpoint; alone, that it is
 * of a checkpoint which whoever asks has from elsewhere, and nothing of who signed that.
 */
export async function verifyTimestamp(
  session: Session,
  file: string,
  { ca, checkpoint: expected, alone = false }: CheckedTimestamp,
): Promise<number> {
  if (alone && expected === undefined) {
    return refuse('usage.invalid', 'say with --checkpoint what the timestamp has to be of');
  }
  const trusted = granted(readTrusted(textIn(ca)));
  const { reply, checkpoint: note } = granted(parseTimestampFile(textIn(file)));
  if (expected !== undefined && textIn(expected) !== note) {
    return refuse('timestamp.mismatch', `${file} is not of the checkpoint in ${expected}`);
  }
  const time = granted(checkReply(reply, { content: bytesOf(note), trusted }));
  if (alone) {
    const { text } = granted(parseNote(note));
    show(session, file, granted(parseCheckpoint(text)), time);
    return exitCodes.ok;
  }
  return reading(session.home, async (source) => {
    const signed = openSigned(note, source.ledger, await logKeys(source.store, source.ledger));
    await checkGoesOn(source, signed);
    show(session, file, signed.checkpoint, time);
    return exitCodes.ok;
  });
}

const pageSize = 1_024;

/** Refuses `checkpoint.mismatch` where the ledger does not go on from a head that was signed. */
async function checkGoesOn(
  { store, ledger }: LedgerSource,
  { checkpoint, note }: SignedCheckpoint,
): Promise<void> {
  const audit = new CheckpointAudit([note]);
  for (let position = 0; position < checkpoint.size; position += pageSize) {
    const page = await store.readAll(position, pageSize);
    for (const stored of page) audit.take(stored, leafDigest(stored.text));
  }
  const known = await new Authority(store, ledger).trust();
  audit.judge({ ledger, witnesses: [], quorum: 0 }, known).forEach(granted);
}

/** The bytes of a note that are attested: all of them, its signatures too. */
function bytesOf(note: string): Uint8Array {
  return new TextEncoder().encode(note);
}

/** Where timestamps are kept, for the user alone. Refuses `ledger.unreachable`. */
function folderFor({ timestamps }: Home): string {
  try {
    mkdirSync(timestamps, { recursive: true, mode: 0o700 });
    return timestamps;
  } catch (error) {
    const code = systemCodeOf(error);
    if (code === undefined) throw error;
    return refuse('ledger.unreachable', `${timestamps} cannot be made (${code})`);
  }
}

/** Sorted by what it covers, then by time. */
function nameFor({ checkpoint }: SignedCheckpoint, { timeMs, serial }: AttestedTime): string {
  const time = new Date(timeMs).toISOString().replaceAll(/[-:]|\.\d+/g, '');
  return `${String(checkpoint.size).padStart(12, '0')}-${time}-${serial.slice(-8)}.timestamp`;
}

function show(
  { terminal, json }: Session,
  file: string,
  { origin, size, root }: Checkpoint,
  time: AttestedTime,
): void {
  if (json) {
    terminal.json({ type: 'timestamp', file, size, root, ...time });
    return;
  }
  const { timeMs, accuracyMs, authority, policy, serial } = time;
  const at = new Date(timeMs)
    .toISOString()
    .replace('T', ' ')
    .replace('.000Z', 'Z')
    .replace('Z', ' UTC');
  showFields(terminal, [
    ['Attested', accuracyMs === null ? at : `${at}, give or take ${duration(accuracyMs)}`],
    ['By', visible(authority)],
    ['Number', `${serial} under policy ${policy}`],
    ['Covers', visible(`the first ${count(size)} entries of ${origin}`)],
    ['File', visible(file)],
  ]);
}
