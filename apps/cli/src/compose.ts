import { contractDigest, type Contract } from '@chancery/kernel/contract';
import { type SnapshotObjects } from '@chancery/adapters/workspace-git';
import { type Digest, type KeyId, type Signer } from '@chancery/kernel/encoding';
import { checkBatch, type LedgerStore, type SealedEntry } from '@chancery/kernel/ledger';
import { type Bundle } from '@chancery/kernel/policy';
import { done, Fault, refused, type Result } from '@chancery/kernel/refusal';
import { Authority } from '@chancery/runtime/authority';
import { type Capability, type Sandbox } from '@chancery/runtime/broker';
import { defaultRetryPolicy, localPrice, priceOf, type Model } from '@chancery/runtime/cognition';
import { type House, type RunLocks } from '@chancery/runtime/drive';
import { type Clock, type ClockJump } from '@chancery/runtime/journal';
import { redactor, type Redactor } from '@chancery/runtime/redaction';
import { type SubjectKeys } from '@chancery/runtime/removal';
import { type VerifierKey } from '@chancery/kernel/tree';
import {
  Witness,
  type Anchor,
  type AnchorSource,
  type AskedWitness,
  type CheckTime,
  type Lease,
  type TileStore,
  type TimeAuthority,
  type WitnessOptions,
} from '@chancery/runtime/transparency';
import { type Workspaces } from '@chancery/runtime/workspace';
import { type AnchorPlace } from './anchor-place.ts';
import { databaseUrl } from './database.ts';
import { granted } from './exit.ts';
import { readConfig, type Home } from './home.ts';
import { type ModelChoice } from './model-choice.ts';

/** Opens the ledger to read it, whoever else writes it. */
export async function openReader(home: Home): Promise<LedgerStore> {
  const database = databaseOf(home);
  if (database !== undefined) return openInDatabase(home, database);
  const { readSqliteStore } = await import('@chancery/adapters/store-sqlite');
  return readSqliteStore(home.ledger);
}

/** Opens the ledger to write it: as its owner, or through the process that owns it. */
export async function openWriter(home: Home, create = false): Promise<LedgerStore> {
  const database = databaseOf(home);
  if (database !== undefined) return openInDatabase(home, database);
  const { openLedger } = await import('@chancery/adapters/owner-socket');
  const { openSqliteStore, readSqliteStore } = await import('@chancery/adapters/store-sqlite');
  return openLedger({
    folder: home.folder,
    check: checkBatch,
    openOwned: () => openSqliteStore({ path: home.ledger, create }),
    openRead: () => readSqliteStore(home.ledger),
  });
}

/** Name of the home's ledger in its database; undefined for one that is a file. */
function databaseOf(home: Home): string | undefined {
  const config = readConfig(home);
  return config.ok ? config.value.database : undefined;
}

/** Name of the ledger with this id among those of the home's database. Refuses `ledger.missing`. */
export async function nameInDatabase(home: Home, ledger: Digest): Promise<Result<string>> {
  const { findLedger } = await import('@chancery/adapters/store-postgres');
  const name = await findLedger({ url: granted(databaseUrl(home)) }, ledger);
  if (name !== undefined) return done(name);
  return refused('ledger.missing', `the database has no ledger ${ledger}`, {
    remedy: 'Check the id and the address: `chancery doctor` tells both in a home of the ledger.',
  });
}

/** A database needs no owner: any number of processes and servers write it at once. */
export async function openInDatabase(home: Home, ledger: string): Promise<LedgerStore> {
  const { openPostgresStore } = await import('@chancery/adapters/store-postgres');
  return openPostgresStore({ url: granted(databaseUrl(home)), ledger });
}

/**
 * Brings the tables of the home's database to the format of this version, making them where there
 * are none. An existing `runtimeRole` is granted what it needs.
 */
export async function migrateDatabase(home: Home, runtimeRole: string | undefined): Promise<void> {
  const { migratePostgres } = await import('@chancery/adapters/store-postgres');
  const role = runtimeRole === undefined ? {} : { runtimeRole };
  await migratePostgres({ url: granted(databaseUrl(home)), ...role });
}

