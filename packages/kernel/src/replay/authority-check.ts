import { envelopeOf, type Digest, type Envelope, type KeyId } from '../encoding/index.ts';
import { contractDigest, type Contract, type Effect } from '../contract/index.ts';
import {
  checkChannelEntry,
  evolveChannels,
  isChannelEntry,
  type ChannelEntry,
  type Channels,
} from '../channel/index.ts';
import {
  checkManifestEntry,
  contractsOf,
  evolveManifests,
  isManifestEntry,
  type DeclaredManifests,
  type PlacedManifestEntry,
} from '../manifest/index.ts';
import {
  evolvePrices,
  isPricesEntry,
  type DeclaredPrices,
  type PlacedPricesEntry,
} from '../prices/index.ts';
import {
  checkProgramsEntry,
  evolvePrograms,
  isProgramsEntry,
  type DeclaredPrograms,
  type PlacedProgramsEntry,
} from '../programs/index.ts';
import { concerns, evolveControls, stops, type Controls } from '../control/index.ts';
import type { Entry, SealedEntry } from '../ledger/index.ts';
import {
  evolveRemovals,
  isRemovalEntry,
  noRemovals,
  type RemovalEntry,
  type Removals,
} from '../removal/index.ts';
import {
  bundleKey,
  evolveProposals,
  isProposalEntry,
  bundleDigest,
  policySetDigest,
  activeOn,
  bundleIn,
  readActivation,
  readActivators,
  readRetirement,
  type ActiveBundle,
  type ProposalEntry,
} from '../policy/index.ts';
import {
  beliefIn,
  isDelegationEntry,
  isTrustedFor,
  isTrustEntry,
  TrustFold,
  type Trust,
  type TrustEntry,
} from '../writ/index.ts';
import { readContent, type BlobReader } from './blob-reader.ts';
import type { Findings, Place } from './finding.ts';
import { isWritEntry, WritCheck } from './writ-check.ts';

/** A bundle that was activated or retired. */
interface PolicyChange {
  /** Under its level and name, null where it is retired; undefined where it was not given. */
  readonly bundle: readonly [string, ActiveBundle | null] | undefined;
  readonly policySet: Digest;
  readonly position: number;
  /** Of each of these, one key has to be trusted. */
  readonly signed: readonly (readonly KeyId[])[];
}

/** Who may what, as the streams `ledger`, `policy`, `control` and `writ:<id>` tell it so far. */
export class AuthorityCheck {
  readonly writs: WritCheck;
  private readonly ledger: Digest;
  private readonly findings: Findings;
  private readonly blobs: BlobReader;
  private readonly keys: TrustFold;
  /** Every change of the policies and every control, in case that a signature turns out to be void. */
  private readonly changes: PolicyChange[] = [];
  private readonly controlEntries: SealedEntry[] = [];
  private readonly channelEntries: { readonly entry: ChannelEntry; readonly position: number }[] =
    [];
  private defined: Channels = new Map();
  private readonly pricesEntries: PlacedPricesEntry[] = [];
  private declared: DeclaredPrices = [];
  private readonly manifestEntries: PlacedManifestEntry[] = [];
  private manifests: DeclaredManifests = new Map();
  private readonly programEntries: PlacedProgramsEntry[] = [];
  private known: DeclaredPrograms = new Map();
  /** By its digest, a contract that a manifest declared once, which says by which. */
  private readonly declaring = new Map<Digest, Contract>();
  private given: Map<string, ActiveBundle> | undefined = new Map();
  private activePolicy: Digest | undefined;
  private scoped = false;
  private controls: Controls = new Map();
  private removed: Removals = noRemovals;
  /** Position of the last entry that prunes a blob. */
  private readonly prunedAt = new Map<Digest, number>();

  constructor(ledger: Digest, findings: Findings, blobs: BlobReader) {
    this.ledger = ledger;
    this.keys = new TrustFold(ledger);
    this.findings = findings;
    this.blobs = blobs;
    this.writs = new WritCheck(findings);
  }

  /** Roots and keys; undefined while there is no valid genesis. */
  get trust(): Trust | undefined {
    return this.keys.trust;
  }

  /** Digest of the active policy set; undefined while there is none. */
  get policySet(): Digest | undefined {
    return this.activePolicy;
  }

