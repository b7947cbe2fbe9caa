import { describe, expect, it } from 'vitest';
import {
  authority,
  compileInput,
  constantPolicy,
  someCapability,
  someChain,
  someDigest,
  someHalt,
  someIntent,
  someNormalised,
  someTerms,
} from '@chancery/testkit/builders';
import { zeroAmounts } from '../account/index.ts';
import { effects, type Contract, type Effect, type Normalised } from '../contract/index.ts';
import { sealEnvelope, type JsonObject } from '../encoding/index.ts';
import { done, refusal, refused, type RefusalCode } from '../refusal/index.ts';
import {
  actionDigest,
  compile,
  intentDigest,
  stageNames,
  type Action,
  type CompileInput,
  type Resolution,
  type StageName,
  type Trace,
  type Verdict,
} from './index.ts';
import { readWrit, type ReadWrit } from '../writ/index.ts';

const house = authority();
const [ann, bob] = house.approvers;
const input = compileInput({}, house);

function traceTo(stage: StageName, verdict: Verdict): Trace {
  const stop = stageNames.indexOf(stage);
  const verdicts = stageNames.map((name, index): [StageName, Verdict] => [
    name,
    index < stop ? 'pass' : index === stop ? verdict : 'unreached',
  ]);
  return Object.fromEntries(verdicts) as Record<StageName, Verdict>;
}

function withContract(changes: Partial<Contract>): Partial<CompileInput> {
  const capability = someCapability(changes);
  return { capability, pinnedContract: capability.digest };
}

function normalised(changes: Partial<Normalised>): Partial<CompileInput> {
  return { normalised: done(someNormalised(changes)) };
}

function proposing(args: JsonObject): Partial<CompileInput> {
  return { intent: someIntent({ args }) };
}

const hold = {
  kind: 'hold',
  channel: 'security',
  quorum: 2,
  rule: 'two-eyes',
  advice: undefined,
  rules: [{ id: 'two-eyes', level: 'run', effect: 'hold' }],
} as const;

const holding: Partial<CompileInput> = { policy: constantPolicy(hold) };

function digestOf(changes: Partial<CompileInput>): string {
  const outcome = compile({ ...input, ...changes });
  return outcome.kind === 'rejected' ? '' : outcome.actionDigest;
}

function resolution(changes: Partial<Resolution> = {}): Resolution {
  return {
    ...{ action: digestOf(holding), channel: 'security' },
    outcome: 'granted',
    ...{ voters: [ann.id, bob.id], asked: { channel: 'security', of: [ann.id, bob.id] } },
    quorum: 2,
    expiresAt: 9_000,
    used: false,
    ...changes,
  };
}

function answeredBy(changes: Partial<Resolution>): Partial<CompileInput> {
  return { ...holding, resolution: resolution(changes) };
}

/** A writ that its issuer signed although the parent does not cover it. */
function widened(): readonly ReadWrit[] {
  const [child, root] = someChain(house);
  const budget = { ...root.writ.budget, tokens: root.writ.budget.tokens + 1 };
  const type = 'application/vnd.chancery.writ+json';
  const read = readWrit(sealEnvelope(type, { ...child.writ, budget }, [house.lead]));
  return read.ok ? [read.value, root] : [];
}

const deny = { kind: 'deny', rules: [], advice: undefined } as const;
const longName = 'x'.repeat(129);
type Case = readonly [StageName, RefusalCode, string, Partial<CompileInput>];