/** Opens a ledger of the home's database, making it where there is none of this name. */
export async function openNewDatabase(home: Home, ledger: string): Promise<LedgerStore> {
  const { openPostgresStore } = await import('@chancery/adapters/store-postgres');
  return openPostgresStore({ url: granted(databaseUrl(home)), ledger, create: true });
}

/** A ledger that only this process writes, until it is closed. */
export interface LonelyLedger {
  readonly store: LedgerStore;
  close(): Promise<void>;
}

export interface LonelyRequest {
  /** Its name among the ledgers of the home's database; undefined for the file of the home. */
  readonly database: string | undefined;
  /** Make an empty one where there is none; otherwise that is `ledger.missing`. */
  readonly create: boolean;
}

/** Opens a ledger to write it alone. Refuses `ledger.busy` where another process writes it. */
export async function openLonely(
  home: Home,
  { database, create }: LonelyRequest,
): Promise<LonelyLedger> {
  if (database === undefined) {
    const { openAlone } = await import('@chancery/adapters/owner-socket');
    const { openSqliteStore } = await import('@chancery/adapters/store-sqlite');
    const { folder, ledger: path } = home;
    return openAlone({ folder, openOwned: () => openSqliteStore({ path, create }) });
  }
  const { openPostgresStore } = await import('@chancery/adapters/store-postgres');
  const url = granted(databaseUrl(home));
  const store = await openPostgresStore({ url, ledger: database, create, alone: true });
  return { store, close: () => store.close() };
}

/** A home's database, as it is shown. */
export interface ShownDatabase {
  /** Without its password. */
  readonly address: string;
  readonly server: string;
  readonly role: string;
  readonly isEncrypted: boolean;
  readonly mayChange: boolean;
}

export async function inspectDatabase(home: Home): Promise<ShownDatabase> {
  const { inspectPostgres, shownAddress } = await import('@chancery/adapters/store-postgres');
  const url = granted(databaseUrl(home));
  return { address: shownAddress({ url }), ...(await inspectPostgres({ url })) };
}

/** What the owner of a database's tables says to give a role the rights that runs need. */
export async function databaseGrants(role: string): Promise<readonly string[]> {
  const { runtimeGrants } = await import('@chancery/adapters/store-postgres');
  return runtimeGrants(role).trim().split('\n');
}

export async function openClock(floorMs: number): Promise<Clock> {
  const { systemClock } = await import('@chancery/adapters/clock-system');
  return systemClock({ floorMs });
}

export async function subjectKeysOf(home: Home): Promise<SubjectKeys> {
  const { subjectKeys } = await import('@chancery/adapters/keys-file');
  return subjectKeys(home.subjects);
}

/** Where the ledger's tree is kept. */
export async function tilesOf(home: Home): Promise<TileStore> {
  const { tilesFolder } = await import('@chancery/adapters/tiles-folder');
  return tilesFolder(home.tiles);
}

/** An authority of time, believed below the certificates in this PEM text. Refuses `usage.invalid`. */
export async function timeAuthorityOf(url: string, pem: string): Promise<Result<TimeAuthority>> {
  const { readTrusted, timeAuthority } = await import('@chancery/adapters/timestamp-rfc3161');
  const trusted = readTrusted(pem);
  return trusted.ok ? timeAuthority({ url, trusted: trusted.value }) : trusted;
}

/** Checks times below the certificates in this PEM text. Refuses `usage.invalid`. */
export async function timeCheckOf(pem: string): Promise<Result<CheckTime>> {
  const { checkReply, readTrusted } = await import('@chancery/adapters/timestamp-rfc3161');
  const trusted = readTrusted(pem);
  if (!trusted.ok) return trusted;
  return done((reply, content) => checkReply(reply, { content, trusted: trusted.value }));
}

export async function locksOf(home: Home): Promise<RunLocks> {
  const ledger = databaseOf(home);
  if (ledger !== undefined) {
    const { postgresRunLocks } = await import('@chancery/adapters/store-postgres');
    return postgresRunLocks({ url: granted(databaseUrl(home)), ledger });
  }
  const { runLocks } = await import('@chancery/adapters/run-locks');
  return runLocks(home.locks);
}

