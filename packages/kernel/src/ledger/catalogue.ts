import { objectDigest, type Digest } from '../encoding/index.ts';
import { anchorKinds } from './kinds/anchor.ts';
import { compensationKinds } from './kinds/compensation.ts';
import { executionKinds } from './kinds/execution.ts';
import { ledgerKinds } from './kinds/ledger.ts';
import { policyKinds } from './kinds/policy.ts';
import { runKinds } from './kinds/run.ts';
import { snapshotKinds } from './kinds/snapshot.ts';
import { writKinds } from './kinds/writ.ts';
import type { FromSchema, Schema } from './schema.ts';

/** Every kind of entry that this version writes and reads, with the schema of its body. */
export const catalogue = {
  ...ledgerKinds,
  ...writKinds,
  ...policyKinds,
  ...runKinds,
  ...executionKinds,
  ...compensationKinds,
  ...snapshotKinds,
  ...anchorKinds,
} as const satisfies Record<string, Schema>;

export type Kind = keyof typeof catalogue;

/** Body of an entry of the kind `K`. */
export type Body<K extends Kind> = FromSchema<(typeof catalogue)[K]>;

export function isKind(value: string): value is Kind {
  return Object.hasOwn(catalogue, value);
}

/** Version of the entry envelope. */
export const envelopeVersion = 1;

/** Digest of the catalogue: names the contract that a ledger and a run are written under. */
export const catalogueDigest: Digest = objectDigest('catalogue', {
  v: envelopeVersion,
  kinds: catalogue,
});

/** Contracts of earlier versions to which this one has only added kinds, fields and outcomes. */
const extendedContracts: readonly Digest[] = [
  '65ab10521cd87dedd8c29687657b517e714784498b8b7956038c29d679598d50',
  '74e47eb523bc4fd25d946dc463ee4ff745871fbf6c583fd62fa5cb2a175fae09',
  '0de089fd582d55a5ed3745132063286545e54ed360dc05ac5c24eedf29b9786b',
  'c5dc20c40a5d3bdf016aac6d9cbf35a7a07d12363cc9de663ba7b3ee5ede73ca',
  '6bb429168d66ef0a644605f27919692174710e48888487afb3422dd9a2376e59',
  'b45a776a653849323b4ff12aa6089127d2c54a6c4e9cfce3e408c4243abc7cbc',
  '68daece74fba2cb2255fff30cddc901d7484ae11527a8257081b641360614e89',
  '125594510935a07373d94aeaae1e546146d5cb73153dc1a92fd0da8aca591e71',
  'e6a257ad31c27ef55de7c53925ad3e73345fee7aae3d609814dded9b9261fcd8',
];

/** Contracts of before thresholds of budgets were told: a run under one of them has none. */
export const contractsWithoutThresholds: readonly Digest[] = extendedContracts.slice(0, 3);

/** Contracts of before it was recorded what a run may have seen. */
export const contractsWithoutLabels: readonly Digest[] = extendedContracts.slice(0, 4);

/** Contracts of before policy was told on which repository an action is. */
export const contractsWithoutRepository: readonly Digest[] = extendedContracts.slice(0, 5);

/** Contracts of before it was recorded whether the effect of an action can be undone. */
export const contractsWithoutCompensable: readonly Digest[] = extendedContracts.slice(0, 8);

/** Contracts of before a branch took over how much had left the machine: a run under one of them has 0. */
export const contractsWithoutEgress: readonly Digest[] = extendedContracts.slice(0, 8);

/** Contracts of before a fact that policy is told had to be one of the action. */
export const contractsWithoutFacts: readonly Digest[] = extendedContracts.slice(0, 8);

/** Contracts of before a run that undoes another had to name the plan that was agreed to. */
export const contractsWithoutPlans: readonly Digest[] = extendedContracts.slice(0, 8);

/** Contracts of before a run that goes on from one that undid another had to have the policies of that other. */
export const contractsWithoutOlderPolicies: readonly Digest[] = extendedContracts.slice(0, 9);

/** Contracts that this version writes to: a ledger or a run of another one is only read. */
export const writtenContracts: readonly Digest[] = [catalogueDigest, ...extendedContracts];