  /** Those of the active set, by level and name; undefined once one of them was not given. */
  get bundles(): ReadonlyMap<string, ActiveBundle> | undefined {
    return this.given;
  }

  /** Whether a policy was ever activated for one repository alone. */
  get scopesPolicies(): boolean {
    return this.scoped;
  }

  /** Whether an engaged control stops an action of these effects in a run of this stream and plan. */
  halts(
    { stream, plan }: { readonly stream: string; readonly plan: string | undefined },
    writ: Digest,
    effects: readonly Effect[],
  ): boolean {
    const run = stream.slice('run:'.length);
    const writs = this.writs.chain(writ).map(({ id }) => id);
    return [...this.controls.values()].some(
      (control) => concerns(control, { run, plan, writs }) && stops(control.mode, effects),
    );
  }

  /** Channels as they are defined. */
  get channels(): Channels {
    return this.defined;
  }

  /** Price tables as they are declared. */
  get prices(): DeclaredPrices {
    return this.declared;
  }

  /** What is declared of programs. */
  get programs(): DeclaredPrograms {
    return this.known;
  }

  /** A contract that a manifest declared; undefined where none did. */
  declaredContract(contract: Digest): Contract | undefined {
    return this.declaring.get(contract);
  }

  /** Digest of the manifest that a contract is of; undefined where none was declared. */
  manifestOf(contract: Digest): Digest | undefined {
    return this.declaring.get(contract)?.manifest;
  }

  /** Digest of the contract of every capability that is declared now, by name. */
  get declaredContracts(): ReadonlyMap<string, Digest> {
    const offered = [...this.manifests.values()].filter(({ isOffered }) => isOffered);
    const contracts = offered.flatMap(({ manifest }) => contractsOf(manifest));
    return new Map(contracts.map((contract) => [contract.name, contractDigest(contract)]));
  }

  get removals(): Removals {
    return this.removed;
  }

  /** Whether a blob that an entry at this position names was pruned after it. */
  isPrunedAfter(blob: Digest, position: number): boolean {
    return (this.prunedAt.get(blob) ?? -1) > position;
  }

  take(place: Place, sealed: SealedEntry): void {
    const { entry } = sealed;
    if (entry.stream === 'control') this.control(place, sealed);
    else if (entry.kind === 'policy.activated') this.activate(place, entry);
    else if (entry.kind === 'policy.retired') this.retire(place, entry);
    else if (isProposalEntry(entry)) this.propose(place, entry);
    else if (isChannelEntry(entry)) this.channel(place, entry);
    else if (isPricesEntry(entry)) this.tabulate(place, { ...sealed, entry });
    else if (isManifestEntry(entry)) this.capability(place, { ...sealed, entry });
    else if (isProgramsEntry(entry)) this.program(place, { ...sealed, entry });
    else if (isTrustEntry(entry)) this.trustIn(place, entry);
    else if (isRemovalEntry(entry)) this.remove(place, entry);
    else if (isWritEntry(entry) && this.trust !== undefined) {
      this.writs.take(place, entry, this.trust);
    }
  }

  private trustIn(place: Place, entry: TrustEntry): void {
    const wrong = this.keys.take({ entry, position: place.position });
    if (wrong !== undefined) {
      const code = isDelegationEntry(entry) ? 'delegation.invalid' : 'key.invalid';
      this.findings.add(code, place, wrong.message);
    } else if (entry.kind === 'key.compromised') this.voidWhatWasSigned();
  }

  /** Policies and controls as they stand without what a compromised key has signed. */
  private voidWhatWasSigned(): void {
    const { trust } = this;
    if (trust === undefined) return;
    const left = this.changes.filter((change) => !isVoid(change, trust));
    if (this.given !== undefined) {
      this.given = new Map();
      for (const { bundle } of left) apply(this.given, bundle);
      this.activePolicy = policySetDigest([...this.given.values()]);
    } else this.activePolicy = left.at(-1)?.policySet;
    this.controls = new Map();
    for (const sealed of this.controlEntries) {
      const evolved = evolveControls(this.controls, sealed, trust);
      if (evolved.ok) this.controls = evolved.value;
    }
    this.defined = new Map();
    for (const placed of this.channelEntries) {
      const evolved = evolveChannels(this.defined, placed, trust);
      if (evolved.ok) this.defined = evolved.value;
    }
    this.declared = [];
    for (const placed of this.pricesEntries) {
      const evolved = evolvePrices(this.declared, placed, trust);
      if (evolved.ok) this.declared = evolved.value;
    }
    this.manifests = new Map();
    for (const placed of this.manifestEntries) {
      const evolved = evolveManifests(this.manifests, placed, trust);
      if (evolved.ok) this.manifests = evolved.value;
    }
    this.known = new Map();
    for (const placed of this.programEntries) {
      const evolved = evolvePrograms(this.known, placed, trust);
      if (evolved.ok) this.known = evolved.value;
    }
  }