const refusals: readonly Case[] = [
  ['controls', 'control.halted', 'a kill switch', { controls: [someHalt('kill')] }],
  ['intent', 'intent.malformed', 'a text', { intent: 'rm -rf /' }],
  ['intent', 'intent.malformed', 'a member too many', { intent: { ...someIntent(), sudo: true } }],
  [
    'intent',
    'intent.malformed',
    'more arguments than any capability takes',
    { intent: someIntent({ args: { path: 'x'.repeat(8 * 1024 * 1024) } }) },
  ],
  ['intent', 'intent.malformed', 'a kind to come', { intent: someIntent({ kind: 'delegate' }) }],
  [
    'intent',
    'intent.replayed',
    'the nonce of another intent',
    { nonceUsedBy: () => someDigest('another intent') },
  ],
  ['writ', 'writ.void', 'no writ', { chain: [] }],
  ['writ', 'writ.void', 'a writ without its parent', { chain: [input.chain[0] ?? []].flat() }],
  ['writ', 'writ.void', 'the keys of another ledger', { ledger: someDigest('another') }],
  ['writ', 'writ.untrusted', 'no trusted key', { trust: { ...house.trust, keys: new Map() } }],
  ['writ', 'writ.widened', 'more than its parent', { chain: widened() }],
  ['writ', 'writ.not-yours', 'another actor', { actor: house.lead.id }],
  ['revocation', 'writ.revoked', 'its own end', { isRevoked: (id) => id === input.chain[0]?.id }],
  [
    'revocation',
    'writ.revoked',
    "its root's end",
    { isRevoked: (id) => id === input.chain[1]?.id },
  ],
  ['window', 'writ.early', 'a time before', { nowMs: 999 }],
  ['window', 'writ.expired', 'a time after', { nowMs: 9_001 }],
  ['window', 'writ.expired', 'no time at all', { nowMs: Number.NaN }],
  ['capability', 'capability.unknown', 'nothing under the name', { capability: undefined }],
  [
    'capability',
    'capability.unknown',
    'something under another name',
    withContract({ name: 'fs.read' }),
  ],
  ['capability', 'capability.changed', 'another contract', { pinnedContract: someDigest('old') }],
  ['capability', 'capability.changed', 'no pinned contract', { pinnedContract: undefined }],
  [
    'capability',
    'writ.not-granted',
    'a grant of something else',
    { chain: someChain(house, { grants: [{ capability: 'fs.read', where: [] }] }) },
  ],
  ['args', 'args.invalid', 'what the schema refuses', proposing({ path: 1, content: '' })],
  ['args', 'args.invalid', 'no normalised form', { normalised: undefined }],
  ['args', 'args.invalid', 'too much', proposing({ path: 'a', content: 'é'.repeat(2_048) })],
  ['args', 'args.invalid', 'an unheard-of effect', normalised({ effects: ['magic' as Effect] })],
  ['args', 'args.escapes', 'a path outside', { normalised: refused('args.escapes', 'outside') }],
  ['args', 'args.secret', 'a secret', proposing({ path: 'a', content: 'hunter2' })],
  [
    'args',
    'args.secret',
    'a secret deep within',
    proposing({ path: 'a', content: '', env: [{ token: ['x', 'hunter2'] }] }),
  ],
  [
    'args',
    'args.secret',
    'a secret as a key',
    proposing({ path: '', content: '', o: { hunter2: 1 } }),
  ],
  [
    'args',
    'args.secret',
    'a secret in the normalised form',
    normalised({ args: { path: 'src/a', content: 'hunter2' } }),
  ],
  ['scope', 'writ.out-of-scope', 'a path elsewhere', normalised({ args: { path: 'docs/a.md' } })],
  ['scope', 'writ.out-of-scope', 'no path', normalised({ args: {} })],
  ['scope', 'writ.effect-exceeded', 'network', normalised({ effects: ['write', 'external'] })],
  [
    'scope',
    'writ.effect-exceeded',
    'the effect of the contract',
    { ...withContract({ effect: 'irreversible' }), ...normalised({ effects: ['read'] }) },
  ],
  [
    'scope',
    'writ.effect-exceeded',
    'a query that writes',
    { intent: someIntent({ kind: 'query' }) },
  ],
  [
    'preconditions',
    'precondition.failed',
    'another version',
    { checkPreconditions: () => refusal('precondition.failed', 'the file is another') },
  ],
  ['budget', 'budget.exhausted', 'nothing left', { available: zeroAmounts }],
  [
    'budget',
    'budget.exhausted',
    'an estimate below nothing',
    normalised({ estimate: { ...zeroAmounts, tokens: -5 } }),
  ],
  ['policy', 'policy.denied', 'no permit', { policy: constantPolicy(deny) }],
  [
    'policy',
    'policy.error',
    'a broken rule',
    { policy: constantPolicy({ kind: 'error', rules: [], message: 'rule x failed' }) },
  ],
  ['holds', 'approval.denied', "a human's no", answeredBy({ outcome: 'denied' })],
  [
    'holds',
    'approval.denied',
    'a no that no rule asks for now',
    { resolution: resolution({ outcome: 'denied' }) },
  ],
  ['holds', 'approval.expired', 'an answer in no time', answeredBy({ outcome: 'expired' })],
  ['holds', 'approval.expired', 'an answer that is too old', answeredBy({ expiresAt: 5_000 })],
  [
    'holds',
    'approval.expired',
    'no answer in time, though no rule asks for one now',
    { resolution: resolution({ outcome: 'expired' }) },
  ],
  [
    'holds',
    'approval.expired',
    'a yes that is too old, though no rule asks for one now',
    { resolution: resolution({ expiresAt: 5_000 }) },
  ],
];

