import { type Digest, type Signer } from '@chancery/kernel/encoding';
import { catalogueDigest, type Draft } from '@chancery/kernel/ledger';
import { bundleDigest, policySetDigest, signBundle, type Bundle } from '@chancery/kernel/policy';
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
  agent: signerFrom(4),
  /** Trusted for approving. */
  approver: signerFrom(5),
  /** Trusted for signing policy. */
  legislator: signerFrom(6),
  /** Writes the entries. */
  runtime: signerFrom(8),
} as const satisfies Record<string, Signer>;

/** A ledger with its authority in place: keys, a policy, a writ and the agent's carved from it. */
export interface LedgerFixture {
  readonly recorder: LedgerRecorder;
  readonly ledger: Digest;
  readonly policySet: Digest;
  /** The agent's. */
  readonly writ: ReadWrit;
}

/** A bundle whose policies nobody evaluates. */
export function someBundle(changes: Partial<Bundle> = {}): Bundle {
  return {
    v: 1,
    name: 'default',
    level: 'tenant',
    policies: { staticPolicies: {}, templates: {}, templateLinks: [] },
    text: '',
    schema: someDigest('schema'),
    ...changes,
  };
}

export interface FixtureOptions extends Pick<RecorderOptions, 'edit'> {
  /** Terms of the agent's writ, where they differ. */
  readonly terms?: Partial<Terms>;
}

/** Writes genesis, keys, policy and writs; see `writeRun` for a run upon them. */
export function ledgerFixture(options: FixtureOptions = {}): LedgerFixture {
  const recorder = new LedgerRecorder({ by: people.runtime.id, ...options });
  const bundle = someBundle();
  const policySet = policySetDigest([bundle]);
  const ledger = writeGenesis(recorder, policySet);
  recorder.write(
    ...trusting(ledger, [
      [people.issuer, 'issue'],
      [people.approver, 'approve'],
      [people.legislator, 'sign-policy'],
    ]),
    {
      stream: 'policy',
      kind: 'policy.activated',
      body: {
        level: bundle.level,
        envelope: signBundle(bundle, people.legislator),
        bundle: bundleDigest(bundle),
        policySet,
      },
    },
  );
  return { recorder, ledger, policySet, writ: writeWrits(recorder, ledger, options.terms) };
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

/** The writ of the lead, and that of the agent with its budget carved. */
function writeWrits(
  recorder: LedgerRecorder,
  ledger: Digest,
  terms: Partial<Terms> = {},
): ReadWrit {
  const top = issueWrit({
    ledger,
    parent: null,
    issuer: people.issuer,
    subject: people.lead.id,
    terms: someTerms(),
    nonce: 'lead',
  });
  assert(top.ok, 'the writ of the lead is issued');
  const carved = issueWrit({
    ledger,
    parent: top.value,
    issuer: people.lead,
    subject: people.agent.id,
    terms: someTerms({ delegation: { depth: 0, children: 0 }, ...terms }),
    nonce: 'agent',
  });
  assert(carved.ok, carved.ok ? '' : carved.refusal.message);
  const { id, writ, envelope } = carved.value;
  recorder.write(
    { stream: `writ:${top.value.id}`, kind: 'writ.issued', body: { envelope: top.value.envelope } },
    { stream: `writ:${id}`, kind: 'writ.issued', body: { envelope } },
    {
      stream: `writ:${top.value.id}`,
      kind: 'writ.carved',
      body: { child: id, budget: writ.budget },
    },
  );
  return carved.value;
}
