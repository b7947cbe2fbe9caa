import type { Digest, Json, JsonObject, Signer } from '@chancery/kernel/encoding';
import type { LedgerStore, SealedEntry } from '@chancery/kernel/ledger';
import type { Bundle } from '@chancery/kernel/policy';
import { done, Fault, RefusalError } from '@chancery/kernel/refusal';
import type { Terms } from '@chancery/kernel/writ';
import { Authority, foundLedger } from '@chancery/runtime/authority';
import type { Capability, Phase, Sandbox } from '@chancery/runtime/broker';
import { defaultRetryPolicy, type Model } from '@chancery/runtime/cognition';
import {
  authoriseDirectly,
  startRun,
  type House,
  type HeldRun,
  type RunRequest,
} from '@chancery/runtime/drive';
import type { Clock } from '@chancery/runtime/journal';
import { redactor } from '@chancery/runtime/redaction';
import type { SubjectKeys } from '@chancery/runtime/removal';
import type { Workspace, Workspaces } from '@chancery/runtime/workspace';
import { signerFrom } from '../builders/index.ts';
import { MemoryWorkspace } from './memory-workspace.ts';

/** A bundle whose only rule permits everything. */
export const permitEverything: Bundle = bundleOf({
  'permit-everything': rule('permit'),
});

/** A bundle of rules in Cedar's JSON form, by id. */
export function bundleOf(rules: Readonly<Record<string, JsonObject>>): Bundle {
  return {
    v: 1,
    name: 'test',
    level: 'tenant',
    policies: {
      staticPolicies: Object.fromEntries(
        Object.entries(rules).map(([id, body]) => [
          id,
          { ...body, annotations: { ...(body['annotations'] as JsonObject), id } },
        ]),
      ),
      templates: {},
      templateLinks: [],
    },
    text: '',
    schema: '0'.repeat(64),
  };
}

/** A rule for one capability, or for all. */
export function rule(
  effect: 'permit' | 'forbid',
  capability?: string,
  annotations: JsonObject = {},
): JsonObject {
  const resource: Json =
    capability === undefined
      ? { op: 'All' }
      : { op: '==', entity: { type: 'Capability', id: capability } };
  return {
    annotations,
    effect,
    principal: { op: 'All' },
    action: { op: 'All' },
    resource,
    conditions: [],
  };
}

/** A clock that a test moves. */
export class HandClock implements Clock {
  ms = 1_000_000;

  nowMs(): number {
    return this.ms;
  }
}

/** A sandbox that runs nothing; for capabilities that start no command. */
export const noCommands: Sandbox = {
  checkReadable: () => undefined,
  probe: () =>
    Promise.resolve({ provider: 'none', version: '0', enforced: [], missing: [], unsafe: false }),
  run: () => Promise.reject(new Error('no command is to be run')),
};

export interface HouseRequest {
  readonly store: LedgerStore;
  readonly capabilities: readonly Capability[];
  readonly bundle?: Bundle;
  readonly clock?: Clock;
  readonly workspace?: (run: string) => Workspace;
  readonly probe?: (phase: Phase) => void;
  readonly secrets?: readonly string[];
  readonly subjectKeys?: SubjectKeys;
}

export interface TestHouse extends House {
  readonly owner: Signer;
  readonly seen: SealedEntry[];
}

/** A runtime on a ledger of its own that is founded anew, or taken up as it is. */
export async function houseOf(request: HouseRequest): Promise<TestHouse> {
  const owner = signerFrom(1);
  const actor = signerFrom(2);
  const clock = request.clock ?? new HandClock();
  const { store } = request;
  const ledger = await ledgerOf(store, { clock, owner, actor, bundle: request.bundle });
  const seen: SealedEntry[] = [];
  let names = 0;
  return {
    store,
    ledger,
    clock,
    owner,
    actor,
    authority: new Authority(store, ledger),
    capabilities: request.capabilities,
    restoringOn: () => [],
    // Schemas have tests of their own, with the real library.
    compileSchema: () => () => undefined,
    workspaces: memoryWorkspaces(request.workspace),
    sandbox: noCommands,
    locks: { acquire: () => Promise.resolve(done(() => Promise.resolve())) },
    redactor: redactor({ secrets: request.secrets ?? [] }),
    ...(request.subjectKeys === undefined ? {} : { subjectKeys: request.subjectKeys }),
    retry: defaultRetryPolicy,
    newName: () => `r${(names += 1)}`,
    probe: request.probe ?? (() => undefined),
    onEntry: (sealed) => seen.push(sealed),
    seen,
  };
}

