import type { RefusalCode } from '@chancery/kernel/refusal';
import type { Named, Row, Rows, Sort } from './row.ts';

const [adapters, kernel] = ['packages/adapters/src', 'packages/kernel/src'];
const [commands, spine] = ['apps/cli/src/commands', 'tests/spine'];

/** The test file, and how its test is called. */
type Shown = readonly [file: string, title: string];

type Codes = Readonly<Partial<Record<RefusalCode, readonly Shown[]>>>;

/** Refused in the way of an action or a run by what is outside: files, processes, a vault. */
const action: Codes = {
  'precondition.failed': [
    [`${spine}/leases.int.test.ts`, 'lends no value that was set after it was decided'],
  ],
  'vault.missing': [[`${spine}/leases.int.test.ts`, 'since it %s refuses, and nothing runs']],
  'vault.exposed': [[`${spine}/leases.int.test.ts`, 'since it %s refuses, and nothing runs']],
  'vault.corrupt': [[`${spine}/leases.int.test.ts`, 'since it %s refuses, and nothing runs']],
  'vault.unknown-secret': [[`${spine}/leases.int.test.ts`, 'does not hold the name']],
  'vault.other-host': [[`${spine}/leases.int.test.ts`, 'are held to for %s']],
  'vault.out-of-scope': [[`${spine}/leases.int.test.ts`, '%s is held to for a run of %j']],
  'sandbox.unavailable': [
    [
      `${adapters}/capability-shell/capability.int.test.ts`,
      'fails for good when there is no sandbox',
    ],
    [
      `${adapters}/sandbox-bubblewrap/sandbox.int.test.ts`,
      'refuses to run, and reports nothing as enforced, without bubblewrap',
    ],
  ],
};

/** A run does not begin, or go on. */
const run: Codes = {
  'clock.unset': [
    [`${adapters}/clock-system/name.test.ts`, 'refuses the time %d, and comes to an end'],
  ],
  'mcp.unreachable': [[`${commands}/import-mcp.int.test.ts`, 'refuses %j']],
  'model.unknown': [[`${commands}/run.int.test.ts`, '%j: %s']],
  'model.no-key': [[`${commands}/run.int.test.ts`, 'no model and no key: says what to set']],
  'model.script-invalid': [
    [`${adapters}/model-scripted/script-parser.test.ts`, '%s is refused, and the place is named'],
    [`${commands}/run.int.test.ts`, '%j: %s'],
  ],
  'run.ambiguous': [
    [
      `${commands}/inspection.int.test.ts`,
      'of an id that nobody has, or that many begin with, is refused',
    ],
  ],
  'rollback.lasting': [[`${commands}/doubt.int.test.ts`, 'is done with when it has happened']],
  'run.unfinished': [[`${commands}/processes.int.test.ts`, 'cannot be applied']],
};

const repository: Codes = {
  'repo.missing': [[`${commands}/repositories.int.test.ts`, 'for a repository that is not there']],
  'repo.not-git': [
    ['tests/bad-input/refusals.int.test.ts', 'with %s: %s'],
    [`${commands}/repositories.int.test.ts`, 'for a folder that is no repository'],
  ],
  'repo.no-commits': [
    [`${commands}/repositories.int.test.ts`, 'for a repository without a commit'],
  ],
  'repo.dirty': [['tests/bad-input/refusals.int.test.ts', 'with %s: %s']],
  'repo.nested': [['tests/bad-input/refusals.int.test.ts', 'with %s: %s']],
  'repo.unreadable': [['tests/bad-input/refusals.int.test.ts', 'with %s: %s']],
  'repo.busy': [[`${adapters}/workspace-git/workspaces.int.test.ts`, 'and %s refuses the result']],
  'repo.conflict': [
    [`${commands}/inspection.int.test.ts`, 'refuses a conflict, and changes nothing'],
  ],
  'workspace.unsupported': [
    [`${commands}/repositories.int.test.ts`, 'is refused, and the run leaves nothing behind'],
  ],
};

const ledger: Codes = {
  'json.invalid': [[`${kernel}/encoding/parse.test.ts`, 'refuses %s']],
  'entry.too-long': [
    [
      `${kernel}/ledger/check-batch.test.ts`,
      'refuses an entry that no bundle can hold before it reads it',
    ],
  ],
  'ledger.conflict': [
    [
      'tests/fail-closed/start.test.ts',
      'a run whose authority changes at every attempt to start it is refused, and leaves nothing',
    ],
  ],
  'ledger.newer': [
    [`${spine}/safeguards.test.ts`, 'takes no run'],
    ['tests/bad-input/refusals.int.test.ts', 'with %s: %s'],
  ],
  'ledger.busy': [
    [
      `${adapters}/store-postgres/faults.int.test.ts`,
      'that waits too long for a lock is busy, writes nothing, and may be tried again',
    ],
  ],
  'snapshot.invalid': [
    [
      'tests/snapshots/snapshots.test.ts',
      'is refused to a key that the ledger does not trust for running',
    ],
    [
      `${kernel}/replay/snapshot.test.ts`,
      'is refused with a signature of a key that may not run, or of more than one',
    ],
  ],
};