const irreversible = {
  chain: someChain(house, { effects: [...effects] }),
  ...normalised({ effects: ['write', 'irreversible'] }),
};

type HoldCase = readonly [string, Partial<CompileInput>, string];

const suspensions: readonly HoldCase[] = [
  ['policy', holding, 'two-eyes'],
  [
    'policy, with a quorum of nobody',
    { policy: constantPolicy({ ...hold, quorum: 0 }) },
    'two-eyes',
  ],
  ['risk', withContract({ risk: 'high' }), 'risk'],
  ['risk above the threshold', withContract({ risk: 'critical' }), 'risk'],
  ['risk that is not on the scale', withContract({ risk: 'odd' as 'low' }), 'risk'],
  [
    'a protected path',
    normalised({ paths: ['src/a.ts', '.github/workflows/ci.yml'] }),
    'protected-path',
  ],
  [
    'an effect that cannot be undone',
    { ...irreversible, ...withContract({ compensable: false }) },
    'irreversible',
  ],
  ['another action that was answered', answeredBy({ action: someDigest('x') }), 'two-eyes'],
  ['an answer that was used', answeredBy({ used: true }), 'two-eyes'],
  ['too few voters', answeredBy({ voters: [ann.id] }), 'two-eyes'],
  ['one voter twice', answeredBy({ voters: [ann.id, ann.id] }), 'two-eyes'],
  ['a voter who is not trusted', answeredBy({ voters: [ann.id, house.stranger.id] }), 'two-eyes'],
  ['a quorum that was raised', answeredBy({ quorum: 3 }), 'two-eyes'],
];

