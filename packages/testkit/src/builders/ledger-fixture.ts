import { zeroAmounts } from '@chancery/kernel/account';
import { defineChannel, type Channel } from '@chancery/kernel/channel';
import type { Digest, Signer } from '@chancery/kernel/encoding';
import { engage, type ControlMode, type ControlScope } from '@chancery/kernel/control';
import { catalogueDigest, type Draft } from '@chancery/kernel/ledger';
import { declarePrices, type PriceTable } from '@chancery/kernel/prices';
import { activateBundle, policySetDigest, type Bundle } from '@chancery/kernel/policy';
import { assert } from '@chancery/kernel/refusal';
import {
  createGenesis,
  issueWrit,
  trustKey,
  type Purpose,
  type ReadWrit,
  type Terms,
} from '@chancery/kernel/writ';
import { signerFrom, someDigest, someTerms } from './authority.ts';
import { LedgerRecorder, type RecorderOptions } from './ledger-recorder.ts';

/** Those who take part in the ledger of the fixture. */
export const people = {
  root: signerFrom(1),
  /** Trusted for issuing writs. */
  issuer: signerFrom(2),
  /** Subject of the writ that the agent's is carved from. */
  lead: signerFrom(3),
  /** Drives the runs, and writes the entries. */
  agent: signerFrom(4),
  /** Trusted for approving. */
  approver: signerFrom(5),
  /** Trusted for signing policy. */
  legislator: signerFrom(6),
  /** Trusted for approving as well. */
  deputy: signerFrom(7),
} as const satisfies Record<string, Signer>;

/** A ledger with its authority in place: keys, a policy, a writ and the agent's carved from it. */
export interface LedgerFixture {
  readonly recorder: LedgerRecorder;
  readonly ledger: Digest;
  readonly policySet: Digest;
  /** The lead's. */
  readonly above: ReadWrit;
  /** The agent's. */
  readonly writ: ReadWrit;
}

/** The rule that the runs of the fixture name: it permits everything. */
const allow = {
  annotations: { id: 'allow' },
  effect: 'permit',
  principal: { op: 'All' },
  action: { op: 'All' },
  resource: { op: 'All' },
  conditions: [],
};

/** A bundle that permits everything. */
export function someBundle(changes: Partial<Bundle> = {}): Bundle {
  return {
    v: 1,
    name: 'default',
    level: 'tenant',
    policies: { staticPolicies: { allow }, templates: {}, templateLinks: [] },
    text: '',
    schema: someDigest('schema'),
    ...changes,
  };
}

export interface FixtureOptions extends Pick<RecorderOptions, 'edit' | 'author' | 'apart'> {
  /** Terms of the agent's writ, where they differ. */
  readonly terms?: Partial<Terms>;
}

/** Writes genesis, keys, policy and writs; see `writeRun` for a run upon them. */
export function ledgerFixture(options: FixtureOptions = {}): LedgerFixture {
  const recorder = new LedgerRecorder({ by: people.agent.id, ...options });
  const bundle = someBundle();
  const policySet = policySetDigest([bundle]);
  const ledger = writeGenesis(recorder, policySet);
  recorder.write(
    ...trusting(ledger, [
      [people.issuer, 'issue'],
      [people.approver, 'approve'],
      [people.deputy, 'approve'],
      [people.legislator, 'sign-policy'],
      [people.agent, 'run'],
    ]),
    {
      stream: 'policy',
      kind: 'policy.activated',
      body: activateBundle({ ledger, after: ledger, bundle, policySet, by: people.legislator }),
    },
  );
  const above = writOfLead(ledger);
  const { id, envelope } = above;
  const writ = carved({ ledger, above }, 'agent', options.terms);
  const issued = { stream: `writ:${id}`, kind: 'writ.issued', body: { envelope } } as const;
  recorder.write(issued, ...carving(writ));
  return { recorder, ledger, policySet, above, writ };
}

const context = { Var: 'context' };
const ofPackages = {
  left: { '.': { left: context, attr: 'path' } },
  pattern: ['Wildcard', { Literal: 'package.json' }],
};

/** The rule by which two have to approve what is done to a `package.json`. */
const two = {
  ...{ effect: 'forbid', annotations: { id: 'two', hold: 'human', quorum: '2' } },
  ...{ principal: { op: 'All' }, action: { op: 'All' }, resource: { op: 'All' } },
  conditions: [
    {
      kind: 'when',
      body: {
        '&&': { left: { has: { left: context, attr: 'path' } }, right: { like: ofPackages } },
      },
    },
  ],
};

/** Activates a policy that asks two about what `package.json` is done to; gives the digest of the set. */
export function askTwo(on: LedgerFixture): Digest {
  const policies = { staticPolicies: { allow, two }, templates: {}, templateLinks: [] };
  return activateOn(on, someBundle({ policies }));
}

/** Activates another policy, and gives the digest of the set. */
export function anotherPolicy(on: LedgerFixture): Digest {
  return activateOn(on, someBundle({ text: '// stricter' }));
}

/** Activates a bundle in place of the default one; gives the digest of the set. */
export function activateOn({ recorder, ledger }: LedgerFixture, bundle: Bundle): Digest {
  const policySet = policySetDigest([bundle]);
  const after = recorder.heads.get('policy')?.digest ?? ledger;
  const body = activateBundle({ ledger, after, bundle, policySet, by: people.legislator });
  recorder.write({ stream: 'policy', kind: 'policy.activated', body });
  return policySet;
}

