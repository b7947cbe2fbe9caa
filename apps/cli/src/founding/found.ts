import type { Digest, KeyId, Signer } from '@chancery/kernel/encoding';
import type { LedgerStore } from '@chancery/kernel/ledger';
import { done, refused, type Result } from '@chancery/kernel/refusal';
import { Authority, foundLedger, type Founding } from '@chancery/runtime/authority';
import { defaultBundle, newName, openClock } from '../compose/house.ts';
import { ensureKey, keyIn } from '../compose/keys.ts';
import { openNewDatabase, openWriter } from '../compose/stores.ts';
import { granted } from '../exit.ts';
import { keyHere } from '../authority/key-here.ts';
import { writeConfig, type Config, type Home } from '../home.ts';
import { lockedKey, newPassphrase } from '../secrets/passphrase.ts';
import { streamOf } from '../runs/reading.ts';
import type { Session } from '../session.ts';
import { rootsHere, type Plan } from './plan.ts';

export interface Founded {
  readonly ledger: Digest;
  readonly name: string;
  /** Null where the key is not in this home, as in one that joined without. */
  readonly owner: KeyId | null;
  readonly runtime: KeyId | null;
}

/** The keys of a home that founds, which are made where they are not there. */
export interface OwnKeys {
  readonly owner: Signer;
  readonly runtime: KeyId;
}

/** Founds the ledger, or completes what was cut off before; pins it last. */
export async function found(session: Session, plan: Plan): Promise<Result<Founded>> {
  const { home } = session;
  const { owner, runtime } = await ownKeys(session, plan);
  const roots = plan.roots.length === 0 ? undefined : granted(await rootsHere(session, plan));
  return foundingIn(home, plan, async (founding) => {
    const named = { name: plan.name, nonce: await newName(), owner, runtime };
    const made = await foundLedger(founding, roots === undefined ? named : { ...named, roots });
    const ledger = made.ok ? made : await completed(made, founding.store, owner.id);
    return ledger.ok ? done(pinned(home, plan, { ledger: ledger.value, owner, runtime })) : ledger;
  });
}

/** Lends the store that the ledger is to be in, and closes it after. */
export async function foundingIn<T>(
  home: Home,
  { name, isDatabase }: Pick<Plan, 'name' | 'isDatabase'>,
  use: (founding: Founding) => Promise<T>,
): Promise<T> {
  const store = isDatabase ? await openNewDatabase(home, name) : await openWriter(home, true);
  try {
    return await use({ store, clock: await openClock(0), bundle: await defaultBundle() });
  } finally {
    await store.close();
  }
}

/** Writes down which ledger this home has. */
export function pinned(
  home: Home,
  { name, isDatabase }: Pick<Plan, 'name' | 'isDatabase'>,
  { ledger, owner, runtime }: OwnKeys & { readonly ledger: Digest },
): Founded {
  writeConfig(home, { ledger, name, ...(isDatabase ? { database: name } : {}) });
  return { ledger, name, owner: owner.id, runtime };
}

export async function ownKeys({ home, env }: Session, plan: Plan): Promise<OwnKeys> {
  const passphrase = plan.isLocked ? granted(await ownerPassphrase(home, env)) : undefined;
  const ownersKey = { label: 'owner', file: home.ownerKey, env, passphrase };
  const owner = granted(await ensureKey(home, ownersKey));
  const runtimes = { label: 'runtime', file: home.runtimeKey, env };
  return { owner, runtime: granted(await ensureKey(home, runtimes)).id };
}

/** Of a key that is to be made. Refuses `passphrase.*`, and `key.exists` for one that is there without. */
async function ownerPassphrase(home: Home, env: NodeJS.ProcessEnv): Promise<Result<string>> {
  const present = await keyIn(home.ownerKey);
  if (present.ok && !present.value.sealed) {
    return refused('key.exists', `${home.ownerKey} is there, without a passphrase`, {
      remedy: 'Found the ledger with it, then say `chancery keys passphrase owner`.',
    });
  }
  const file = env['CHANCERY_PASSPHRASE_FILE'];
  return newPassphrase(lockedKey(home.ownerKey), file === '' ? undefined : file);
}

/** A ledger that is whole, trusts this very key, and was never pinned: the process had ended. */
async function completed(
  refusal: Extract<Result<Digest>, { ok: false }>,
  store: LedgerStore,
  owner: KeyId,
): Promise<Result<Digest>> {
  const [genesis] = await streamOf(store, 'ledger');
  if (refusal.refusal.code !== 'ledger.exists' || genesis === undefined) return refusal;
  const { keys } = await new Authority(store, genesis.digest).trust();
  return keys.has(owner) ? done(genesis.digest) : refusal;
}

/** What a home holds of a ledger that is there already. Refuses `key.exposed`, `key.invalid`. */
export async function foundBefore(home: Home, { ledger, name }: Config): Promise<Result<Founded>> {
  const owner = await keyHere(home.ownerKey);
  if (!owner.ok) return owner;
  const runtime = await keyHere(home.runtimeKey);
  if (!runtime.ok) return runtime;
  return done({ ledger, name, owner: owner.value, runtime: runtime.value });
}
