import type { Amounts } from '@chancery/kernel/account';
import type { Channels } from '@chancery/kernel/channel';
import type { Bearing, Controls, Halt } from '@chancery/kernel/control';
import type { Digest } from '@chancery/kernel/encoding';
import type { Head, HeadExpectation, LedgerStore, SealedEntry } from '@chancery/kernel/ledger';
import type { ActiveSet, ProposedBundles } from '@chancery/kernel/policy';
import type { DeclaredManifests } from '@chancery/kernel/manifest';
import type { DeclaredPrices } from '@chancery/kernel/prices';
import type { DeclaredPrograms } from '@chancery/kernel/programs';
import { isRemovalEntry } from '@chancery/kernel/removal';
import { assert, Fault, RefusalError, refusal } from '@chancery/kernel/refusal';
import {
  isTrustEntry,
  TrustFold,
  type IssuedAt,
  type ReadWrit,
  type Trust,
} from '@chancery/kernel/writ';
import { believed, haltsOf } from './control-state.ts';
import { withSwitch, type HostSwitch } from './host-switch.ts';
import { foldedStream, type FoldedStream, type Following } from './folded-stream.ts';
import { Plans } from './plans.ts';
import {
  evolvePolicyState,
  noPolicy,
  policySetOf,
  type ActiveBundles,
  type PolicyState,
} from './policy-state.ts';
import { initialWritState, writFold, type WritState } from './writ-state.ts';

/** Everything that decides over one run, as it stood at one moment. */
export interface Standing {
  readonly trust: Trust;
  readonly policy: ActiveSet;
  readonly channels: Channels;
  readonly prices: DeclaredPrices;
  readonly programs: DeclaredPrograms;
  /** Controls that concern the run: those of all, of the run, of its writ and of a writ above it. */
  readonly controls: readonly Halt[];
  /** The run's writ and its ancestors, the writ itself first; empty when it is not on the ledger. */
  readonly chain: readonly ReadWrit[];
  /** Where each of the chain was recorded. */
  readonly issuedAt: IssuedAt;
  readonly revoked: ReadonlySet<Digest>;
  /** Those of the chain that have been given back to the writ above them. */
  readonly closed: ReadonlySet<Digest>;
  /** Children of the writ that have not been closed. */
  readonly open: ReadonlySet<Digest>;
  /** What each child that was closed has brought back. */
  readonly brought: ReadonlyMap<Digest, Amounts>;
  /** Budget that the writ's children hold. */
  readonly carved: Amounts;
  /** How many children the writ has issued. */
  readonly children: number;
  /** Heads that a decision on this standing relies on; to be asserted when it is appended. */
  readonly reads: readonly HeadExpectation[];
}

/** The kill switches as they stood at one moment. */
export interface ControlStanding {
  readonly trust: Trust;
  readonly engaged: Controls;
  /** Of the stream `control`. */
  readonly head: Head | null;
  /** What tells whose controls count; to be asserted when one is appended. */
  readonly keys: HeadExpectation;
}

/** The policies as they stood at one moment. */
export interface PolicyStanding {
  readonly trust: Trust;
  readonly active: ActiveBundles;
  readonly channels: Channels;
  readonly prices: DeclaredPrices;
  readonly programs: DeclaredPrograms;
  readonly manifests: DeclaredManifests;
  readonly proposed: ProposedBundles;
  /** Of the stream `policy`. */
  readonly head: Head | null;
  /** What tells whose activations count; to be asserted when one is appended. */
  readonly keys: HeadExpectation;
}

interface Sources {
  /** Names of the streams of `reads`, in their order. */
  readonly sources: readonly string[];
}

/** Runs whose standing is remembered; over it all are forgotten and read again when needed. */
const standingsKept = 10_000;

/** Follows the streams that give and take authority: keys, policy, controls, writs. */
export class Authority {
  private readonly store: LedgerStore;
  private readonly ledger: Digest;
  private readonly host: HostSwitch | undefined;
  private readonly keys: FoldedStream<Trust | undefined>;
  private switches: FoldedStream<Controls>;
  private readonly writs = new Map<Digest, FoldedStream<WritState>>();
  private policy: FoldedStream<PolicyState>;
  private readonly plans: Plans;
  /** By run, plan and writ, with the streams that it was read from. */
  private readonly standings = new Map<string, Standing & Sources>();
  private known: Trust | undefined;

