import { controlModes } from '@chancery/kernel/control';
import { catalogue, entrySchema, type Schema } from '@chancery/kernel/ledger';
import {
  any,
  closed,
  count,
  digest,
  integer,
  line,
  listOf,
  oneOf,
  orNull,
  text,
  truth,
  type JsonLine,
  type Members,
  keyId,
} from './json-line.ts';
import { keyLines } from './authority/json-lines.ts';
import { capabilityLines } from './capabilities/json-lines.ts';
import { channelLines } from './channels/json-lines.ts';
import { comparingLines } from './comparing/json-lines.ts';
import { delegationLines } from './delegations/json-lines.ts';
import { inboxLines } from './inbox/json-lines.ts';
import { notificationLines } from './notifications/json-lines.ts';
import { policyLines } from './policies/json-lines.ts';
import { priceLines } from './prices/json-lines.ts';
import { programLines } from './programs/json-lines.ts';
import { grantLines } from './remembered/json-lines.ts';
import { rollbackLines } from './rollback/json-lines.ts';
import { routingLines } from './routing/json-lines.ts';
import { understandingLines } from './understanding/json-lines.ts';
import { vaultLines } from './vault/json-lines.ts';

const finished = catalogue['run.finished'].properties;
const staged = catalogue['proposal.staged'].properties;
const suspended = catalogue['proposal.suspended'].properties;
const rejected = catalogue['proposal.rejected'].properties;
const started = catalogue['execution.started'].properties;
const failed = catalogue['execution.failed'].properties;
const committed = catalogue.commit.properties;
const requested = catalogue['approval.requested'].properties;
const resolved = catalogue['approval.resolved'].properties;

const why = closed({ code: text, message: text, remedy: text, rules: listOf(text) });

const timelineLine = closed({
  seq: count,
  atMs: count,
  mark: oneOf(
    ...['start', 'turn', 'step', 'model', 'done', 'refused'],
    ...['held', 'approved', 'failed', 'doubt', 'end'],
  ),
  minor: truth,
  what: text,
  detail: text,
  action: orNull(digest),
  why: orNull(why),
});

const status: Schema = {
  anyOf: [
    closed({ phase: { const: 'open' } }),
    closed({
      phase: { const: 'waiting' },
      ...{ action: digest, capability: text, about: text },
      ...{ channel: text, rule: text, reason: text },
    }),
    closed({ phase: { const: 'in-doubt' }, action: digest, reason: text }),
    closed({
      phase: { const: 'finished' },
      ...{ outcome: finished.outcome, reason: text, commit: orNull(text), worldDigest: digest },
    }),
  ],
};

const view: Members = {
  run: text,
  ...{ task: text, model: text, pricedBy: text, repository: text, baseCommit: text },
  ...{ branch: text, worktree: text, writ: digest },
  ...{ startedAtMs: count, lastAtMs: count },
  status,
  ...{ entries: count, turns: count, commits: count, refusals: count, holds: count },
  failures: count,
  ...{ spent: finished.spent, reserved: finished.spent },
  gates: finished.gates,
};

const outcome: Schema = {
  anyOf: [
    closed({ kind: { const: 'open' } }),
    closed({ kind: { const: 'rejected' }, refusal: rejected.refusal }),
    closed({
      kind: { const: 'committed' },
      observation: any,
      ...{ observationDigest: digest, redactions: count, delta: committed.delta },
      ...{ cost: committed.cost, compilerVersion: text },
    }),
    closed({ kind: { const: 'failed' }, failure: failed.failure, cost: failed.cost }),
    closed({ kind: { const: 'in-doubt' }, reason: text }),
  ],
};

const action: Members = {
  run: text,
  ...{ seq: count, endSeq: orNull(count), atMs: count },
  origin: catalogue['intent.proposed'].properties.origin,
  turn: count,
  intent: any,
  routing: orNull(catalogue['intent.proposed'].properties.routing),
  action: orNull(closed({ ...staged.action.properties, normalisedArgs: any, resolved: any })),
  actionDigest: orNull(digest),
  effects: staged.effects,
  trace: orNull(staged.trace),
  rules: listOf(closed({ id: text, level: text, effect: text, text: orNull(text) })),
  hold: orNull(suspended.hold),
  approval: orNull(
    closed({
      channel: text,
      quorum: requested.quorum,
      expiresAtMs: count,
      votes: listOf(
        closed({ voter: text, vote: oneOf('grant', 'deny'), reason: text, atMs: count }),
      ),
      outcome: orNull(resolved.outcome),
    }),
  ),
  ...{ policySetDigest: digest, contractDigest: orNull(digest), unsandboxed: truth },
  leases: started.leases,
  outcome,
};

const finding = closed({
  ...{ severity: oneOf('tampered', 'drift'), code: text, stream: text },
  ...{ seq: count, position: count, message: text },
});

