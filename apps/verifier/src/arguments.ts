import { parseArgs } from 'node:util';
import { isDigest } from '@chancery/kernel/encoding';
import type { AuditTrust } from '@chancery/kernel/audit';
import { refusal, RefusalError } from '@chancery/kernel/refusal';
import { parseVerifierKey, type VerifierKey } from '@chancery/kernel/tree';

export const usage = `Usage: chancery-verify EVIDENCE --ledger ID [options]

Verifies a ledger without its runtime: every link, signature, authority, approval, budget and world,
and whether the tree of its entries is the one that was signed. EVIDENCE is an export
(chancery export), a folder of tiles, or a proof of one thing (chancery prove, with --json or
without). Needs no network and writes nothing.

  --ledger ID        the ledger id, as its owner told you; nothing is believed without it
  --key KEY          a key of the log (name+hash+base64), as often as needed; without any, the keys
                     that the ledger itself trusts to run; a proof takes at least one
  --witness KEY      a key of a witness, as often as needed
  --quorum N         how many of the witnesses must have cosigned (default: all that are given)
  --checkpoint FILE  a checkpoint that you kept, as often as needed: the ledger must go on from it
  --against FILE     what an anchor keeps, one checkpoint after the other, as often as needed: the
                     ledger must go on from each of them; no witness is asked of these
  --ca FILE          PEM file of authorities whose word on times you believe, as often as needed: the
                     timestamps of the export, and those of --timestamp, must be below one of them
  --timestamp FILE   a timestamp that you kept (chancery timestamp request), as often as needed: the
                     ledger must go on from its checkpoint
  --entry FILE       the entry that a proof is about, byte for byte as it is stored
  --json             one JSON line of type "verdict"
  --help             this text

Ends with 0 when all holds, 7 when something does not, 2 when it was asked wrongly, 1 when an anchor
keeps nothing of this ledger, and when there are timestamps and no --ca to judge them by.
`;

export interface Asked {
  readonly evidence: string;
  readonly trust: AuditTrust;
  /** Files of checkpoints that the auditor kept. */
  readonly checkpoints: readonly string[];
  /** Files of what anchors keep. */
  readonly against: readonly string[];
  /** Files of certificates in PEM, of authorities of time. */
  readonly authorities: readonly string[];
  /** Files of timestamps that the auditor kept. */
  readonly timestamps: readonly string[];
  /** File of the entry that a proof is about. */
  readonly entry: string | undefined;
  readonly json: boolean;
}

/**
 * What the command line asks for; undefined when it asks for help.
 * @throws {RefusalError} `usage.invalid`, `verifier.invalid`.
 */
export function readArguments(args: readonly string[]): Asked | undefined {
  const { values, positionals } = parsed(args);
  if (values.help === true) return undefined;
  const [evidence, ...more] = positionals;
  if (evidence === undefined || more.length > 0) throw wrong('name one file or folder');
  const { ledger } = values;
  if (ledger === undefined) throw wrong('--ledger is missing: nothing can be believed without it');
  if (!isDigest(ledger)) throw wrong('a ledger id is 64 hexadecimal digits in lower case');
  const witnesses = (values.witness ?? []).map(keyOf);
  const log = values.key?.map(keyOf);
  const quorum = quorumOf(values.quorum, witnesses.length);
  return {
    evidence,
    trust: { ledger, log, witnesses, quorum },
    checkpoints: values.checkpoint ?? [],
    against: values.against ?? [],
    authorities: values.ca ?? [],
    timestamps: values.timestamp ?? [],
    entry: values.entry,
    json: values.json === true,
  };
}

const options = {
  ledger: { type: 'string' },
  key: { type: 'string', multiple: true },
  witness: { type: 'string', multiple: true },
  quorum: { type: 'string' },
  checkpoint: { type: 'string', multiple: true },
  against: { type: 'string', multiple: true },
  ca: { type: 'string', multiple: true },
  timestamp: { type: 'string', multiple: true },
  entry: { type: 'string' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

function parsed(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw wrong(error.message);
  }
}

function keyOf(text: string): VerifierKey {
  const read = parseVerifierKey(text);
  if (!read.ok) throw new RefusalError(read.refusal);
  return read.value;
}

function quorumOf(asked: string | undefined, witnesses: number): number {
  if (asked === undefined) return witnesses;
  const quorum = Number(asked);
  if (/^[0-9]{1,3}$/.test(asked) && quorum <= witnesses) return quorum;
  throw wrong(`--quorum is a number of 0 to ${witnesses}, for so many witnesses are given`);
}

function wrong(message: string): RefusalError {
  return new RefusalError(
    refusal('usage.invalid', message, { remedy: 'See `chancery-verify --help`.' }),
  );
}