const secret: Codes = {
  'key.missing': [['tests/bad-input/refusals.int.test.ts', 'with %s: %s']],
  'key.exposed': [['tests/bad-input/refusals.int.test.ts', 'with %s: %s']],
  'key.invalid': [['tests/bad-input/refusals.int.test.ts', 'with %s: %s']],
  'vault.exists': [
    [
      `${adapters}/vault-age/vault-age.int.test.ts`,
      'is made once, and never in the place of half of one',
    ],
  ],
  'vault.locked': [
    [
      `${adapters}/vault-age/vault-age.int.test.ts`,
      'opens by its passphrase alone, which can be changed and dropped',
    ],
  ],
  'vault.busy': [
    [`${adapters}/vault-age/vault-age.int.test.ts`, 'is changed by another process for too long'],
  ],
  'vault.invalid': [
    [`${adapters}/vault-age/vault-age.int.test.ts`, 'takes no secret with an unfit %s'],
  ],
  'passphrase.missing': [
    [`${commands}/vault.int.test.ts`, 'signs for who has it, and for nobody else'],
  ],
  'passphrase.wrong': [
    [`${commands}/vault.int.test.ts`, 'signs for who has it, and for nobody else'],
  ],
  'passphrase.invalid': [
    [`${commands}/vault.int.test.ts`, 'takes no passphrase of a file that is %s'],
  ],
};

const command: Codes = {
  'usage.invalid': [
    [`${commands}/control.int.test.ts`, 'is not asked of for what cannot be said'],
    ['apps/cli/src/authority/grants.test.ts', '%j is refused, with what to write'],
  ],
};

const notice: Codes = {
  'hook.invalid': [
    [
      `${adapters}/hooks-folder/hooks.int.test.ts`,
      'are refused where a file holds %j, until it is removed',
    ],
    [
      `${commands}/notify.int.test.ts`,
      'is not told, and this is said, where its file cannot be read',
    ],
  ],
  'hook.exists': [[`${commands}/notify.int.test.ts`, 'takes a name once']],
  'hook.unknown': [
    [
      `${adapters}/hooks-folder/hooks.int.test.ts`,
      'have names of their own, and forms that can be read',
    ],
  ],
  'hook.unreachable': [
    [`${adapters}/notify-webhook/webhook.int.test.ts`, 'has not arrived with status %i'],
    [`${commands}/notify.int.test.ts`, 'that nobody answers is said to be so'],
  ],
};

const removal: Codes = {
  'content.erased': [
    [
      `${spine}/erase.int.test.ts`,
      'makes its contents unreadable and no others, and the ledger verifies',
    ],
  ],
  'content.pruned': [
    [
      `${spine}/prune.test.ts`,
      'makes reading what is gone a refusal that names who and why, and shows words for it',
    ],
  ],
  'subject.unknown': [
    [
      `${spine}/erase.int.test.ts`,
      'makes its contents unreadable and no others, and the ledger verifies',
    ],
  ],
};