export interface ServedTiles {
  readonly url: string;
  /** Whether only this machine can reach it. */
  readonly isPrivate: boolean;
  close(): Promise<void>;
}

/** Serves the tree of the ledger over HTTP. Refuses `usage.invalid` where it cannot listen. */
export async function serveTree(
  home: Home,
  address: { readonly host: string; readonly port: number },
  onFailure: (error: unknown) => void,
): Promise<ServedTiles> {
  const { isLoopback, serveTiles } = await import('@chancery/adapters/log-http');
  const served = await serveTiles(await tilesOf(home), { ...address, onFailure });
  return { ...served, isPrivate: isLoopback(address.host) };
}

/** The anchor of a ledger at a place, as whoever compares reads it. */
export async function anchorSourceAt(place: AnchorPlace, ledger: Digest): Promise<AnchorSource> {
  if (place.type !== 'git') return plainAnchor(place);
  const { gitAnchorSource } = await import('@chancery/adapters/anchor-git');
  return gitAnchorSource({ repository: place.repository, branch: anchorBranch(ledger) });
}

/** The anchor of a ledger at a place; commits there are signed by `signer`. */
export async function anchorAt(
  place: AnchorPlace,
  ledger: Digest,
  signer: Signer,
): Promise<Anchor> {
  if (place.type !== 'git') return plainAnchor(place);
  const { gitAnchor } = await import('@chancery/adapters/anchor-git');
  const clock = await openClock(0);
  const { repository } = place;
  const nowMs = (): number => clock.nowMs();
  return gitAnchor({ repository, branch: anchorBranch(ledger), signer, nowMs });
}

async function plainAnchor(place: Exclude<AnchorPlace, { readonly type: 'git' }>): Promise<Anchor> {
  if (place.type === 'http') {
    const { httpAnchor } = await import('@chancery/adapters/anchor-http');
    return httpAnchor(place.url);
  }
  const { fileAnchor } = await import('@chancery/adapters/anchor-file');
  return fileAnchor(place.path);
}

/** Many ledgers can share a repository. */
const anchorBranch = (ledger: Digest): string => `chancery/anchor-${ledger.slice(0, 16)}`;

/** Witnesses, asked over HTTP. */
export async function witnessesOver(
  addresses: readonly { readonly base: string; readonly key: VerifierKey }[],
): Promise<readonly AskedWitness[]> {
  const { witnessOverHttp } = await import('@chancery/adapters/log-http');
  return addresses.map(({ base, key }) => witnessOverHttp(base, key));
}

export interface ServedWitness {
  readonly url: string;
  readonly key: VerifierKey;
  close(): Promise<void>;
}

/** One process at a time is the witness of a home. Refuses `ledger.busy`. */
export async function witnessLock(home: Home): Promise<Result<() => Promise<void>>> {
  const { runLocks } = await import('@chancery/adapters/run-locks');
  const lock = await runLocks(home.locks).acquire('witness');
  if (lock.ok || lock.refusal.code !== 'run.driven') return lock;
  return refused('ledger.busy', `another process is the witness of ${home.folder}`);
}

/** Serves the witness of this home. Refuses `usage.invalid` where it cannot listen. */
export async function openWitness(
  home: Home,
  witnessed: Pick<WitnessOptions, 'name' | 'signer' | 'logs'>,
  address: { readonly host: string; readonly port: number },
  onFailure: (error: unknown) => void,
): Promise<ServedWitness> {
  const { serveWitness } = await import('@chancery/adapters/log-http');
  const { tilesFolder } = await import('@chancery/adapters/tiles-folder');
  const kept = tilesFolder(home.witnessed);
  const witness = new Witness({ ...witnessed, kept, clock: await openClock(0) });
  const served = await serveWitness({ witness, kept }, { ...address, onFailure });
  return { ...served, key: witness.key };
}

/**
 * The right to let the tree of the ledger grow and to sign its head. One process has it, of all that
 * use the database where the ledger is in one. Each home keeps tiles of its own all the same.
 */