const summary: Schema = {
  ...closed({ stream: text, entries: count, worldDigest: digest, outcome: finished.outcome }),
  required: ['stream', 'entries', 'worldDigest'],
};

const difference = {
  what: oneOf('compiler', 'policy', 'contract', 'catalogue', 'signer'),
  ...{ name: text, recorded: text, present: text },
};

const drift: Schema = {
  ...closed({ ...difference, seq: count }),
  required: ['what', 'recorded', 'seq'],
};

const sharedDrift: Schema = {
  ...closed({ ...difference, runs: count, first: closed({ stream: text, seq: count }) }),
  required: ['what', 'recorded', 'runs', 'first'],
};

const attestedHead: Members = {
  ...{ size: count, root: digest, timeMs: integer, accuracyMs: orNull(count) },
  ...{ authority: text, policy: text, serial: text },
};

const refusedSnapshots = listOf(closed({ seq: count, code: text, message: text }));

const amounts: Schema = finished.spent;

const window = closed({ notBefore: count, notAfter: count });
const writPhase = oneOf('open', 'early', 'expired', 'closed', 'finished', 'revoked');
const delegation = closed({ depth: count, children: count });

const writ: Members = {
  ...{ v: { const: 1 }, ledger: digest, parent: orNull(digest), issuer: keyId, subject: keyId },
  grants: listOf(closed({ capability: text, where: listOf(any) })),
  effects: staged.effects,
  budget: amounts,
  window,
  delegation,
  nonce: text,
};

const next = listOf(text);

const mode = oneOf(...controlModes);
const halted: Members = {
  ...{ scope: oneOf('all', 'run', 'plan', 'writ'), run: orNull(text), plan: orNull(text) },
  ...{ writ: orNull(digest), mode },
};