describe('compile', () => {
  it('stages what all stages pass', () => {
    const outcome = compile(input);
    const intent = someIntent();
    const action: Action = {
      ledger: house.ledger,
      stream: 'run:r1',
      intent: intentDigest(intent),
      writ: input.chain[0]?.id ?? '',
      contract: someCapability().digest,
      capability: 'fs.write',
      normalisedArgs: { path: 'src/a.ts', content: 'export {};' },
      resolved: { path: '/place/src/a.ts' },
    };
    expect({ ...outcome, question: undefined }).toEqual({
      kind: 'staged',
      intent,
      action,
      actionDigest: actionDigest(action),
      effects: ['write'],
      reserved: { ...zeroAmounts, calls: 1, wallMs: 1_000 },
      trace: traceTo('emit', 'pass'),
      rules: [{ id: 'allow', level: 'run', effect: 'permit' }],
    });
  });

  it.each(refusals)('%s refuses with %s: %s', (stage, code, _, changes) => {
    const outcome = compile({ ...input, ...changes });
    expect(outcome.kind === 'rejected' ? outcome.refusal.code : outcome.kind).toBe(code);
    expect(outcome.trace).toEqual(traceTo(stage, 'refuse'));
  });

  it.each(suspensions)('holds for %s', (_, changes, rule) => {
    const outcome = compile({ ...input, ...changes });
    expect(outcome.kind === 'suspended' ? outcome.hold.rule : outcome.kind).toBe(rule);
    expect(outcome.kind === 'suspended' && outcome.hold.quorum >= 1).toBe(true);
    expect(outcome.trace).toEqual(traceTo('holds', 'hold'));
  });

  it('names the intent of every refusal, where it can be read as one', () => {
    const digests = [
      { controls: [someHalt('kill')] },
      { policy: constantPolicy(deny) },
      { intent: null },
    ].map((changes) => {
      const outcome = compile({ ...input, ...changes });
      return outcome.kind === 'rejected' ? outcome.intentDigest : '';
    });
    const digest = intentDigest(someIntent());
    expect(digests).toEqual([digest, digest, null]);
  });

  it('lets an intent come again under its own nonce', () => {
    const digest = intentDigest(someIntent());
    expect(compile({ ...input, nonceUsedBy: () => digest }).kind).toBe('staged');
  });

  it.each<[string, unknown]>([
    ['no member', {}],
    ['a list', []],
    ['an unknown kind', { ...someIntent(), kind: 'obey' }],
    ['a long capability', someIntent({ capability: longName })],
    ['no capability', someIntent({ capability: '' })],
    ['a long rationale', someIntent({ rationale: 'x'.repeat(4_097) })],
    ['no nonce', someIntent({ nonce: '' })],
    ['a long nonce', someIntent({ nonce: longName })],
    ['a broken nonce', someIntent({ nonce: '\ud800' })],
    ['a list of arguments', { ...someIntent(), args: [] }],
    ['a fraction', someIntent({ args: { n: [0.5] } })],
    ['a large number', someIntent({ args: { n: 2 ** 53 } })],
    ['a broken text', someIntent({ args: { t: '\udc00' } })],
    ['a broken key', someIntent({ args: { '\udc00': 1 } })],
    ['a missing value', { ...someIntent(), args: { t: undefined } }],
    ['deep arguments', someIntent({ args: nested(33) })],
    ['a member by inheritance', inheriting()],
  ])('refuses an intent with %s', (_, intent) => {
    const outcome = compile({ ...input, intent });
    expect(outcome.kind === 'rejected' && outcome.refusal.code).toBe('intent.malformed');
  });

  it('takes arguments that are as deep as they may be', () => {
    const args = { path: 'a', content: '', deep: nested(30) };
    expect(compile({ ...input, ...proposing(args) }).kind).toBe('staged');
  });

  it('admits the first and the last instant of the window, and the last byte of the limit', () => {
    const content = 'x'.repeat(4_096 - '{"content":"","path":"a"}'.length);
    const kinds = [
      { nowMs: 1_000 },
      { nowMs: 9_000 },
      proposing({ path: 'a', content }),
      { available: someNormalised().estimate },
    ].map((changes) => compile({ ...input, ...changes }).kind);
    expect(kinds).toEqual(['staged', 'staged', 'staged', 'staged']);
    const over = compile({ ...input, ...proposing({ path: 'a', content: `${content}x` }) });
    expect(over.kind).toBe('rejected');
  });

  it('lets pure effects pass under any ceiling', () => {
    const chain = someChain(house, { effects: [] });
    const pure = { ...withContract({ effect: 'pure' }), ...normalised({ effects: ['pure'] }) };
    expect(compile({ ...input, chain, ...pure }).kind).toBe('staged');
    expect(compile({ ...input, chain }).kind).toBe('rejected');
  });

  it('adds the effects of the arguments to that of the contract, in order', () => {
    const outcome = compile({
      ...input,
      ...irreversible,
      ...normalised({ effects: ['irreversible', 'read'] }),
    });
    expect(outcome.kind === 'staged' && outcome.effects).toEqual(['read', 'write', 'irreversible']);
  });

  it('tells which rule forbids, and its advice as the remedy', () => {
    const rules = [
      { id: 'no-push', level: 'run', effect: 'forbid' },
      { id: 'watch', level: 'run', effect: 'shadow' },
    ] as const;
    const policy = constantPolicy({ kind: 'deny', rules, advice: 'Open a pull request.' });
    const outcome = compile({ ...input, policy });
    expect({ ...outcome, question: undefined }).toEqual({
      kind: 'rejected',
      intentDigest: intentDigest(someIntent()),
      refusal: refusal('policy.denied', 'forbidden by no-push', {
        remedy: 'Open a pull request.',
        details: { rules: 'no-push' },
      }),
      trace: traceTo('policy', 'refuse'),
      rules,
    });
  });
});

