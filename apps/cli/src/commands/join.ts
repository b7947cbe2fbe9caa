import type { Command } from 'commander';
import { isDigest, type Digest, type KeyId } from '@chancery/kernel/encoding';
import { refused, type Result } from '@chancery/kernel/refusal';
import { isTrustedFor, type Purpose, type Trust } from '@chancery/kernel/writ';
import { Authority } from '@chancery/runtime/authority';
import { inspectDatabase, nameInDatabase, openInDatabase } from '../compose/stores.ts';
import { exitCodes, granted, refuse } from '../exit.ts';
import { makeHome } from '../home-folder.ts';
import { occupied, readConfig, writeConfig, type Home } from '../home.ts';
import { keyHere, keyText } from '../authority/key-here.ts';
import { checkPinned } from '../opening.ts';
import { ownName } from '../own-name.ts';
import type { Act, CommonFlags, Session } from '../session.ts';
import { showFields } from '../terminal/fields.ts';
import { visible } from '../terminal/visible.ts';

export function declare(command: Command, act: Act): void {
  command
    .argument('<ledger>', 'id of the ledger, as `chancery init` has told it')
    .option('--json', 'one JSON line of type "ledger"')
    .addHelpText(
      'after',
      `
Lets this home use a ledger that is in a PostgreSQL database already: pins it by its id, which
you should have from elsewhere than the database. The address is read from CHANCERY_DATABASE_URL, or
from database.url in the home (mode 600). Nothing is written to the database.

Keys are not in a database. Without any, this home reads and verifies. To run here, make a key with
\`chancery keys create\`, and have a writ name it; or put the folder keys of a home of this ledger
into this one first.

Examples:
  CHANCERY_HOME=/srv/second chancery join LEDGER_ID`,
    )
    .action((ledger: string, flags: CommonFlags) => act(flags, (session) => join(session, ledger)));
}

async function join(session: Session, ledger: string): Promise<number> {
  const { home } = session;
  if (!isDigest(ledger)) {
    return refuse('usage.invalid', 'the id of a ledger has 64 hexadecimal digits');
  }
  const config = readConfig(home);
  if (config.ok) return granted(occupied(home));
  if (config.refusal.code !== 'ledger.missing') granted(config);
  const database = granted(await nameInDatabase(home, ledger));
  const { trust, keys } = await readTrust(home, database, ledger);
  granted(makeHome(home));
  writeConfig(home, { ledger, name: trust.genesis.name, database });
  await show(session, trust, keys);
  return exitCodes.ok;
}

/** Keys of this home that the ledger trusts; null for one that is not here. */
interface Keys {
  readonly owner: KeyId | null;
  readonly runtime: KeyId | null;
}

async function readTrust(
  home: Home,
  database: string,
  ledger: Digest,
): Promise<{ readonly trust: Trust; readonly keys: Keys }> {
  const store = await openInDatabase(home, database);
  try {
    await checkPinned(store, ledger);
    const trust = await new Authority(store, ledger).trust();
    const owner = granted(await trustedKey(trust, home.ownerKey, 'issue'));
    const runtime = granted(await trustedKey(trust, home.runtimeKey, 'run'));
    return { trust, keys: { owner, runtime } };
  } finally {
    await store.close();
  }
}

/** Refuses `key.invalid` for one that this ledger does not trust, and as `keyHere`. */
async function trustedKey(
  trust: Trust,
  file: string,
  purpose: Purpose,
): Promise<Result<KeyId | null>> {
  const key = await keyHere(file);
  if (!key.ok || key.value === null || isTrustedFor(trust, key.value, purpose)) return key;
  const message = `the ledger does not trust the key in ${file} to ${purpose}`;
  return refused('key.invalid', message, {
    remedy:
      'Take the keys of a home of this ledger, or none, and make one: `chancery keys create`.',
  });
}

async function show(session: Session, { ledger, genesis }: Trust, keys: Keys): Promise<void> {
  const { home, terminal, json, env } = session;
  const { address } = await inspectDatabase(home);
  if (json) {
    const { folder, keys: keysFolder } = home;
    const where = { folder, keys: keysFolder, file: null, database: address };
    terminal.json({ type: 'ledger', ledger, name: genesis.name, ...keys, ...where });
    return;
  }
  showFields(terminal, [
    ['Ledger', ledger],
    ['Name', visible(genesis.name)],
    ['Database', visible(address)],
    ['Your key', keyText(keys.owner, home.ownerKey)],
    ['Runtime', keyText(keys.runtime, home.runtimeKey)],
  ]);
  terminal.line();
  if (keys.runtime === null || keys.owner === null) {
    terminal.line(`To run here: ${ownName(env)} keys create, or copy the keys of a home of this`);
    terminal.line(`ledger to ${home.keys}.`);
  }
  terminal.line(`Next: ${ownName(env)} verify`);
}