  /** What is proposed decides nothing: it is checked, and not kept. */
  private propose(place: Place, entry: ProposalEntry): void {
    if (this.trust === undefined) return;
    const read = evolveProposals(new Map(), { entry, position: place.position }, this.trust);
    if (!read.ok) this.findings.add('policy.invalid', place, read.refusal.message);
  }

  private channel(place: Place, entry: ChannelEntry): void {
    if (this.trust === undefined) return;
    const placed = { entry, position: place.position };
    const evolved = evolveChannels(this.defined, placed, this.trust);
    const wrong = evolved.ok ? checkChannelEntry(this.defined, entry) : evolved.refusal;
    if (wrong !== undefined) this.findings.add('channel.invalid', place, wrong.message);
    if (!evolved.ok) return;
    this.channelEntries.push(placed);
    this.defined = evolved.value;
  }

  private tabulate(place: Place, said: PlacedPricesEntry): void {
    if (this.trust === undefined) return;
    const placed = { ...said, position: place.position };
    const evolved = evolvePrices(this.declared, placed, this.trust);
    if (!evolved.ok) {
      this.findings.add('prices.invalid', place, evolved.refusal.message);
      return;
    }
    this.pricesEntries.push(placed);
    this.declared = evolved.value;
  }

  private capability(place: Place, said: PlacedManifestEntry): void {
    if (this.trust === undefined) return;
    const placed = { ...said, position: place.position };
    const evolved = evolveManifests(this.manifests, placed, this.trust);
    const wrong = evolved.ok ? checkManifestEntry(this.manifests, said.entry) : evolved.refusal;
    if (wrong !== undefined) this.findings.add('manifest.invalid', place, wrong.message);
    if (!evolved.ok) return;
    this.manifestEntries.push(placed);
    this.manifests = evolved.value;
    for (const { manifest } of this.manifests.values()) {
      for (const contract of contractsOf(manifest)) {
        this.declaring.set(contractDigest(contract), contract);
      }
    }
  }

  private program(place: Place, said: PlacedProgramsEntry): void {
    if (this.trust === undefined) return;
    const placed = { ...said, position: place.position };
    const evolved = evolvePrograms(this.known, placed, this.trust);
    const wrong = evolved.ok ? checkProgramsEntry(this.known, said.entry) : evolved.refusal;
    if (wrong !== undefined) this.findings.add('programs.invalid', place, wrong.message);
    if (!evolved.ok) return;
    this.programEntries.push(placed);
    this.known = evolved.value;
  }

  private remove(place: Place, entry: RemovalEntry): void {
    if (this.trust === undefined) return;
    const { position } = place;
    const evolved = evolveRemovals(this.removed, { entry, position }, this.trust);
    if (!evolved.ok) {
      this.findings.add('removal.invalid', place, evolved.refusal.message);
      return;
    }
    this.removed = evolved.value;
    const blobs = entry.kind === 'blob.pruned' ? entry.body.blobs : [];
    for (const blob of blobs) this.prunedAt.set(blob, place.position);
  }

  /** What is not signed as it must be changes nothing: neither halts it a run, nor lets it one go on. */
  private control(place: Place, sealed: SealedEntry): void {
    if (this.trust === undefined) return;
    const placed = { ...sealed, position: place.position };
    this.controlEntries.push(placed);
    const evolved = evolveControls(this.controls, placed, this.trust);
    if (evolved.ok) this.controls = evolved.value;
    else this.findings.add('control.invalid', place, evolved.refusal.message);
  }

  private activate(place: Place, entry: Entry<'policy.activated'>): void {
    const { envelope: recorded } = entry.body;
    if (!('blob' in recorded)) {
      this.activateBundle(place, entry, recorded);
    } else if (this.blobs(recorded.blob.digest) === undefined) {
      this.activateUnread(place, entry);
    } else {
      this.activateBundle(place, entry, envelopeOf(readContent(recorded, this.blobs)));
    }
  }

