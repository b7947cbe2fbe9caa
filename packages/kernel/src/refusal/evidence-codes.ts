import type { CodeRow } from './code-row.ts';

/** Why something that is to prove something of a ledger is not believed, or cannot be had. */
export const evidenceCodes = {
  'tile.missing': {
    exit: 7,
    retryable: true,
    remedy: 'Compute the tiles again from the entries of the ledger: `chancery log rebuild`.',
  },
  'tile.invalid': {
    exit: 7,
    retryable: false,
    remedy:
      'Compute the tiles again from the entries (`chancery log rebuild`), or take what came from elsewhere from a copy that verifies.',
  },
  'proof.unavailable': {
    exit: 2,
    retryable: false,
    remedy: 'Ask for what the latest checkpoint covers; `chancery checkpoint` makes a new one.',
  },
  'proof.invalid': {
    exit: 7,
    retryable: false,
    remedy: 'Believe nothing that it was to prove; ask for a proof that fits the checkpoint.',
  },
  'checkpoint.invalid': {
    exit: 7,
    retryable: false,
    remedy: 'Ask for a checkpoint that the keys of this ledger, and enough witnesses, have signed.',
  },
  'checkpoint.mismatch': {
    exit: 7,
    retryable: false,
    remedy:
      'Believe the checkpoint: the ledger that you were given has lost or changed what it covers.',
  },
  'witness.malformed': {
    exit: 2,
    retryable: false,
    remedy:
      'Send `old N`, the hashes of a proof, an empty line and a checkpoint (C2SP tlog-witness).',
  },
  'witness.unknown-log': {
    exit: 2,
    retryable: false,
    remedy: 'Have the witness take the verifier key of this log: `chancery witness --log KEY`.',
  },
  'witness.untrusted': {
    exit: 7,
    retryable: false,
    remedy: 'Have the checkpoint signed by a key of the log that the witness knows.',
  },
  'witness.stale': {
    exit: 8,
    retryable: true,
    remedy: 'Prove that the tree has grown out of the one that was cosigned last.',
  },
  'witness.forked': {
    exit: 7,
    retryable: false,
    remedy:
      'Compare the ledger with the checkpoint that the witness keeps: one of them was written anew.',
  },
  'witness.unreachable': {
    exit: 1,
    retryable: true,
    remedy: 'Start the witness, or mend the way to it, then ask again.',
  },
  'witness.too-few': {
    exit: 1,
    retryable: true,
    remedy: 'Ask again when more witnesses answer, or with a smaller --quorum.',
  },
  'anchor.unreachable': {
    exit: 1,
    retryable: true,
    remedy: 'Check that the anchor is there and can be reached, then try again.',
  },
  'anchor.broken': {
    exit: 7,
    retryable: false,
    remedy: 'Look at what the anchor keeps: it is not what was published there.',
  },
  'anchor.empty': {
    exit: 1,
    retryable: false,
    remedy:
      'Name an anchor that this ledger was published to (chancery anchor), or find out who has emptied it.',
  },
  'timestamp.unreachable': {
    exit: 1,
    retryable: true,
    remedy: 'Check the address of the authority, or name another with --authority.',
  },
  'timestamp.refused': {
    exit: 1,
    retryable: false,
    remedy: 'Ask another authority, or this one later: it says why.',
  },
  'timestamp.invalid': {
    exit: 7,
    retryable: false,
    remedy: 'Believe no time that it tells; ask for another timestamp.',
  },
  'timestamp.mismatch': {
    exit: 7,
    retryable: false,
    remedy: 'Take the timestamp of this very checkpoint: this one attests something else.',
  },
  'timestamp.untrusted': {
    exit: 7,
    retryable: false,
    remedy: 'Name the certificate that the authority answers under with --ca, if you trust it.',
  },
  'timestamp.unjudged': {
    exit: 1,
    retryable: false,
    remedy:
      'Name with --ca the certificate of an authority that you trust, or ask for an export without timestamps.',
  },
  'verifier.invalid': {
    exit: 2,
    retryable: false,
    remedy: 'Give each verifier key once, as name+hash+base64 of an Ed25519 key.',
  },
  'stream.incomplete': {
    exit: 7,
    retryable: false,
    remedy: 'Ask for the entries that are named as missing.',
  },
  'ledger.forked': {
    exit: 8,
    retryable: false,
    remedy:
      'Keep both: compare each with a checkpoint that was kept elsewhere, and use the one that goes on from it.',
  },
  'export.invalid': {
    exit: 7,
    retryable: false,
    remedy: 'Get an unchanged copy of the export, or make it again: nothing of it was used.',
  },
  'export.truncated': {
    exit: 7,
    retryable: true,
    remedy: 'Get the whole file, or finish it where it was made: `chancery export --to FILE`.',
  },
  'export.newer': {
    exit: 2,
    retryable: false,
    remedy: 'Upgrade Chancery: this export was written by a later version.',
  },
  'export.tampered': {
    exit: 7,
    retryable: false,
    remedy: 'Believe nothing of it: ask for an export of a ledger that `chancery verify` passes.',
  },
  'export.foreign': {
    exit: 8,
    retryable: false,
    remedy: 'Import it into a home of its own: name another folder with CHANCERY_HOME.',
  },
  'export.partial': {
    exit: 2,
    retryable: false,
    remedy: 'Import an export of the whole ledger: `chancery export` without --stream.',
  },
  'workspace.incomplete': {
    exit: 7,
    retryable: false,
    remedy:
      'Export without --with-workspaces, or put the snapshots of this home back from a backup.',
  },
} as const satisfies Record<string, CodeRow>;
