import type { CodeRow } from './code-row.ts';
import { evidenceCodes } from './evidence-codes.ts';
import { secretCodes } from './secret-codes.ts';

/**
 * The closed list of reasons for which Chancery says no. A code is compatibility: it is recorded,
 * documented and mapped to an exit code. The remedy is what a person can do about it.
 */
export const refusalCodes = {
  'control.halted': {
    exit: 5,
    retryable: true,
    remedy: 'Clear the control that is engaged (chancery clear), then try again.',
  },
  'intent.malformed': {
    exit: 3,
    retryable: false,
    remedy: 'Send an intent with exactly the documented fields.',
  },
  'intent.replayed': {
    exit: 3,
    retryable: false,
    remedy: 'Use a nonce that this trajectory has not seen.',
  },
  'writ.void': {
    exit: 3,
    retryable: false,
    remedy: 'Present a writ of this ledger whose digest, signature and chain are intact.',
  },
  'writ.untrusted': {
    exit: 3,
    retryable: false,
    remedy: 'Have the writ issued by a key that the ledger trusts for issuing.',
  },
  'writ.widened': {
    exit: 3,
    retryable: false,
    remedy: 'Ask for no more than the parent writ grants.',
  },
  'writ.not-yours': {
    exit: 3,
    retryable: false,
    remedy: 'Act with the key that the writ names as its subject.',
  },
  'writ.revoked': { exit: 3, retryable: false, remedy: 'Ask the issuer for a new writ.' },
  'writ.closed': {
    exit: 8,
    retryable: false,
    remedy: 'Issue another writ: this one has given its budget back.',
  },
  'writ.in-use': {
    exit: 8,
    retryable: true,
    remedy: 'End the runs and close the writs below it first.',
  },
  'writ.expired': {
    exit: 3,
    retryable: false,
    remedy: 'Ask the issuer for a writ with a later window.',
  },
  'writ.early': { exit: 3, retryable: true, remedy: 'Wait until the window of the writ opens.' },
  'capability.unknown': {
    exit: 3,
    retryable: false,
    remedy: 'Use one of the capabilities that are offered.',
  },
  'capability.changed': {
    exit: 3,
    retryable: false,
    remedy: 'Review the changed contract and start a run that pins it.',
  },
  'capability.broken': {
    exit: 3,
    retryable: false,
    remedy: 'Use another capability, and tell whoever keeps this one what it threw.',
  },
  'writ.not-granted': {
    exit: 3,
    retryable: false,
    remedy: 'Use a granted capability, or ask for a writ that grants this one.',
  },
  'args.invalid': {
    exit: 3,
    retryable: false,
    remedy: 'Send arguments that satisfy the input schema of the capability.',
  },
  'args.escapes': {
    exit: 3,
    retryable: false,
    remedy: 'Name a path inside the workspace that leads to no place outside it.',
  },
  'args.secret': {
    exit: 3,
    retryable: false,
    remedy: 'Pass a vault handle in place of the literal secret.',
  },
  'routing.malformed': {
    exit: 3,
    retryable: false,
    remedy:
      'Give the evidence in the documented form and with its own digest, or leave it out: no decision needs it.',
  },
  'writ.out-of-scope': {
    exit: 3,
    retryable: false,
    remedy: 'Stay within the scope of the grant, or ask for a wider writ.',
  },
  'writ.effect-exceeded': {
    exit: 3,
    retryable: false,
    remedy: 'Use a capability of a permitted effect, or ask for a writ that permits this effect.',
  },
  'precondition.failed': {
    exit: 3,
    retryable: true,
    remedy: 'Read the present state and propose again from it.',
  },
  'budget.exhausted': { exit: 6, retryable: false, remedy: 'Ask for a writ with a larger budget.' },
  'policy.denied': {
    exit: 3,
    retryable: false,
    remedy: 'Follow the advice of the rule, or have the policy changed.',
  },
  'policy.error': {
    exit: 3,
    retryable: false,
    remedy: 'Have the rule that failed to evaluate corrected.',
  },
  'approval.denied': {
    exit: 3,
    retryable: false,
    remedy: 'Propose something else: a human denied this action.',
  },
  'approval.expired': {
    exit: 3,
    retryable: false,
    remedy: 'Propose the action again and have it approved in time.',
  },
  'approval.unknown': {
    exit: 2,
    retryable: false,
    remedy: 'List what waits with `chancery runs`, and name one of these.',
  },
  'approval.not-approver': {
    exit: 3,
    retryable: false,
    remedy: 'Vote with a key that the request lists, and that is not the proposer.',
  },
  'approval.closed': {
    exit: 8,
    retryable: false,
    remedy: 'Nothing is left to do: this request has been decided.',
  },
  'approval.unreachable': {
    exit: 3,
    retryable: false,
    remedy:
      'Have more approvers named on the channel (`chancery channels define`), or fewer asked.',
  },
  'approval.passed-on': {
    exit: 8,
    retryable: true,
    remedy: 'Look again: another channel is asked now, and its approvers vote on a new request.',
  },
  'channel.invalid': {
    exit: 2,
    retryable: false,
    remedy: 'Say it otherwise: `chancery channels list` shows the channels that there are.',
  },
  'channel.unknown': {
    exit: 2,
    retryable: false,
    remedy: 'Name a channel that `chancery channels list` shows.',
  },
  'prices.invalid': {
    exit: 2,
    retryable: false,
    remedy:
      'Correct the price table at the place that is named: `chancery prices template FILE` writes one to begin with.',
  },
  'programs.invalid': {
    exit: 2,
    retryable: false,
    remedy:
      'Correct the file at the place that is named: `chancery programs check FILE` looks at it.',
  },
  'programs.unknown': {
    exit: 2,
    retryable: false,
    remedy: 'Name a program that `chancery programs list` shows.',
  },
  'manifest.invalid': {
    exit: 2,
    retryable: false,
    remedy:
      'Correct the manifest at the place that is named: `chancery capability lint FILE` looks at it.',
  },
  'manifest.unknown': {
    exit: 2,
    retryable: false,
    remedy: 'Name a capability that `chancery capability list` shows as declared.',
  },
  'mcp.unreachable': {
    exit: 1,
    retryable: true,
    remedy:
      'Start the server by hand to see whether it answers. In the sandbox it has no network, and sees the system and what --share names.',
  },
  'delegation.invalid': {
    exit: 2,
    retryable: false,
    remedy: 'Delegate from the key of an approver to that of another human, for a time to come.',
  },
  'delegation.unknown': {
    exit: 2,
    retryable: false,
    remedy: 'Name a delegation that `chancery approvers list` shows as given.',
  },
  'grant.not-rememberable': {
    exit: 3,
    retryable: false,
    remedy: 'Approve it without --remember, or have the policy itself changed.',
  },
  'grant.unknown': {
    exit: 2,
    retryable: false,
    remedy: 'Name one that `chancery grants list` shows.',
  },
  'entry.unknown-kind': {
    exit: 3,
    retryable: false,
    remedy: 'Use a kind of the catalogue, or upgrade Chancery.',
  },
  'entry.invalid': {
    exit: 3,
    retryable: false,
    remedy: 'Write a body that satisfies the schema of its kind.',
  },
  'json.invalid': {
    exit: 2,
    retryable: false,
    remedy: 'Send canonical JSON: integers only, unique keys, well-formed strings, depth up to 64.',
  },
  'envelope.invalid': {
    exit: 3,
    retryable: false,
    remedy: 'Present an envelope whose payload is canonical and whose signature verifies.',
  },
  'policy.not-signer': {
    exit: 3,
    retryable: false,
    remedy:
      'Sign with a key that the ledger trusts for sign-policy: `chancery keys list` shows them.',
  },
  'policy.invalid': {
    exit: 2,
    retryable: false,
    remedy: 'Correct the policy text at the place that is named.',
  },
  'ledger.conflict': {
    exit: 8,
    retryable: true,
    remedy: 'Somebody else wrote first: read again and decide again.',
  },
  'ledger.missing': { exit: 2, retryable: false, remedy: 'Run `chancery init` first.' },
  'ledger.exists': {
    exit: 8,
    retryable: false,
    remedy: 'Use the ledger that is there, or name another folder with CHANCERY_HOME.',
  },
  'ledger.newer': {
    exit: 2,
    retryable: false,
    remedy: 'Upgrade Chancery: this ledger was written by a later version.',
  },
  'snapshot.invalid': {
    exit: 7,
    retryable: false,
    remedy:
      'Take another with `chancery snapshot`; `chancery verify` tells whether the ledger is whole.',
  },
  'ledger.corrupt': {
    exit: 7,
    retryable: false,
    remedy: 'Run `chancery verify`, then restore the ledger from a copy that verifies.',
  },
  'ledger.unreachable': {
    exit: 1,
    retryable: true,
    remedy: 'Check that the folder of the ledger exists, is writable and has room.',
  },
  'ledger.busy': {
    exit: 8,
    retryable: true,
    remedy: 'Another process owns the ledger and does not answer: wait for it, or end it.',
  },
  'clock.unset': {
    exit: 2,
    retryable: true,
    remedy: 'Set the clock of this machine, then try again.',
  },
  'key.missing': {
    exit: 2,
    retryable: false,
    remedy: 'Name a key file that exists, or make one with `chancery init`.',
  },
  'key.exists': {
    exit: 8,
    retryable: false,
    remedy: 'Name another key: one that exists is never overwritten.',
  },
  'key.invalid': {
    exit: 2,
    retryable: false,
    remedy: 'Name an Ed25519 key file that was made by Chancery.',
  },
  'key.not-root': {
    exit: 3,
    retryable: false,
    remedy: 'Sign with the keys of as many roots as `chancery keys list` says must agree.',
  },
  'key.unknown': {
    exit: 2,
    retryable: false,
    remedy:
      'Name a key that `chancery keys list` shows with a purpose; where writs name another, revoke them.',
  },
  'key.ended': {
    exit: 8,
    retryable: false,
    remedy: 'Nothing is left to say of it: `chancery keys list` tells since when it has ended.',
  },
  'key.is-root': {
    exit: 3,
    retryable: false,
    remedy: 'Roots are those of the genesis: found another ledger, and import this one to be read.',
  },
  'key.needed': {
    exit: 3,
    retryable: false,
    remedy: 'Trust another key to run first, or let one take its place: chancery keys rotate NAME.',
  },
  'key.not-yet': {
    exit: 2,
    retryable: false,
    remedy: 'Say a size that the ledger has: `chancery log` tells where each entry stands.',
  },
  'key.exposed': {
    exit: 2,
    retryable: false,
    remedy: 'Make the key file readable by its owner only: chmod 600.',
  },
  'repo.missing': { exit: 2, retryable: false, remedy: 'Name a folder that exists with --repo.' },
  'repo.not-git': {
    exit: 2,
    retryable: false,
    remedy: 'Run `git init` there and commit once, or name a git repository with --repo.',
  },
  'repo.no-commits': {
    exit: 2,
    retryable: false,
    remedy: 'Commit once: a run starts from a commit.',
  },
  'repo.dirty': {
    exit: 2,
    retryable: false,
    remedy: 'Commit or stash your changes, or pass --allow-dirty to start from the last commit.',
  },
  'repo.nested': {
    exit: 2,
    retryable: false,
    remedy: 'Remove the nested repository or submodule: its contents cannot be recorded.',
  },
  'repo.conflict': {
    exit: 8,
    retryable: false,
    remedy: 'Resolve by hand: your branch moved, or your checkout has changes in these files.',
  },
  'repo.busy': {
    exit: 8,
    retryable: true,
    remedy:
      'Another git works there: wait until it has ended, then say this again. Where none does, one was cut off: remove the lock file that is named.',
  },
  'repo.unreadable': {
    exit: 2,
    retryable: false,
    remedy: 'Make the repository readable and its folder writable for you.',
  },
  'workspace.drifted': {
    exit: 8,
    retryable: false,
    remedy: 'The working tree changed outside the run: roll back to the recorded tree or cancel.',
  },
  'workspace.unsupported': {
    exit: 2,
    retryable: false,
    remedy: 'Remove or ignore the file that is named: a snapshot cannot hold it.',
  },
  'sandbox.unavailable': {
    exit: 3,
    retryable: false,
    remedy: 'Install bubblewrap (apt-get install bubblewrap), then run `chancery doctor`.',
  },
  'run.unknown': {
    exit: 2,
    retryable: false,
    remedy: 'List the runs with `chancery runs`, and name one of these.',
  },
  'run.ambiguous': { exit: 2, retryable: false, remedy: 'Give more letters of the run id.' },
  'run.finished': {
    exit: 8,
    retryable: false,
    remedy: 'Start a new run: this one has ended.',
  },
  'run.unfinished': {
    exit: 8,
    retryable: true,
    remedy: 'Resume the run, or cancel it, first.',
  },
  'rollback.lasting': {
    exit: 3,
    retryable: false,
    remedy: 'See what stays (--dry-run), and say --leave-lasting to undo the rest.',
  },
  'run.driven': {
    exit: 8,
    retryable: true,
    remedy: 'Another process drives this run: follow it with `chancery show RUN --follow`.',
  },
  'model.unknown': {
    exit: 2,
    retryable: false,
    remedy: 'Name a model as provider:name, for example anthropic:claude-sonnet-4-5.',
  },
  'model.unpriced': {
    exit: 2,
    retryable: false,
    remedy:
      'Give its price with --price INPUT,OUTPUT in micro-USD per 1,000 tokens, or declare one for all runs with `chancery prices declare`.',
  },
  'model.no-key': {
    exit: 2,
    retryable: false,
    remedy: 'Set the API key of the provider in the environment.',
  },
  'model.script-invalid': {
    exit: 2,
    retryable: false,
    remedy: 'Correct the script file at the place that is named.',
  },
  'execution.in-doubt': {
    exit: 4,
    retryable: false,
    remedy: 'Find out whether the effect happened, then tell with `chancery resume RUN`.',
  },
  'content.erased': {
    exit: 2,
    retryable: false,
    remedy: 'Nothing brings it back: the subject was erased, and the key is destroyed.',
  },
  'subject.unknown': {
    exit: 2,
    retryable: false,
    remedy: 'Name a subject as a run was given it with --subject; one that is erased has no key.',
  },
  'content.pruned': {
    exit: 2,
    retryable: false,
    remedy:
      'Look for a copy that was exported before; its digest, in the entry, tells whether it is the one.',
  },
  'entry.too-long': {
    exit: 3,
    retryable: false,
    remedy: 'Record less in one entry: 65,535 bytes of text at most, the rest as a blob.',
  },
  'hook.invalid': {
    exit: 2,
    retryable: false,
    remedy: 'Mend the hook, or remove it and add it anew: `chancery notify remove`, `notify add`.',
  },
  'hook.exists': { exit: 2, retryable: false, remedy: 'Choose another name for the hook.' },
  'hook.unknown': {
    exit: 2,
    retryable: false,
    remedy: 'Name one that `chancery notify list` shows.',
  },
  'hook.unreachable': {
    exit: 1,
    retryable: true,
    remedy: 'Mend what the hook leads to; nothing is lost: `chancery notify send` tells it again.',
  },
  ...evidenceCodes,
  ...secretCodes,
  'usage.invalid': { exit: 2, retryable: false, remedy: 'See --help.' },
} as const satisfies Record<string, CodeRow>;

export type RefusalCode = keyof typeof refusalCodes;