const evidence: Codes = {
  'tile.missing': [
    [
      'tests/ledger/log.int.test.ts',
      'does not go on from tiles, a checkpoint or a ledger that were changed',
    ],
  ],
  'tile.invalid': [
    [
      `${commands}/proving.int.test.ts`,
      'is no proof when a tile was changed: it is refused, and nothing is printed',
    ],
  ],
  'proof.unavailable': [
    [`${commands}/proving.int.test.ts`, 'is nothing before there is a checkpoint'],
  ],
  'proof.invalid': [[`${kernel}/tree/checkpoint.test.ts`, 'does not hold for %s']],
  'checkpoint.invalid': [
    [
      `${commands}/proving.int.test.ts`,
      'does not believe a checkpoint that no key of the ledger has signed',
    ],
  ],
  'checkpoint.mismatch': [
    [
      `${commands}/proving.int.test.ts`,
      'tells when the ledger was cut off or written anew after a checkpoint',
    ],
  ],
  'witness.malformed': [[`${kernel}/witness/witness.test.ts`, '%s is malformed']],
  'witness.unknown-log': [[`${kernel}/witness/witness.test.ts`, 'does not know other logs']],
  'witness.untrusted': [
    [`${kernel}/witness/witness.test.ts`, 'believes the keys of the log alone'],
  ],
  'witness.stale': [
    [`${kernel}/witness/witness.test.ts`, 'tells its own size to whoever believes another'],
  ],
  'witness.forked': [
    [
      `${kernel}/witness/witness.test.ts`,
      'cosigns nothing that is smaller, forked or without its proof',
    ],
    [
      `${commands}/witness.int.test.ts`,
      'does not cosign a copy that was restored and went on otherwise',
    ],
  ],
  'witness.unreachable': [
    [`${adapters}/log-http/witness.int.test.ts`, 'refuses with %s what is answered with %i %j'],
  ],
  'witness.too-few': [
    [`${commands}/witness.int.test.ts`, 'needs as many witnesses as are asked for'],
  ],
  'anchor.unreachable': [
    [`${commands}/anchor.int.test.ts`, 'that fails keeps nobody from the others'],
  ],
  'anchor.broken': [
    [
      `${commands}/anchor.int.test.ts`,
      'is broken when what it keeps was changed, and takes nothing more then',
    ],
  ],
  'anchor.empty': [
    [
      `${commands}/anchor.int.test.ts`,
      'proves nothing when it is missing, empty, or keeps what is of others',
    ],
  ],
  'timestamp.unreachable': [
    [`${commands}/timestamp.int.test.ts`, 'is not had of an authority that does not answer'],
  ],
  'timestamp.refused': [
    [`${commands}/timestamp.int.test.ts`, 'that the authority refuses is told with its reason'],
  ],
  'timestamp.invalid': [
    [`${commands}/timestamp.int.test.ts`, 'is refused with another checkpoint put into its file'],
  ],
  'timestamp.mismatch': [
    [`${commands}/timestamp.int.test.ts`, 'is of one checkpoint, and of no other'],
  ],
  'timestamp.untrusted': [
    [`${commands}/timestamp.int.test.ts`, 'is not believed by who trusts another authority'],
  ],
  'timestamp.unjudged': [
    [
      'tests/verifier/timestamps.int.test.ts',
      'are not called verified by who trusts no authority, and not called false',
    ],
  ],
  'verifier.invalid': [
    [
      `${kernel}/tree/note.test.ts`,
      'are not looked at when two of the given keys cannot be told apart',
    ],
  ],
  'stream.incomplete': [
    [`${kernel}/tree/completeness.test.ts`, 'of which one in between is missing are not complete'],
  ],
};

const transfer: Codes = {
  'ledger.forked': [
    [
      'tests/ledger/transfer.int.test.ts',
      'refuses a fork of itself, and another ledger, and is as it was',
    ],
  ],
  'export.invalid': [
    [
      `${commands}/transfer.int.test.ts`,
      'refuses what is damaged, cut short, of another ledger, or not there',
    ],
  ],
  'export.truncated': [
    [
      `${commands}/transfer.int.test.ts`,
      'refuses what is damaged, cut short, of another ledger, or not there',
    ],
  ],
  'export.newer': [
    [
      'tests/ledger/transfer.int.test.ts',
      'writes nothing of an export of a later version, of some streams, or of another ledger',
    ],
  ],
  'export.tampered': [
    [
      `${kernel}/export/check.test.ts`,
      'is refused when an entry was rewritten and its head signed anew',
    ],
  ],
  'export.foreign': [
    [
      'tests/ledger/transfer.int.test.ts',
      'writes nothing of an export of a later version, of some streams, or of another ledger',
    ],
  ],
  'export.partial': [
    [
      'tests/ledger/transfer.int.test.ts',
      'writes nothing of an export of a later version, of some streams, or of another ledger',
    ],
  ],
  'workspace.incomplete': [
    [
      `${commands}/export-workspaces.int.test.ts`,
      'is not written where a recorded file is gone or was altered',
    ],
  ],
};

const sorts: Readonly<Partial<Record<Sort, Codes>>> = {
  ...{ action, run, repository, ledger, secret, command },
  ...{ notice, removal, evidence, transfer },
};

/** What tests elsewhere show of codes that are refused here too. */
const here: Codes = {
  'control.halted': [
    [`${spine}/controls.test.ts`, 'no run begins under it (%s)'],
    [
      `${spine}/host-switch.test.ts`,
      'that locks writes is named by every refusal that it makes, and what looks goes on',
    ],
  ],
  'args.invalid': [
    ['tests/fail-closed/bad-answer.test.ts', '%s is refused, recorded and not done'],
  ],
  'workspace.drifted': [
    [`${spine}/broker.test.ts`, 'is not written to when somebody else has changed it'],
  ],
  'policy.denied': [
    [
      'tests/fail-closed/unsafe.int.test.ts',
      'nothing runs without a sandbox under the default policy, whatever the flag says',
    ],
  ],
};

/** A test elsewhere that finds a code where it expects it. */
export interface ShownElsewhere extends Named {
  readonly code: string;
}

export const shownElsewhere: readonly ShownElsewhere[] = [...Object.values(sorts), here].flatMap(
  (codes) =>
    Object.entries(codes).flatMap(([code, shown]) =>
      shown.map(([file, title]) => ({ code, file, title })),
    ),
);

/** What a test elsewhere alone shows: mostly one of processes, or of bytes that no action stands behind. */
export const elsewhereRows: Rows = Object.fromEntries(
  Object.entries(sorts).flatMap(([sort, codes]) =>
    Object.keys(codes).map((code): [string, Row] => [code, { sort: sort as Sort, cases: [] }]),
  ),
);
