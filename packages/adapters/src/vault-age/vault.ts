import { setTimeout as sleep } from 'node:timers/promises';
import { handleOf, secretOf } from '@chancery/kernel/contract';
import { done, refused, type Result } from '@chancery/kernel/refusal';
import type { RunLocks } from '@chancery/runtime/drive';
import { minSecretChars } from '@chancery/runtime/redaction';
import { isScope, type LentSecret, type SecretEntry, type Vault } from '@chancery/runtime/vault';
import { openWith, sealFor } from './age.ts';
import { areHosts, contentsText, readContents } from './contents.ts';
import {
  identityIn,
  identityText,
  newIdentity,
  readIdentityFile,
  recipientOf,
} from './identity.ts';
import { placePrivate, readPrivate, replacePrivate } from './private-file.ts';

export interface VaultPlace {
  /** The age file. */
  readonly file: string;
  /** The key that it is for. */
  readonly identityFile: string;
  /** One of them is `vault`: whoever has it may change the vault. */
  readonly locks: RunLocks;
  readonly nowMs: () => number;
  /** How long to wait for another process that changes it. */
  readonly waitMs?: number;
}

/** The vault of a home, locked or not. */
export interface AgeVault {
  /** Whether a passphrase is needed. Refuses `vault.missing`, `vault.exposed`, `vault.corrupt`. */
  readonly isSealed: () => Result<boolean>;
  /** Makes an empty vault. Refuses `vault.exists`, and `vault.corrupt` where half of one is there. */
  readonly init: (passphrase?: string) => Promise<Result<OpenVault>>;
  /** Refuses as `isSealed`, `vault.locked` and `passphrase.wrong`. */
  readonly unlock: (passphrase?: string) => Promise<Result<OpenVault>>;
}

export interface SetRequest {
  readonly name: string;
  readonly value: string;
  /** Undefined: as it was, `global` for a new one. */
  readonly scope?: string | undefined;
  /** Patterns of `host:port`, sorted; undefined: as they were, none for a new one. */
  readonly hosts?: readonly string[] | undefined;
}

/** A vault whose key this process has. Every call reads the files anew, and refuses what is amiss. */
export interface OpenVault extends Vault {
  readonly list: () => Promise<Result<readonly SecretEntry[]>>;
  /** Every secret with all of its values: what must be shown nowhere. */
  readonly all: () => Promise<Result<readonly LentSecret[]>>;
  /** Answers whether it took the place of another value. Refuses `vault.invalid`, `vault.busy`. */
  readonly set: (request: SetRequest) => Promise<Result<{ entry: SecretEntry; replaced: boolean }>>;
  /** Forgets a secret with all of its values. Refuses `vault.unknown-secret`, `vault.busy`. */
  readonly remove: (name: string) => Promise<Result<null>>;
  /** Puts its key under another passphrase, or none. */
  readonly setPassphrase: (passphrase: string | undefined) => Promise<Result<null>>;
  /** Makes a new key and encrypts everything for that alone. */
  readonly rotate: (passphrase: string | undefined) => Promise<Result<null>>;
}

export function ageVault(place: VaultPlace): AgeVault {
  const identity = () => readIdentityFile(place.identityFile);
  return {
    isSealed: () => {
      const read = identity();
      return read.ok ? done(read.value.isSealed) : read;
    },
    init: (passphrase) => alone(place, () => found(place, passphrase)),
    unlock: async (passphrase) => {
      const read = identity();
      if (!read.ok) return read;
      const key = await identityIn(read.value, passphrase);
      if (!key.ok) return key;
      const vault = new UnlockedVault(place, { file: read.value.text, identity: key.value });
      const listed = await vault.list();
      return listed.ok ? done(vault) : listed;
    },
  };
}

async function found(
  place: VaultPlace,
  passphrase: string | undefined,
): Promise<Result<OpenVault>> {
  const { file, identityFile } = place;
  const there = readPrivate(file);
  if (there.ok) return refused('vault.exists', `there is a vault in ${file}`);
  if (there.refusal.code !== 'vault.missing') return there;
  const identity = await newIdentity();
  // The key first: a vault without its key is lost, a key without a vault opens nothing.
  const key = await identityText(identity, passphrase);
  if (!placePrivate(identityFile, key)) {
    return refused(
      'vault.corrupt',
      `${identityFile} is there, and the vault that it opens is not`,
      {
        remedy: `Restore ${file} from a copy, or move the key away to make a new vault.`,
      },
    );
  }
  const sealed = await sealFor([await recipientOf(identity)], contentsText([]));
  if (!placePrivate(file, sealed)) return refused('vault.exists', `${file} is there`);
  return done(new UnlockedVault(place, { file: key, identity }));
}

interface Key {
  /** The file of the key, as it was when it was opened. */
  readonly file: string;
  readonly identity: string;
}

class UnlockedVault implements OpenVault {
  readonly #place: VaultPlace;
  #key: Key;

  constructor(place: VaultPlace, key: Key) {
    this.#place = place;
    this.#key = key;
  }

  readonly list = async (): Promise<Result<readonly SecretEntry[]>> => {
    const read = await this.#read();
    return read.ok ? done(read.value.map(entryOf)) : read;
  };

  readonly all = (): Promise<Result<readonly LentSecret[]>> => this.#read();

  readonly find = async (name: string): Promise<Result<SecretEntry>> => {
    const lent = await this.lend(name);
    return lent.ok ? done(entryOf(lent.value)) : lent;
  };

  readonly lend = async (name: string): Promise<Result<LentSecret>> => {
    const read = await this.#read();
    if (!read.ok) return read;
    const secret = read.value.find((each) => each.name === name);
    return secret === undefined ? unknown(name) : done(secret);
  };

