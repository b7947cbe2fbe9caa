import { userInfo } from 'node:os';
import type { KeyId, Signer } from '@chancery/kernel/encoding';
import { done, refused, type Result } from '@chancery/kernel/refusal';
import type { Roots } from '@chancery/runtime/authority';
import { readKeyId } from '../authority/root-saying.ts';
import { keyIn, signingKey } from '../compose/keys.ts';
import type { CommonFlags, Session } from '../session.ts';

export interface Flags extends CommonFlags {
  readonly name?: string;
  readonly database?: boolean;
  readonly runtimeRole?: string;
  readonly passphrase?: boolean;
  readonly root: readonly string[];
  readonly threshold?: string;
  readonly unsigned?: string;
  readonly signed?: string;
}

export interface Plan {
  readonly name: string;
  readonly isDatabase: boolean;
  readonly runtimeRole: string | undefined;
  /** Whether the owner's key is to be under a passphrase. */
  readonly isLocked: boolean;
  /** Roots as they were named; the owner alone where there are none. */
  readonly roots: readonly string[];
  readonly threshold: number;
  /** Round of a founding by roots who are elsewhere; undefined where all is done at once. */
  readonly round: Round | undefined;
}

export type Round =
  | { readonly kind: 'draft'; readonly unsigned: string }
  | { readonly kind: 'signed'; readonly signed: string; readonly unsigned: string | undefined };

/** Refuses `usage.invalid` for what a genesis cannot hold, and flags that do not go together. */
export function planOf(flags: Flags): Result<Plan> {
  const { database = false, runtimeRole, passphrase, root, unsigned, signed } = flags;
  if (runtimeRole !== undefined && !database) {
    return refused('usage.invalid', '--runtime-role is for a ledger in a --database');
  }
  if (signed !== undefined && (root.length > 0 || flags.threshold !== undefined)) {
    return refused(
      'usage.invalid',
      'roots are named when the genesis is drafted, not with --signed',
    );
  }
  if (signed === undefined && unsigned !== undefined && root.length === 0) {
    return refused('usage.invalid', '--unsigned is for roots who are elsewhere', {
      remedy: 'Name each of them with --root, by the id that `chancery keys list` shows.',
    });
  }
  const name = readName(flags.name);
  if (!name.ok) return name;
  const threshold = readThreshold(flags.threshold, Math.max(root.length, 1));
  if (!threshold.ok) return threshold;
  return done({
    name: name.value,
    isDatabase: database,
    runtimeRole,
    isLocked: passphrase === true,
    roots: root,
    threshold: threshold.value,
    round: roundOf(unsigned, signed),
  });
}

function roundOf(unsigned: string | undefined, signed: string | undefined): Round | undefined {
  if (signed !== undefined) return { kind: 'signed', signed, unsigned };
  return unsigned === undefined ? undefined : { kind: 'draft', unsigned };
}

function readName(given: string | undefined): Result<string> {
  const name = given ?? userInfo().username;
  return name.length >= 1 && name.length <= 128 && name.isWellFormed()
    ? done(name)
    : refused('usage.invalid', 'the name of a ledger has 1 to 128 characters');
}

function readThreshold(given: string | undefined, roots: number): Result<number> {
  if (given === undefined) return done(roots);
  const threshold = /^\d{1,3}$/.test(given) ? Number(given) : 0;
  return threshold >= 1 && threshold <= roots
    ? done(threshold)
    : refused('usage.invalid', `--threshold is a number from 1 to ${roots}, that of the roots`);
}

/** The roots that were named; those sign here whose key is no bare id. Refuses as `signingKey`, and `usage.invalid`. */
export async function rootsHere(
  session: Pick<Session, 'home' | 'env'>,
  { roots, threshold }: Plan,
): Promise<Result<Roots>> {
  const here: Signer[] = [];
  const keys: KeyId[] = [];
  for (const named of roots) {
    const id = readKeyId(named);
    if (id.ok) keys.push(id.value);
    else {
      const signer = await signingKey(session, named);
      if (!signer.ok) return signer;
      here.push(signer.value);
      keys.push(signer.value.id);
    }
  }
  const keysOnce = distinct(keys);
  return keysOnce.ok ? done({ keys, threshold, here }) : keysOnce;
}

/** Ids of the roots that were named: no key is opened for that. Refuses as `keyIn`, and `usage.invalid`. */
export async function rootIds(
  session: Pick<Session, 'home' | 'env'>,
  { roots }: Plan,
): Promise<Result<readonly KeyId[]>> {
  const keys: KeyId[] = [];
  for (const named of roots) {
    const key = await idOf(session, named);
    if (!key.ok) return key;
    keys.push(key.value.id);
  }
  return distinct(keys);
}

async function idOf(
  session: Pick<Session, 'home' | 'env'>,
  named: string,
): Promise<Result<{ readonly id: KeyId }>> {
  const id = readKeyId(named);
  if (id.ok) return done({ id: id.value });
  return named.startsWith('ssh-agent:') ? signingKey(session, named) : keyIn(named);
}

function distinct(keys: readonly KeyId[]): Result<readonly KeyId[]> {
  return new Set(keys).size === keys.length
    ? done(keys)
    : refused('usage.invalid', 'a root was named twice');
}