export async function treeLease(home: Home): Promise<Lease> {
  const ledger = databaseOf(home);
  if (ledger !== undefined) {
    const { postgresTreeLease } = await import('@chancery/adapters/store-postgres');
    return postgresTreeLease({ url: granted(databaseUrl(home)), ledger });
  }
  const locks = await import('@chancery/adapters/run-locks');
  return locks.treeLease(home.locks);
}

/** The key in a file. Refuses `key.missing`, `key.exposed`, `key.invalid`. */
export async function loadKey(file: string): Promise<Result<Signer>> {
  const { loadSigner } = await import('@chancery/adapters/keys-file');
  return loadSigner(file);
}

/** A key that the ledger was founded with: no other can take its place. Refuses as `loadKey`. */
export async function foundedKey(file: string): Promise<Result<Signer>> {
  const key = await loadKey(file);
  if (key.ok || key.refusal.code !== 'key.missing') return key;
  return refused('key.missing', key.refusal.message, {
    remedy: `Restore ${file} from a copy: no other key can take its place.`,
  });
}

/** A key in a file of the home. */
export interface KeyFile {
  readonly id: KeyId;
  readonly label: string;
  readonly file: string;
}

/** Keys of the home, by their names. Refuses as `loadKey`. */
export async function keysIn(home: Home): Promise<Result<readonly KeyFile[]>> {
  const { listKeys } = await import('@chancery/adapters/keys-file');
  return listKeys(home.keys);
}

/** Makes a key in the home. Refuses `key.exists`, `key.invalid`, `ledger.unreachable`. */
export async function makeKey(home: Home, label: string): Promise<Result<KeyFile>> {
  const { createKey } = await import('@chancery/adapters/keys-file');
  return createKey(home.keys, label);
}

/** The key of this name, made where there is none. */
export async function ensureKey(home: Home, label: string, file: string): Promise<Result<Signer>> {
  const { createKey } = await import('@chancery/adapters/keys-file');
  const made = createKey(home.keys, label);
  if (made.ok) return done(made.value.signer);
  return made.refusal.code === 'key.exists' ? loadKey(file) : made;
}

export async function newName(): Promise<string> {
  const clock = await import('@chancery/adapters/clock-system');
  return clock.newName();
}

/** The policy that a new ledger begins with. */
export async function defaultBundle(): Promise<Bundle> {
  const cedar = await import('@chancery/adapters/policy-cedar');
  return cedar.defaultBundle();
}

export async function workspacesOf(home: Home): Promise<Workspaces> {
  const { gitWorkspaces } = await import('@chancery/adapters/workspace-git');
  return gitWorkspaces({ home: home.folder });
}

/** Reads and writes recorded files as single objects, to move them. */
export async function snapshotObjectsOf(home: Home): Promise<SnapshotObjects> {
  const { snapshotObjects } = await import('@chancery/adapters/workspace-git');
  return snapshotObjects({ home: home.folder });
}

/** `hidden`: folders that no path that is shared with commands may show. */
export async function sandboxOf(unsafe: boolean, hidden: readonly string[] = []): Promise<Sandbox> {
  const { bubblewrapSandbox, unsafeSandbox } =
    await import('@chancery/adapters/sandbox-bubblewrap');
  return unsafe ? unsafeSandbox() : bubblewrapSandbox({ hidden });
}

/** Capabilities that need no files of a run to be made. */
async function generalCapabilities(): Promise<readonly Capability[]> {
  const { fsCapabilities } = await import('@chancery/adapters/capability-fs');
  const { savepoint } = await import('@chancery/adapters/capability-savepoint');
  const { shellCapability } = await import('@chancery/adapters/capability-shell');
  return [...fsCapabilities, savepoint, shellCapability()];
}

/** Whether every program that a command runs can be told from its text. */
export async function isClear(command: string): Promise<boolean> {
  const { programsOfLine, unknown } = await import('@chancery/adapters/capability-shell');
  return !programsOfLine(command).includes(unknown);
}