  readonly set = (request: SetRequest) =>
    this.#change(async (secrets) => {
      const unfit = unfitness(request);
      if (unfit !== undefined) return refused('vault.invalid', unfit);
      const { name, value } = request;
      const before = secrets.find((each) => each.name === name);
      // Told apart by their times, also where the clock has not moved.
      const setAtMs = Math.max(this.#place.nowMs(), (before?.setAtMs ?? 0) + 1);
      const scope = request.scope ?? before?.scope ?? 'global';
      const earlier =
        before === undefined
          ? []
          : [...before.earlier, { value: before.value, setAtMs: before.setAtMs }];
      const hosts = request.hosts ?? before?.hosts;
      const bound = hosts === undefined ? {} : { hosts };
      const set = { name, scope, setAtMs, value, earlier, ...bound };
      const others = secrets.filter((each) => each.name !== name);
      await this.#write([...others, set].sort((a, b) => (a.name < b.name ? -1 : 1)));
      return done({ entry: entryOf(set), replaced: before !== undefined });
    });

  readonly remove = (name: string) =>
    this.#change(async (secrets) => {
      const rest = secrets.filter((each) => each.name !== name);
      if (rest.length === secrets.length) return unknown(name);
      await this.#write(rest);
      return done(null);
    });

  readonly setPassphrase = (passphrase: string | undefined) =>
    this.#change(async () => {
      await this.#keep(this.#key.identity, passphrase);
      return done(null);
    });

  readonly rotate = (passphrase: string | undefined) =>
    this.#change(async (secrets) => {
      const identity = await newIdentity();
      const fresh = await recipientOf(identity);
      // For both while the key is changed: cut off anywhere, the key that is there opens it.
      await this.#write(secrets, [await recipientOf(this.#key.identity), fresh]);
      await this.#keep(identity, passphrase);
      await this.#write(secrets);
      return done(null);
    });

  /** What it holds. Refuses `vault.*`. */
  async #read(): Promise<Result<readonly LentSecret[]>> {
    const key = await this.#present();
    if (!key.ok) return key;
    const { file } = this.#place;
    const sealed = readPrivate(file);
    if (!sealed.ok) return sealed;
    const opened = await openWith(key.value.identity, sealed.value);
    const secrets = opened.kind === 'opened' ? readContents(opened.text) : undefined;
    if (secrets !== undefined) return done(secrets);
    const why = opened.kind === 'not-for-us' ? 'is for another key' : 'was cut off or changed';
    return refused('vault.corrupt', `${file} ${why}`);
  }

  /** The key, taken up anew where another process has put one in its place. */
  async #present(): Promise<Result<Key>> {
    const read = readIdentityFile(this.#place.identityFile);
    if (!read.ok) return read;
    if (read.value.text === this.#key.file) return done(this.#key);
    const identity = await identityIn(read.value, undefined);
    if (!identity.ok) return identity;
    this.#key = { file: read.value.text, identity: identity.value };
    return done(this.#key);
  }

  #change<T>(change: (secrets: readonly LentSecret[]) => Promise<Result<T>>): Promise<Result<T>> {
    return alone(this.#place, async () => {
      const read = await this.#read();
      return read.ok ? change(read.value) : read;
    });
  }

  async #write(secrets: readonly LentSecret[], recipients?: readonly string[]): Promise<void> {
    const all = recipients ?? [await recipientOf(this.#key.identity)];
    replacePrivate(this.#place.file, await sealFor(all, contentsText(secrets)));
  }

  async #keep(identity: string, passphrase: string | undefined): Promise<void> {
    const file = await identityText(identity, passphrase);
    replacePrivate(this.#place.identityFile, file);
    this.#key = { file, identity };
  }
}

const patienceMs = 10_000;
const pollMs = 20;

/** One process at a time changes the vault. Refuses `vault.busy`. */
async function alone<T>(
  { locks, waitMs = patienceMs }: VaultPlace,
  work: () => Promise<Result<T>>,
): Promise<Result<T>> {
  const untilMs = performance.now() + waitMs;
  for (;;) {
    const lock = await locks.acquire('vault');
    if (lock.ok) {
      try {
        return await work();
      } finally {
        await lock.value();
      }
    }
    if (performance.now() > untilMs)
      return refused('vault.busy', 'another process changes the vault');
    await sleep(pollMs);
  }
}

const maxValueBytes = 32 * 1_024;

/** Why a secret cannot be kept so; its value is in no message. */
function unfitness({ name, value, scope, hosts }: SetRequest): string | undefined {
  if (secretOf(handleOf(name)) === undefined) {
    return `a secret cannot be called ${JSON.stringify(name)}: lowercase letters, digits, . _ and -`;
  }
  if (scope !== undefined && !isScope(scope)) {
    return `${JSON.stringify(scope)} is no scope: global, agent:KEY, initiative:NAME or plan:NAME`;
  }
  if (hosts !== undefined && !areHosts([...hosts])) {
    return 'its hosts are no sorted list of HOST:PORT or *.HOST:PORT';
  }
  if (value.trim().length < minSecretChars) {
    return `a value under ${minSecretChars} characters would be found in ordinary text, so that it cannot be kept out of what is recorded`;
  }
  if (!value.isWellFormed() || value.includes('\0')) {
    return 'a value with such characters fits into no variable of the environment';
  }
  if (Buffer.byteLength(value) > maxValueBytes) {
    return `a value has at most ${maxValueBytes} bytes`;
  }
  return undefined;
}

function entryOf({ name, scope, setAtMs, hosts }: LentSecret): SecretEntry {
  return { name, scope, setAtMs, ...(hosts === undefined ? {} : { hosts }) };
}

function unknown(name: string) {
  return refused('vault.unknown-secret', `no secret is called ${JSON.stringify(name)}`);
}
