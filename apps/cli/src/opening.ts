import { leafDigest, type Digest } from '@chancery/kernel/encoding';
import type { LedgerStore, SealedEntry } from '@chancery/kernel/ledger';
import type { SandboxLimits } from '@chancery/runtime/broker';
import type { House } from '@chancery/runtime/drive';
import { entriesOf } from '@chancery/runtime/journal';
import type { Redactor } from '@chancery/runtime/redaction';
import type { Vault } from '@chancery/runtime/vault';
import type { SubjectKeys } from '@chancery/runtime/removal';
import type { LedgerSource } from '@chancery/runtime/snapshots';
import type { DeclaredNames } from './compose/declared.ts';
import { openHouse } from './compose/house.ts';
import { foundedKey, subjectKeysOf } from './compose/keys.ts';
import { openReader, openWriter } from './compose/stores.ts';
import { granted, refuse } from './exit.ts';
import { readFounded, type Config, type Home } from './home.ts';
import type { Session } from './session.ts';
import { jumpText } from './terminal/jump.ts';

/** An open ledger with what is pinned of it. */
export interface OpenLedger extends LedgerSource {
  readonly config: Config;
  /** Of contents that are sealed for a subject. */
  readonly keys: SubjectKeys;
}

/** Lends the ledger to read, and closes it after. Refuses `ledger.missing`, `ledger.corrupt`. */
export async function reading<T>(home: Home, use: (open: OpenLedger) => Promise<T>): Promise<T> {
  const config = granted(readFounded(home));
  const keys = await subjectKeysOf(home);
  const store = await openReader(home);
  return lend({ store, config, ledger: config.ledger, keys }, use);
}

/** Lends the ledger to read and write. Refuses also `ledger.busy`. */
export async function writing<T>(home: Home, use: (open: OpenLedger) => Promise<T>): Promise<T> {
  const config = granted(readFounded(home));
  const keys = await subjectKeysOf(home);
  const store = await openWriter(home);
  return lend({ store, config, ledger: config.ledger, keys }, use);
}

async function lend<T>(open: OpenLedger, use: (open: OpenLedger) => Promise<T>): Promise<T> {
  try {
    await checkPinned(open.store, open.ledger);
    return await use(open);
  } finally {
    await open.store.close();
  }
}

/**
 * The first entry must be the one whose digest is pinned: another ledger has other roots. Refuses
 * `ledger.missing`, `ledger.corrupt`.
 */
export async function checkPinned(store: LedgerStore, pinned: Digest): Promise<void> {
  const [first] = await store.read('ledger', 0, 1);
  if (first === undefined) return refuse('ledger.missing', 'the ledger has no genesis');
  const found = leafDigest(first.text);
  if (found === pinned) return;
  refuse('ledger.corrupt', `the ledger begins with ${found}, and ${pinned} is pinned`);
}

export interface HouseOptions {
  /** Stream whose last time is the earliest that may be recorded. */
  readonly goesOn: string | undefined;
  readonly unsafe: boolean;
  /** Whether runs are offered what reaches a network. */
  readonly network: boolean;
  /** What they are offered of the capabilities that manifests declare; nothing where it is not said. */
  readonly declared?: DeclaredNames;
  /** Limits of commands that are not the usual ones. */
  readonly commandLimits?: Partial<SandboxLimits>;
  readonly redactor: Redactor;
  /** What runs are lent secrets from; undefined where nothing is executed. */
  readonly vault?: Vault;
  readonly onEntry: (sealed: SealedEntry) => void;
}

/** The runtime on an open ledger. Its authority is read once here, so that damage is told as such. */
export async function houseOn(
  { home, env, terminal }: Session,
  { store, config }: OpenLedger,
  options: HouseOptions,
): Promise<House> {
  const actor = granted(await foundedKey(home.runtimeKey, env));
  let floorMs = 0;
  for (const stream of ['ledger', 'policy', 'control', options.goesOn]) {
    if (stream === undefined) continue;
    for await (const { entry } of entriesOf(store, stream)) floorMs = Math.max(floorMs, entry.at);
  }
  return openHouse({
    ...{ home, store, actor, floorMs },
    ledger: config.ledger,
    redactor: options.redactor,
    unsafe: options.unsafe,
    network: options.network,
    declared: options.declared ?? [],
    ...(options.commandLimits === undefined ? {} : { commandLimits: options.commandLimits }),
    vault: options.vault,
    onEntry: options.onEntry,
    onJump: (jump) => terminal.note(jumpText(jump)),
  });
}