interface Keys {
  readonly clock: Clock;
  readonly owner: Signer;
  readonly actor: Signer;
  readonly bundle: Bundle | undefined;
}

async function ledgerOf(
  store: LedgerStore,
  { clock, owner, actor, bundle }: Keys,
): Promise<Digest> {
  const [first] = await store.read('ledger', 0, 1);
  if (first !== undefined && (await store.head('policy')) !== null) return genesisDigest(store);
  const founded = await foundLedger(
    { store, clock, bundle: bundle ?? permitEverything },
    { name: 'test', nonce: 'test', owner, runtime: actor.id },
  );
  if (!founded.ok) throw new RefusalError(founded.refusal);
  return founded.value;
}

async function genesisDigest(store: LedgerStore): Promise<Digest> {
  const [second] = await store.read('policy', 0, 1);
  const prev: unknown = second === undefined ? undefined : JSON.parse(second.text);
  // The first entry of every stream but the genesis links to the ledger id.
  return (prev as { readonly prev: Digest }).prev;
}

function memoryWorkspaces(make = (run: string): Workspace => new MemoryWorkspace(run)): Workspaces {
  const made = new Map<string, Workspace>();
  const of = (run: string): Workspace => {
    const workspace = made.get(run) ?? make(run);
    made.set(run, workspace);
    return workspace;
  };
  return {
    rootOf: (folder) => Promise.resolve(done(folder)),
    create: ({ run }) => Promise.resolve(done(of(run))),
    open: (run) => Promise.resolve(done(of(run))),
    present: () => Promise.resolve([]),
    discard: () => Promise.resolve(),
    apply: (_origin, commit) => Promise.resolve(done(commit)),
    compare: () => Promise.reject(new Fault('trees in memory are compared by their workspace')),
    checkOut: () =>
      Promise.reject(new Fault('a workspace in memory has no folder to check out into')),
  };
}

/** Terms that grant every capability of the house, all effects, and a large budget. */
export function wideTerms(house: House, change: Partial<Terms> = {}): Terms {
  return {
    grants: house.capabilities
      .map(({ contract }) => ({ capability: contract.name, where: [] }))
      .sort((a, b) => (a.capability < b.capability ? -1 : 1)),
    effects: ['pure', 'read', 'write', 'external', 'irreversible'],
    budget: {
      tokens: 10_000_000,
      costMicrousd: 10_000_000,
      calls: 1_000_000,
      wallMs: 1_000_000_000,
      cpuMs: 1_000_000_000,
      bytesOut: 1_000_000_000,
    },
    window: { notBefore: 0, notAfter: 10_000_000_000_000 },
    delegation: { depth: 0, children: 0 },
    ...change,
  };
}

/** Starts a run under a root writ of the owner. @throws {RefusalError} when it is refused. */
export async function startTestRun(
  house: TestHouse,
  model: Model,
  change: Partial<RunRequest> = {},
  terms: Terms = wideTerms(house),
): Promise<HeldRun> {
  const authorised = await authoriseDirectly(house, house.owner, terms);
  if (!authorised.ok) throw new RefusalError(authorised.refusal);
  const held = await startRun(house, {
    task: 'a task',
    repository: '/memory',
    allowDirty: false,
    model,
    why: 'test',
    authorised: authorised.value,
    gates: [],
    limits: { turns: 20, wallMs: 3_600_000, retries: 4, outputTokens: 1_000, approvalMs: 60_000 },
    riskThreshold: 'critical',
    protectedPaths: [],
    readable: [],
    ...change,
  });
  if (!held.ok) throw new RefusalError(held.refusal);
  return held.value;
}