  private activateBundle(
    place: Place,
    { body, prev }: Entry<'policy.activated'>,
    envelope: Envelope | undefined,
  ): void {
    if (envelope === undefined) {
      this.findings.add('policy.invalid', place, 'the blob of its bundle holds another');
      return;
    }
    const read = readActivation({ ...body, envelope }, { ledger: this.ledger, after: prev });
    if (!read.ok) {
      this.findings.add('policy.invalid', place, read.refusal.message);
      return;
    }
    const { bundle, signers, activators, repository } = read.value;
    if (!this.mayDecide(signers) || !this.mayDecide(activators)) {
      this.findings.add('policy.invalid', place, 'the bundle is signed by no trusted key');
    }
    this.scoped ||= repository !== undefined;
    this.change(place, {
      bundle: [bundleKey(bundle), activeOn(bundle, repository)],
      policySet: body.policySet,
      signed: [signers, activators],
    });
  }

  /** The bundle is not at hand: what was signed of it is its digest, and that it decides here. */
  private activateUnread(place: Place, { body, prev }: Entry<'policy.activated'>): void {
    this.findings.add('content.unread', place, 'the bundle of the policy was not given');
    const read = readActivators(body, { ledger: this.ledger, after: prev });
    if (!read.ok) {
      this.findings.add('policy.invalid', place, read.refusal.message);
      return;
    }
    if (!this.mayDecide(read.value.activators)) {
      this.findings.add('policy.invalid', place, 'the activation is signed by no trusted key');
    }
    this.given = undefined;
    const { activators, repository } = read.value;
    this.scoped ||= repository !== undefined;
    this.change(place, { bundle: undefined, policySet: body.policySet, signed: [activators] });
  }

  private retire(place: Place, { body, prev }: Entry<'policy.retired'>): void {
    const read = readRetirement(body, { ledger: this.ledger, after: prev });
    if (!read.ok) {
      this.findings.add('policy.invalid', place, read.refusal.message);
      return;
    }
    if (!this.mayDecide(read.value)) {
      this.findings.add('policy.invalid', place, 'the retirement is signed by no trusted key');
    }
    const key = bundleKey(body);
    const retired = this.given?.get(key);
    if (this.given !== undefined && (!retired || bundleDigest(bundleIn(retired)) !== body.bundle)) {
      this.findings.add('policy.invalid', place, 'the bundle that is retired is not active');
    }
    const { policySet } = body;
    this.change(place, { bundle: [key, null], policySet, signed: [read.value] });
  }

  private change(place: Place, change: Omit<PolicyChange, 'position'>): void {
    if (this.given !== undefined) apply(this.given, change.bundle);
    this.changes.push({ ...change, position: place.position });
    this.decide(place, change.policySet);
  }

  private mayDecide(keys: readonly KeyId[]): boolean {
    const { trust } = this;
    return trust !== undefined && keys.some((key) => isTrustedFor(trust, key, 'sign-policy'));
  }

  /** The set that decides from here on, as the entry names it and the bundles make it. */
  private decide(place: Place, named: Digest): void {
    const isFirst = this.activePolicy === undefined;
    this.activePolicy =
      this.given === undefined ? named : policySetDigest([...this.given.values()]);
    if (this.activePolicy !== named) {
      this.findings.add('policy.mismatch', place, `the set has the digest ${this.activePolicy}`);
    }
    const { trust } = this;
    if (isFirst && trust !== undefined && this.activePolicy !== trust.genesis.defaultPolicy) {
      this.findings.add('policy.mismatch', place, 'the genesis names another default policy');
    }
  }
}

function apply(bundles: Map<string, ActiveBundle>, changed: PolicyChange['bundle']): void {
  const [key, bundle] = changed ?? [];
  if (key === undefined || bundle === undefined) return;
  if (bundle === null) bundles.delete(key);
  else bundles.set(key, bundle);
}

/** Whether a change that counted when it was recorded counts no more. */
function isVoid({ signed, position }: PolicyChange, trust: Trust): boolean {
  const mayDecide = (by: Trust): boolean =>
    signed.every((keys) => keys.some((key) => isTrustedFor(by, key, 'sign-policy', position)));
  return beliefIn(trust, mayDecide) === 'lost';
}