  /** `host`: the kill switch of the host that something is to be done on. */
  constructor(store: LedgerStore, ledger: Digest, host?: HostSwitch) {
    this.store = store;
    this.ledger = ledger;
    this.host = host;
    this.plans = new Plans(store);
    this.keys = this.follow<Trust | undefined>('ledger', undefined, (trust, sealed) =>
      evolveKeys(ledger, trust, sealed),
    );
    this.switches = this.followControls();
    this.policy = this.followPolicy();
  }

  private followControls(): FoldedStream<Controls> {
    return this.follow<Controls>('control', new Map(), (state, sealed) =>
      believed(state, sealed, this.knownTrust()),
    );
  }

  private followPolicy(): FoldedStream<PolicyState> {
    return this.follow('policy', noPolicy, (state, sealed) =>
      evolvePolicyState(state, sealed, { store: this.store, trust: this.knownTrust() }),
    );
  }

  async trust(): Promise<Trust> {
    return this.trustOf((await this.keys.read()).state);
  }

  /** The active policy set, compiled. */
  async policySet(): Promise<ActiveSet> {
    await this.trust();
    return policySetOf((await this.policy.read()).state.active);
  }

  /** The bundles that are active. */
  async policies(): Promise<PolicyStanding> {
    const keys = await this.keys.read();
    const trust = this.trustOf(keys.state);
    const { state, head } = await this.policy.read();
    return { trust, ...state, head, keys: { stream: this.keys.stream, head: keys.head } };
  }

  /** The controls that are engaged. */
  async controls(): Promise<ControlStanding> {
    const keys = await this.keys.read();
    const trust = this.trustOf(keys.state);
    const { state, head } = await this.switches.read();
    return { trust, engaged: state, head, keys: { stream: this.keys.stream, head: keys.head } };
  }

  /**
   * What stands now for a run that acts under a writ. The same value as before where nothing has
   * changed. `plan` is that of a run that is not recorded yet: of any other, its start tells it.
   */
  async standing(run: string, writ: Digest, plan?: string): Promise<Standing> {
    const named = { run, plan: (await this.plans.of(run)) ?? plan };
    const standing = await this.recorded(named, writ);
    if (this.host === undefined) return standing;
    const bearing = bearingOf(named, writ, standing);
    const controls = await withSwitch(standing.controls, this.host, { store: this.store, bearing });
    return controls === standing.controls ? standing : { ...standing, controls };
  }

  /** Calls whenever something may stand otherwise than before, until the answer is called. */
  subscribe(listener: () => void): () => void {
    const stops = [this.store.subscribe(listener), this.host?.watch(listener)];
    return () => {
      for (const stop of stops) stop?.();
    };
  }

  private async recorded(named: Named, writ: Digest): Promise<Standing> {
    const key = `${named.run} ${writ} ${named.plan ?? ''}`;
    const known = this.standings.get(key);
    if (known !== undefined && (await this.isCurrent(known))) return known;
    const standing = await this.read(named, writ);
    const read = { ...standing, sources: standing.reads.map(({ stream }) => stream) };
    if (this.standings.size >= standingsKept) this.standings.clear();
    this.standings.set(key, read);
    return read;
  }

  private async isCurrent({ reads, sources }: Standing & Sources): Promise<boolean> {
    const heads = await this.store.heads(sources);
    return reads.every(({ head }, index) => head?.digest === heads[index]?.digest);
  }

  private async read(named: Named, writ: Digest): Promise<Standing> {
    const keys = await this.keys.read();
    const trust = this.trustOf(keys.state);
    const policy = await this.policy.read();
    const controls = await this.switches.read();
    const reads: HeadExpectation[] = [
      { stream: this.keys.stream, head: keys.head },
      { stream: this.policy.stream, head: policy.head },
      { stream: this.switches.stream, head: controls.head },
    ];
    const writs = await this.writChain(writ, reads);
    const chain = writs.flatMap((state) => state.writ ?? []);
    return {
      trust,
      policy: policySetOf(policy.state.active),
      channels: policy.state.channels,
      prices: policy.state.prices,
      programs: policy.state.programs,
      controls: haltsOf(controls.state, bearingOf(named, writ, { chain })),
      chain,
      issuedAt: issuedIn(writs),
      revoked: new Set(
        writs.flatMap(({ revoked, writ: read }) => (revoked && read ? [read.id] : [])),
      ),
      closed: closedIn(writs),
      open: writs[0]?.open ?? initialWritState.open,
      brought: writs[0]?.brought ?? initialWritState.brought,
      carved: writs[0]?.carved ?? initialWritState.carved,
      children: writs[0]?.children ?? 0,
      reads,
    };
  }

