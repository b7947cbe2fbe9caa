/** What verification finds of signed checkpoints, and of the places that keep them. */
export const headCodes = {
  'checkpoint.mismatch': {
    severity: 'tampered',
    means: 'The ledger has lost or changed what the checkpoint covers.',
  },
  'checkpoint.invalid': {
    severity: 'tampered',
    means: 'What is kept is no checkpoint that a key of this ledger has signed.',
  },
  'checkpoint.missing': {
    severity: 'drift',
    means: 'The home has lost its latest checkpoint, which the ledger was not compared with.',
  },
  'anchor.broken': {
    severity: 'tampered',
    means: 'What the anchor keeps is not what was published there.',
  },
  'anchor.empty': {
    severity: 'tampered',
    means: 'The anchor keeps nothing of this ledger: that it contradicts nothing proves nothing.',
  },
  'anchor.unreachable': {
    severity: 'drift',
    means: 'The ledger was not compared with what the anchor keeps.',
  },
} as const;

export type HeadCode = keyof typeof headCodes;

export function isHeadCode(code: string): code is HeadCode {
  return Object.hasOwn(headCodes, code);
}