/** As many members of its own as an intent has, but the nonce is not among them. */
function inheriting(): object {
  const { kind, capability, args, rationale, nonce } = someIntent();
  const heir = Object.create({ nonce }) as object;
  return Object.assign(heir, { kind, capability, args, rationale, more: 1 });
}

function nested(depth: number): JsonObject {
  let value: JsonObject = {};
  for (let level = 1; level < depth; level += 1) value = { in: value };
  return value;
}

describe('a hold', () => {
  it('is released by a resolution for this very action, in time, by enough trusted keys', () => {
    expect(compile({ ...input, ...answeredBy({}) }).kind).toBe('staged');
  });

  it('is not released by an answer to the same words under another writ', () => {
    const other = someChain(house, { budget: { ...someTerms().budget, tokens: 1 } });
    expect(compile({ ...input, ...answeredBy({}), chain: other }).kind).toBe('suspended');
  });

  it('is not released by the vote of the actor itself', () => {
    const keys = new Map(house.trust.keys);
    const approver = keys.get(ann.id);
    if (approver !== undefined) keys.set(house.agent.id, approver);
    const given = { ...input, trust: { ...house.trust, keys } };
    const mine = answeredBy({ voters: [ann.id, house.agent.id] });
    const theirs = answeredBy({ voters: [ann.id, bob.id] });
    expect(compile({ ...given, ...mine }).kind).toBe('suspended');
    expect(compile({ ...given, ...theirs }).kind).toBe('staged');
  });

  it('asks for the highest quorum and tells all reasons', () => {
    const outcome = compile({
      ...input,
      ...irreversible,
      ...withContract({ risk: 'critical', compensable: false }),
      ...normalised({ effects: ['irreversible'], paths: ['package.json'] }),
      ...holding,
    });
    expect(outcome.kind === 'suspended' && outcome.hold).toEqual({
      channel: 'security',
      quorum: 2,
      rule: 'two-eyes',
      reason:
        'the rule two-eyes asks; it cannot be undone; its risk is critical; package.json is protected',
    });
  });

  it('goes through the channel of policy where the quorums are equal', () => {
    const policy = constantPolicy({ ...hold, quorum: 1, advice: 'Ask the owner' });
    const outcome = compile({ ...input, ...withContract({ risk: 'high' }), policy });
    expect(outcome.kind === 'suspended' && outcome.hold).toEqual({
      channel: 'security',
      quorum: 1,
      rule: 'two-eyes',
      reason: 'Ask the owner; its risk is high',
    });
  });

  it('is not asked for an effect that can be undone, or for reading a protected file', () => {
    const reading = {
      ...withContract({ effect: 'read' }),
      ...normalised({ effects: ['read'], paths: ['package.json'] }),
    };
    expect(compile({ ...input, ...irreversible }).kind).toBe('staged');
    expect(compile({ ...input, ...reading }).kind).toBe('staged');
  });

  it('gives an action the same digest before and after it is answered', () => {
    expect(digestOf(answeredBy({}))).toBe(digestOf(holding));
    expect(digestOf({ ...holding, intent: someIntent({ nonce: 'n2' }) })).not.toBe(
      digestOf(holding),
    );
  });
});
