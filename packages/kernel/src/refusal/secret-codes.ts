import type { CodeRow } from './code-row.ts';

/** Why a secret, or what is locked by a passphrase, cannot be had. */
export const secretCodes = {
  'vault.missing': { exit: 2, retryable: false, remedy: 'Make a vault: `chancery vault init`.' },
  'vault.exists': {
    exit: 8,
    retryable: false,
    remedy: 'Use the vault that is there: `chancery vault list`.',
  },
  'vault.locked': {
    exit: 2,
    retryable: false,
    remedy:
      'Have the passphrase of the vault asked for with --unlock-vault, or name a file with it by CHANCERY_VAULT_PASSPHRASE_FILE.',
  },
  'vault.exposed': {
    exit: 2,
    retryable: false,
    remedy: 'Make the file your own and readable by nobody else: chmod 600.',
  },
  'vault.corrupt': {
    exit: 7,
    retryable: false,
    remedy: 'Restore vault.age and keys/vault.identity of the home from one copy.',
  },
  'vault.busy': {
    exit: 8,
    retryable: true,
    remedy: 'Another process changes the vault: try again when it has ended.',
  },
  'vault.invalid': {
    exit: 2,
    retryable: false,
    remedy: 'See `chancery vault set --help` for names, scopes and values.',
  },
  'vault.unknown-secret': {
    exit: 3,
    retryable: false,
    remedy: 'Name a secret that `chancery vault list` shows, or have it set.',
  },
  'vault.out-of-scope': {
    exit: 3,
    retryable: false,
    remedy: 'Use a secret of this run, its initiative, plan or agent, or have the scope changed.',
  },
  'vault.other-host': {
    exit: 3,
    retryable: false,
    remedy:
      'Have the secret set with the host that it is for (`chancery vault set NAME --host HOST`); in the environment of a command use one that was set without.',
  },
  'passphrase.missing': {
    exit: 2,
    retryable: false,
    remedy:
      'Run it on a terminal, or name a file that holds the passphrase: CHANCERY_PASSPHRASE_FILE for keys, CHANCERY_VAULT_PASSPHRASE_FILE for the vault.',
  },
  'passphrase.wrong': {
    exit: 2,
    retryable: false,
    remedy: 'Give the passphrase that was set last. Without it the contents cannot be had back.',
  },
  'passphrase.invalid': {
    exit: 2,
    retryable: false,
    remedy: 'Give one line of 8 characters or more, twice the same.',
  },
} as const satisfies Record<string, CodeRow>;