/** Activates a policy for one repository alone, beside the default one; gives the digest of the set. */
export function policyFor({ recorder, ledger }: LedgerFixture, repository: string): Digest {
  const bundle = someBundle({ level: 'repository' });
  const policySet = policySetDigest([someBundle(), { bundle, repository }]);
  const after = recorder.heads.get('policy')?.digest ?? ledger;
  const asked = { ledger, after, bundle, repository, policySet };
  const body = activateBundle({ ...asked, by: people.legislator });
  recorder.write({ stream: 'policy', kind: 'policy.activated', body });
  return policySet;
}

/** Says whom a channel asks. */
export function defineOn(
  { recorder, ledger }: LedgerFixture,
  channel: Partial<Channel> = {},
  by: Signer = people.legislator,
): void {
  const after = recorder.heads.get('policy')?.digest ?? ledger;
  const usual = { name: 'human', approvers: [people.approver.id], withinMs: 5_000, escalate: null };
  const envelope = defineChannel({ ledger, after, ...usual, ...channel }, by);
  recorder.writeBy(by.id, { stream: 'policy', kind: 'channel.defined', body: { envelope } });
}

/** Declares a price table; gives the digest of the entry. */
export function declareOn(
  { recorder, ledger }: LedgerFixture,
  table: Partial<PriceTable> = {},
  by: Signer = people.legislator,
): Digest {
  const after = recorder.heads.get('policy')?.digest ?? ledger;
  const usual = { effectiveFrom: 0, models: [], fallback: null, source: 'the fixture' };
  const envelope = declarePrices({ ledger, after, ...usual, ...table }, by);
  const draft = { stream: 'policy', kind: 'prices.declared', body: { envelope } } as const;
  const [declared] = recorder.writeBy(by.id, draft);
  assert(declared !== undefined, 'a price table is written');
  return declared.digest;
}

/** Halts all, or one run; gives the digest of the entry. */
export function halt(on: LedgerFixture, run: string | null, by: Signer = people.approver): Digest {
  const what = run === null ? ({ scope: 'all', run } as const) : ({ scope: 'run', run } as const);
  return engageOn(on, what, 'kill', by);
}

/** Engages a control; gives the digest of the entry. */
export function engageOn(
  { recorder, ledger }: LedgerFixture,
  what: ControlScope,
  mode: ControlMode,
  by: Signer = people.approver,
): Digest {
  const after = recorder.heads.get('control')?.digest ?? ledger;
  const envelope = engage({ ledger, after, ...what, mode, reason: 'stop' }, by);
  const draft = { stream: 'control', kind: 'control.engaged', body: { envelope } } as const;
  const [engaged] = recorder.writeBy(by.id, draft);
  assert(engaged !== undefined, 'a control is written');
  return engaged.digest;
}

/** A second writ for the agent, with little budget, carved from the same. */
export function anotherWrit(on: LedgerFixture, terms: Partial<Terms> = {}): ReadWrit {
  const budget = { ...zeroAmounts, tokens: 1_000, costMicrousd: 1_000, calls: 9, wallMs: 9_000 };
  const writ = carved(on, `agent ${on.recorder.entries.length}`, { budget, ...terms });
  on.recorder.write(...carving(writ));
  return writ;
}

function writeGenesis(recorder: LedgerRecorder, defaultPolicy: Digest): Digest {
  const envelope = createGenesis({
    name: 'fixture',
    roots: [people.root],
    threshold: 1,
    contractDigest: catalogueDigest,
    defaultPolicy,
    nonce: 'genesis',
  });
  const [genesis] = recorder.write({
    stream: 'ledger',
    kind: 'ledger.created',
    body: { envelope },
  });
  assert(genesis !== undefined, 'a genesis is written');
  return genesis.digest;
}

function trusting(ledger: Digest, keys: readonly (readonly [Signer, Purpose])[]): readonly Draft[] {
  return keys.map(([signer, purpose]) => ({
    stream: 'ledger',
    kind: 'key.trusted',
    body: {
      envelope: trustKey({
        ledger,
        key: signer.id,
        label: purpose,
        purposes: [purpose],
        roots: [people.root],
      }),
    },
  }));
}

const grants = [...someTerms().grants, { capability: 'shell.run', where: [] }];

function writOfLead(ledger: Digest): ReadWrit {
  const issued = issueWrit({
    ledger,
    parent: null,
    issuer: people.issuer,
    subject: people.lead.id,
    terms: someTerms({ grants }),
    nonce: 'lead',
  });
  assert(issued.ok, 'the writ of the lead is issued');
  return issued.value;
}

function carved(
  { ledger, above }: Pick<LedgerFixture, 'ledger' | 'above'>,
  nonce: string,
  terms: Partial<Terms> = {},
): ReadWrit {
  const issued = issueWrit({
    ledger,
    parent: above,
    issuer: people.lead,
    subject: people.agent.id,
    terms: someTerms({ grants, delegation: { depth: 0, children: 0 }, ...terms }),
    nonce,
  });
  assert(issued.ok, issued.ok ? '' : issued.refusal.message);
  return issued.value;
}

/** What issues a writ and takes its budget from the one above. */
export function carving({ id, writ, envelope }: ReadWrit): readonly Draft[] {
  assert(writ.parent !== null, 'it is carved from another writ');
  return [
    { stream: `writ:${id}`, kind: 'writ.issued', body: { envelope } },
    {
      stream: `writ:${writ.parent}`,
      kind: 'writ.carved',
      body: { child: id, budget: writ.budget },
    },
  ];
}