/** Contracts of everything that a run is offered, by name. */
export async function offeredContracts(): Promise<ReadonlyMap<string, Contract>> {
  const { gitCapabilities } = await import('@chancery/adapters/capability-git');
  const nowhere = (): never => {
    throw new Fault('there are no files to compare');
  };
  const origin = { repository: '', baseCommit: '', baseBranch: null };
  const workspace = { origin, branch: '', changes: nowhere, diff: nowhere };
  const all = [...(await generalCapabilities()), ...gitCapabilities({ workspace, base: '' })];
  const contracts = all.map(({ contract }) => [contract.name, contract] as const);
  return new Map(contracts.sort(([a], [b]) => (a < b ? -1 : 1)));
}

export async function offeredDigests(): Promise<ReadonlyMap<string, Digest>> {
  const contracts = await offeredContracts();
  return new Map([...contracts].map(([name, contract]) => [name, contractDigest(contract)]));
}

export interface HouseRequest {
  readonly home: Home;
  readonly ledger: Digest;
  readonly store: LedgerStore;
  readonly actor: Signer;
  readonly redactor: Redactor;
  /** Latest time that is recorded where this house goes on. */
  readonly floorMs: number;
  /** Told when the machine's clock was set while this house works. */
  readonly onJump: (jump: ClockJump) => void;
  /** Run commands without any confinement. */
  readonly unsafe: boolean;
  readonly onEntry: (sealed: SealedEntry) => void;
}

/** Puts the runtime together. */
export async function openHouse(request: HouseRequest): Promise<House> {
  const { home, ledger, store, actor, onEntry } = request;
  const { gitCapabilities } = await import('@chancery/adapters/capability-git');
  const { compileSchema } = await import('@chancery/adapters/schema-ajv');
  const clock = await import('@chancery/adapters/clock-system');
  return {
    ...{ store, ledger, actor, onEntry, compileSchema },
    clock: clock.systemClock({ floorMs: request.floorMs, onJump: request.onJump }),
    authority: new Authority(store, ledger),
    capabilities: await generalCapabilities(),
    capabilitiesOn: gitCapabilities,
    workspaces: await workspacesOf(home),
    sandbox: await sandboxOf(request.unsafe, [home.folder]),
    locks: await locksOf(home),
    redactor: request.redactor,
    subjectKeys: await subjectKeysOf(home),
    retry: defaultRetryPolicy,
    newName: () => clock.newName(),
    probe: () => undefined,
  };
}

/** Guards these values in everything that is recorded or shown. */
export function redactorOf(secrets: readonly string[]): Redactor {
  return redactor({ secrets });
}

/** Longest time that one model call may take. */
const callTimeoutMs = 600_000;

/** The environment variable that holds a provider's API key. */
export const keyVariables = {
  anthropic: 'ANTHROPIC_API_KEY',
  openai: 'OPENAI_API_KEY',
  'openai-compatible': 'OPENAI_COMPATIBLE_API_KEY',
} as const;

/** Refuses `model.script-invalid`, `model.no-key`, `model.unpriced`. */
export async function modelOf(choice: ModelChoice, env: NodeJS.ProcessEnv): Promise<Result<Model>> {
  if (choice.provider === 'scripted') {
    const { loadScript, scriptedModel } = await import('@chancery/adapters/model-scripted');
    const script = loadScript(choice.name);
    return script.ok ? done(scriptedModel(script.value)) : script;
  }
  const { name, baseUrl } = choice;
  const local = choice.provider === 'ollama';
  const provider = choice.provider === 'ollama' ? 'openai-compatible' : choice.provider;
  const price = choice.price ?? (local ? localPrice : priceOf(provider, name));
  if (price === undefined) {
    return refused('model.unpriced', `the price of ${provider}:${name} is not known`);
  }
  const apiKey = local ? '' : (env[keyVariables[provider]] ?? '');
  if (apiKey === '' && provider !== 'openai-compatible') {
    return refused('model.no-key', `${keyVariables[provider]} is not set`);
  }
  const { liveModel } = await import('@chancery/adapters/model-ai-sdk');
  const address = baseUrl === undefined ? {} : { baseUrl };
  return done(liveModel({ provider, name, apiKey, price, timeoutMs: callTimeoutMs, ...address }));
}