  private async writChain(first: Digest, reads: HeadExpectation[]): Promise<readonly WritState[]> {
    const states: WritState[] = [];
    for (let next: Digest | null = first; next !== null;) {
      const followed = this.writStream(next);
      const { state, head } = await followed.read();
      reads.push({ stream: followed.stream, head });
      if (state.writ === undefined) return [];
      if (state.writ.id !== next)
        throw new Fault(`the stream ${followed.stream} holds another writ`);
      states.push(state);
      next = state.writ.writ.parent;
    }
    return states;
  }

  private writStream(writ: Digest): FoldedStream<WritState> {
    const known = this.writs.get(writ);
    if (known !== undefined) return known;
    const evolve = writFold(() => this.knownTrust());
    const made = this.follow(`writ:${writ}`, initialWritState, evolve);
    this.writs.set(writ, made);
    return made;
  }

  private follow<S>(stream: string, initial: S, evolve: Following<S>['evolve']): FoldedStream<S> {
    return foldedStream({ store: this.store, ledger: this.ledger, stream, initial, evolve });
  }

  /** Trust as it was read last: every reader of the other streams reads the keys before. */
  private knownTrust(): Trust {
    if (this.known === undefined) throw new Fault('the keys have not been read');
    return this.known;
  }

  private trustOf(trust: Trust | undefined): Trust {
    if (trust === undefined) {
      throw new RefusalError(refusal('ledger.missing', 'the ledger has no genesis'));
    }
    if (this.known !== undefined && hasMoreVoid(this.known, trust)) this.forget();
    this.known = trust;
    return trust;
  }

  /** What was folded of signatures that are void now is folded again without them. */
  private forget(): void {
    this.switches = this.followControls();
    this.policy = this.followPolicy();
    this.writs.clear();
    this.standings.clear();
  }
}

type Named = Omit<Bearing, 'writs'>;

/** A writ that is not on the ledger has a chain of nothing, and is named all the same. */
function bearingOf(named: Named, writ: Digest, { chain }: Pick<Standing, 'chain'>): Bearing {
  return { ...named, writs: [writ, ...chain.map(({ id }) => id)] };
}

/** Whether something that was believed to be signed has turned out to be void. */
function hasMoreVoid(before: Trust, after: Trust): boolean {
  if (before === after) return false;
  return [...after.keys].some(
    ([key, { voidFrom }]) => voidFrom !== undefined && voidFrom !== before.keys.get(key)?.voidFrom,
  );
}

function issuedIn(writs: readonly WritState[]): IssuedAt {
  const places = new Map(
    writs.flatMap(({ writ, issuedAt }) => (writ ? [[writ.id, issuedAt]] : [])),
  );
  return (writ) => places.get(writ);
}

/** Writs of a chain that the writ above each does not name as open any more. */
function closedIn(writs: readonly WritState[]): ReadonlySet<Digest> {
  return new Set(
    writs.flatMap(({ writ }, index) => {
      const above = writs[index + 1];
      return writ !== undefined && above?.open.has(writ.id) === false ? [writ.id] : [];
    }),
  );
}

/** @throws {RefusalError} `envelope.invalid` for what is not signed as it must be. */
function evolveKeys(
  ledger: Digest,
  trust: Trust | undefined,
  { entry, position }: SealedEntry,
): Trust | undefined {
  if (isRemovalEntry(entry)) return trust;
  if (!isTrustEntry(entry)) {
    throw new Fault(`an entry of kind ${entry.kind} stands in the stream ${entry.stream}`);
  }
  assert(position !== undefined, 'an entry that was read has a position');
  const fold = new TrustFold(ledger, trust);
  const wrong = fold.take({ entry, position });
  if (wrong !== undefined) throw new RefusalError(wrong);
  return fold.trust;
}