/** Every kind of line that a command prints with `--json`, by its `type`. */
export const jsonLines: Readonly<Record<string, JsonLine>> = {
  ledger: line(
    ['init', 'join'],
    'A ledger was founded or joined, in a file or in a database, whose address is shown without a password. `owner` and `runtime` are null where the home has not got the key.',
    {
      ...{ ledger: digest, name: text, owner: orNull(text), runtime: orNull(text) },
      ...{ folder: text, keys: text },
      ...{ file: orNull(text), database: orNull(text) },
    },
  ),
  entry: line(
    ['run', 'branch', 'rollback', 'resume', 'show'],
    'An entry, as it becomes durable; `line` is what a person is shown of it, null for one that is not of the run’s own stream.',
    { digest, entry: entrySchema, line: orNull(timelineLine) },
  ),
  unfinished: line(
    ['show'],
    'How a run stands that has not ended, after the entries that there are: whether a process is at it, what has begun and has no end on the ledger (`action` is null for a call of the model), and commands that go on with it. Where no process is at it, what has begun was cut off.',
    {
      ...{ run: text, status, driven: truth },
      ...{ answer: orNull(oneOf('granted', 'denied', 'expired')), halted: orNull(mode) },
      begun: listOf(
        closed({ seq: count, atMs: count, what: text, about: text, action: orNull(digest) }),
      ),
      next,
    },
  ),
  result: line(
    ['run', 'branch', 'rollback', 'resume'],
    'How driving ended: the view of the run, the commit that the checkout is at, commands that go on from here.',
    {
      ...view,
      end: oneOf('finished', 'held', 'in-doubt', 'stopped', 'halted'),
      ...{ applied: orNull(text), next },
    },
  ),
  repository: line(
    ['run'],
    'The folder that was named is not the root of its repository: the run has all of it.',
    { named: text, root: text },
  ),
  run: line(
    ['runs'],
    'The view of a run, and whether a process is at it; `answer` is that of a human to a run that is only to be resumed, `halted` what a control does to one that has not ended.',
    {
      ...{ ...view, driven: truth, answer: orNull(oneOf('granted', 'denied', 'expired')) },
      halted: orNull(mode),
    },
  ),
  vote: line(['approve', 'deny'], 'A vote was recorded.', {
    ...{ run: text, action: digest, vote: oneOf('grant', 'deny'), voter: text },
    ...{ outcome: oneOf('granted', 'denied', 'pending'), driven: truth, next },
  }),
  action: line(
    ['audit'],
    'An intent with all that came of it, contents resolved; what was not reached is null.',
    action,
  ),
  'run-policy': line(
    ['audit'],
    'A policy of this run alone, as it was started with; name and text are null where they are gone.',
    { run: text, bundle: digest, name: orNull(text), text: orNull(text) },
  ),
  threshold: line(
    ['audit'],
    'A run has spent this share of a dimension of its budget, or more, since this entry.',
    { run: text, seq: count, atMs: count, ...catalogue['budget.threshold-crossed'].properties },
  ),
  verification: line(['verify'], 'What verification found.', {
    ...{ run: orNull(text), ok: truth, ledger: digest, entries: count, streams: count },
    ...{ findings: listOf(finding), runs: listOf(summary), pruned: count },
    ...{ erased: count, strict: truth, drift: listOf(sharedDrift) },
  }),
  checkpoint: line(
    ['checkpoint'],
    'The head of the ledger’s tree was signed; `note` is the checkpoint as it is served, `key` that which verifies it.',
    {
      ...{ origin: text, size: count, root: digest, heads: orNull(digest) },
      ...{ note: text, key: text, tiles: text },
    },
  ),
  anchored: line(['anchor'], 'The checkpoint of so many entries is kept at a place.', {
    ...{ place: text, size: count, root: digest },
  }),
  cosignature: line(
    ['checkpoint'],
    'What a witness said of the checkpoint: when it cosigned, or why it did not.',
    {
      ...{ witness: text, cosignedAtMs: orNull(count) },
      ...{ code: orNull(text), message: orNull(text), remedy: orNull(text) },
    },
  ),
  witnessing: line(
    ['witness'],
    'The checkpoints of these logs are cosigned below `url`; `witness` is what `checkpoint --witness` takes.',
    { url: text, witness: text, logs: listOf(text) },
  ),
  timestamp: line(
    ['timestamp request', 'timestamp verify'],
    'An authority attests that a checkpoint of `size` entries existed at `timeMs`, by its certificate, which leads to one that is trusted; `accuracyMs` is null where it does not tell.',
    {
      file: text,
      ...attestedHead,
    },
  ),
  proof: line(
    ['prove'],
    'A proof, by its `type` of inclusion, consistency or head, and the checkpoint that it is for; `entry` and `leaf` are those of a proof of inclusion.',
    {
      proof: any,
      entry: orNull(closed({ position: count, stream: text, seq: count, text })),
      ...{ leaf: orNull(digest), checkpoint: text },
    },
  ),
  gone: line(
    ['show', 'audit', 'world'],
    'A content of an entry that follows cannot be read: who had it removed, and why; null where it is sealed with a key that is not here. Words stand in its place.',
    {
      ...{ how: oneOf('pruned', 'erased', 'sealed'), digest },
      ...{ by: orNull(keyId), atMs: orNull(count), reason: text },
    },
  ),
  pruning: line(
    ['prune'],
    'Contents of these runs were removed, or would be where `by` is null; `shared` stay, since other runs name them.',
    {
      ...{ runs: listOf(text), blobs: listOf(digest), bytes: count, shared: count },
      by: orNull(keyId),
    },
  ),
  erasure: line(
    ['erase'],
    'A subject was erased, or would be where `by` is null: the ids of its keys, its runs, and how many contents they sealed.',
    {
      ...{ keys: listOf(digest), runs: listOf(text), contents: count },
      by: orNull(keyId),
    },
  ),
  snapshot: line(
    ['snapshot'],
    'The state of a run after an entry; `snapshot` is the blob that was signed and recorded, null where the newest snapshot is of that entry already.',
    {
      ...{ run: text, seq: count, entry: digest, state: digest },
      ...{ snapshot: orNull(digest), refused: refusedSnapshots },
    },
  ),
  'log-key': line(['log key'], 'The key that the checkpoints of the ledger are signed with.', {
    ...{ ledger: digest, key: text },
  }),
  serving: line(['log serve'], 'The log of the ledger is served, below `url`.', {
    ...{ url: text, ledger: digest, tiles: text },
  }),
  'log-rebuilt': line(
    ['log rebuild'],
    'The tiles of the latest checkpoint are those of the entries; `written` were missing or damaged, `sound` were not.',
    { ...{ ledger: digest, size: count, root: digest, written: count, sound: count }, tiles: text },
  ),
  export: line(
    ['export'],
    'An export was written; `before` counts the bytes of an earlier attempt that it goes on from.',
    {
      ...{ file: text, ledger: digest, size: count, root: digest },
      ...{ streams: orNull(listOf(text)), workspaces: truth, bytes: count, before: count },
      ...{ timestamps: count },
    },
  ),
  import: line(
    ['import'],
    'An export was verified and imported; `present` counts entries that were here, and is null after --dry-run. `times` are those of its timestamps that who is named with --ca attests; without --ca the others are counted, and not judged.',
    {
      ...{ ledger: digest, size: count, streams: orNull(listOf(text)), workspaces: truth },
      ...{ present: orNull(count), appended: count, times: listOf(closed(attestedHead)) },
      ...{ unjudgedTimestamps: count },
    },
  ),
  replay: line(
    ['replay'],
    'The fold of a run, compared with what it recorded; `equal` is null while it has not ended. `from` is the entry of the snapshot that it went on from, `folded` how many entries were folded after it.',
    {
      ...{ run: text, entries: count, from: orNull(count), folded: count },
      ...{ refused: refusedSnapshots, worldDigest: digest, recorded: orNull(digest) },
      ...{ equal: orNull(truth), drift: listOf(drift) },
    },
  ),
  world: line(['world'], 'The world of a run after an entry.', {
    ...{ run: text, seq: integer, from: orNull(count), refused: refusedSnapshots },
    ...{ worldDigest: digest, clock: count },
    ...{ cells: listOf(closed({ key: text, version: count, value: any })), checkout: orNull(text) },
  }),
  cancelled: line(['cancel'], 'A run was halted.', {
    ...{ run: text, reason: text, driven: truth, status },
  }),
  halted: line(['halt'], 'A control was engaged; `control` is its entry.', {
    ...{ control: digest, ...halted, by: keyId, reason: text },
  }),
  control: line(
    ['halt list'],
    'What is halted: by a control, or by the switch file of the home; `run`, `plan` or `writ` is what it is about, none of them for all.',
    {
      ...{ control: orNull(digest), file: orNull(text), ...halted },
      ...{ by: orNull(keyId), reason: text },
    },
  ),
  cleared: line(['clear'], 'A control was cleared.', {
    ...{ control: digest, by: keyId, reason: text },
  }),
  ...keyLines,
  ...policyLines,
  ...priceLines,
  ...programLines,
  ...capabilityLines,
  applied: line(['apply'], 'The checkout was brought to the result of a run.', {
    ...{ run: text, repository: text, commit: text, head: text },
  }),
  'writ-node': line(
    ['writ tree'],
    'A writ in the tree of those that were carved out of each other; `carved` is what its children hold.',
    {
      ...{ id: digest, parent: orNull(digest), depth: count },
      phase: writPhase,
      ...{ issuer: keyId, subject: keyId, window, delegation },
      ...{ budget: amounts, carved: amounts, left: amounts, children: count, open: count },
    },
  ),
  spend: line(
    ['spend'],
    'The account of a writ, parents first. In each dimension `granted` and `overrun` are together `carved` (what its children hold), `reserved`, `spent`, `returned` (to the writ above) and `left`; `total` is of the writ and of all below it. `run` acts under it.',
    {
      ...{ id: digest, parent: orNull(digest), depth: count },
      phase: writPhase,
      run: orNull(
        closed({
          ...{ run: text, model: text, pricedBy: text },
          phase: oneOf('open', 'waiting', 'in-doubt', 'finished'),
        }),
      ),
      ...{ granted: amounts, carved: amounts, reserved: amounts, spent: amounts },
      ...{ returned: amounts, left: amounts, overrun: amounts },
      total: closed({ reserved: amounts, spent: amounts }),
    },
  ),
  'spend-model': line(['spend'], 'What the runs of one model came to, under the writs shown.', {
    ...{ model: text, pricedBy: listOf(text), runs: count, spent: amounts },
  }),
  writ: line(['writ issue', 'writ attenuate'], 'A writ was signed and written to a file.', {
    ...{ id: digest, file: text },
    ...writ,
  }),
  revoked: line(['writ revoke'], 'A writ was revoked, and every writ below it.', {
    ...{ writ: digest, by: keyId, reason: text },
  }),
  closed: line(
    ['writ close'],
    'A writ was given back; `returned` is what the writ above has again of its budget.',
    { ...{ writ: digest, parent: digest, returned: amounts, by: keyId, reason: text } },
  ),
  inspection: line(
    ['writ inspect'],
    'What a writ says and whether it holds; null for what is no writ. `left` is its budget less what its children hold.',
    {
      ...{ id: orNull(digest), writ: orNull(closed(writ)) },
      ...{ recorded: truth, issued: orNull(count), left: orNull(amounts), ok: truth },
      checks: listOf(closed({ name: text, ok: truth, code: orNull(text), message: orNull(text) })),
      remedy: orNull(text),
    },
  ),
  ...channelLines,
  ...delegationLines,
  ...grantLines,
  ...inboxLines,
  ...comparingLines,
  ...rollbackLines,
  ...routingLines,
  ...understandingLines,
  ...notificationLines,
  ...vaultLines,
  check: line(
    ['doctor'],
    'Something was looked at; a `warn` with `ledger.missing` is what `init` has yet to make.',
    {
      ...{ name: text, state: oneOf('ok', 'warn', 'fail'), code: orNull(text) },
      ...{ detail: text, remedy: orNull(text) },
    },
  ),
  error: line(
    [],
    'The last line of a command that fails; the process ends with the exit code of `code`.',
    {
      ...{ code: text, message: text, remedy: text, retryable: truth },
      details: rejected.refusal.properties.details,
    },
  ),
};
