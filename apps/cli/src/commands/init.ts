import { userInfo } from 'node:os';
import { type Command } from 'commander';
import { foundLedger } from '@chancery/runtime/authority';
import { type Digest, type KeyId } from '@chancery/kernel/encoding';
import { refused, type Result, done } from '@chancery/kernel/refusal';
import { defaultBundle, newName, openClock } from '../compose/house.ts';
import { ensureKey, keyIn } from '../compose/keys.ts';
import {
  databaseGrants,
  inspectDatabase,
  migrateDatabase,
  openNewDatabase,
  openWriter,
} from '../compose/stores.ts';
import { exitCodes, granted, refuse } from '../exit.ts';
import { makeHome, readConfig, writeConfig, type Config, type Home } from '../home.ts';
import { keyHere, keyText } from '../authority/key-here.ts';
import { ownName } from '../own-name.ts';
import { lockedKey, newPassphrase } from '../passphrase.ts';
import { streamOf } from '../runs/reading.ts';
import { type Act, type CommonFlags, type Session } from '../session.ts';
import { showFields } from '../terminal/fields.ts';
import { visible } from '../terminal/visible.ts';

interface Flags extends CommonFlags {
  readonly name?: string;
  readonly database?: boolean;
  readonly runtimeRole?: string;
  readonly passphrase?: boolean;
}

export function declare(command: Command, act: Act): void {
  command
    .option('--name <name>', 'name of the ledger, for people')
    .option('--database', 'keep it in the PostgreSQL that CHANCERY_DATABASE_URL names')
    .option('--runtime-role <role>', 'a role of the database to grant what runs need')
    .option('--passphrase', 'put your key under a passphrase')
    .option('--json', 'one JSON line of type "ledger"')
    .addHelpText(
      'after',
      `
Founds a ledger: its genesis, your key and the runtime's, and a default policy.
Everything lies in ~/.chancery, or where CHANCERY_HOME says, for you alone.

With --database the ledger lies in a PostgreSQL database, and keys and worktrees in the home. The
address, with its password, is read from CHANCERY_DATABASE_URL or from the file database.url in the
home (mode 600), by this and every later command. --name tells the ledgers of one database apart.
Whoever founds makes the tables, and owns them; give the runs a role that can change nothing.
Said again by the owner, it brings the tables to the format of this version and grants the role.

With --passphrase your key, which lets agents act and approves what is held, is encrypted in its file, and
every command that signs with it asks for the passphrase, or reads it from the file (mode 600) that
CHANCERY_PASSPHRASE_FILE names. The key of the runtime stays as it is, for what runs unattended.

Examples:
  chancery init
  chancery init --passphrase
  CHANCERY_HOME=/srv/chancery chancery init --name team
  chancery init --database --name team --runtime-role chancery_runtime`,
    )
    .action((flags: Flags) => act(flags, (session) => init(session, flags)));
}

async function init(session: Session, flags: Flags): Promise<number> {
  const { home } = session;
  const plan = granted(planOf(flags));
  const before = readConfig(home);
  const isUpdate = plan.isDatabase && before.ok && before.value.database !== undefined;
  if (before.ok && !isUpdate) {
    granted(refused('ledger.exists', `a ledger is in ${home.folder}`));
  }
  if (isUpdate && flags.name !== undefined && flags.name !== before.value.database) {
    refuse('ledger.exists', `this home has the ledger ${before.value.database} of its database`, {
      remedy:
        'Leave --name out to bring its tables up to date, or set CHANCERY_HOME to a new folder.',
    });
  }
  granted(makeHome(home));
  if (plan.isDatabase) await migrateDatabase(home, plan.runtimeRole);
  const founded = granted(
    before.ok ? await foundBefore(home, before.value) : await found(session, plan),
  );
  return show(session, founded, plan);
}

async function show(session: Session, founded: Founded, plan: Plan): Promise<number> {
  const { home, terminal, json } = session;
  const database = plan.isDatabase ? await inspectDatabase(home) : undefined;
  if (json) {
    const { folder, keys } = home;
    const file = database === undefined ? home.ledger : null;
    const address = database?.address ?? null;
    terminal.json({ type: 'ledger', ...founded, folder, keys, file, database: address });
    return exitCodes.ok;
  }
  showFields(terminal, [
    ['Ledger', founded.ledger],
    ['Name', visible(founded.name)],
    database === undefined ? ['File', home.ledger] : ['Database', visible(database.address)],
    ['Your key', keyText(founded.owner, home.ownerKey)],
    ['Runtime', keyText(founded.runtime, home.runtimeKey)],
  ]);
  terminal.line();
  if (database?.mayChange === true) await showRole(session, plan.runtimeRole);
  terminal.line('Keep the ledger id where others can check it: verification trusts it alone.');
  const name = ownName(session.env);
  terminal.line(`Next: ${name} doctor, then ${name} run "TASK" --repo DIR`);
  return exitCodes.ok;
}

/** The role that made the tables could take their triggers away. */
async function showRole({ terminal, home }: Session, role: string | undefined): Promise<void> {
  terminal.line('The role of this address owns the tables. Give runs one that can change nothing:');
  terminal.line();
  const statements =
    role === undefined
      ? [
          "CREATE ROLE chancery_runtime LOGIN PASSWORD '…';",
          ...(await databaseGrants('chancery_runtime')),
        ]
      : [`-- ${visible(role)} has been granted what it needs`];
  for (const statement of statements) terminal.line(`  ${statement}`);
  terminal.line();
  terminal.line(
    `Then set CHANCERY_DATABASE_URL to its address, or write it to ${home.databaseFile}`,
  );
  terminal.line('(mode 600).');
  terminal.line();
}

interface Plan {
  readonly name: string;
  readonly isDatabase: boolean;
  readonly runtimeRole: string | undefined;
  /** Whether the owner's key is to be under a passphrase. */
  readonly isLocked: boolean;
}

function planOf({ name: given, database = false, runtimeRole, passphrase }: Flags): Result<Plan> {
  if (runtimeRole !== undefined && !database) {
    return refused('usage.invalid', '--runtime-role is for a ledger in a --database');
  }
  const name = readName(given);
  if (!name.ok) return name;
  const isLocked = passphrase === true;
  return done({ name: name.value, isDatabase: database, runtimeRole, isLocked });
}

interface Founded {
  readonly ledger: Digest;
  readonly name: string;
  /** Null where the key is not in this home, as in one that joined without. */
  readonly owner: KeyId | null;
  readonly runtime: KeyId | null;
}

/** Refuses `usage.invalid` for what a genesis cannot hold. */
function readName(given: string | undefined): Result<string> {
  const name = given ?? userInfo().username;
  return name.length >= 1 && name.length <= 128 && name.isWellFormed()
    ? done(name)
    : refused('usage.invalid', 'the name of a ledger has 1 to 128 characters');
}

/** What a home holds of a ledger that is there already. Refuses `key.exposed`, `key.invalid`. */
async function foundBefore(home: Home, { ledger, name }: Config): Promise<Result<Founded>> {
  const owner = await keyHere(home.ownerKey);
  if (!owner.ok) return owner;
  const runtime = await keyHere(home.runtimeKey);
  if (!runtime.ok) return runtime;
  return done({ ledger, name, owner: owner.value, runtime: runtime.value });
}

/** Founds the ledger, or completes what was cut off before; pins it last. */
async function found({ home, env }: Session, plan: Plan): Promise<Result<Founded>> {
  const { name, isDatabase } = plan;
  const passphrase = plan.isLocked ? granted(await ownerPassphrase(home, env)) : undefined;
  const ownersKey = { label: 'owner', file: home.ownerKey, env, passphrase };
  const owner = granted(await ensureKey(home, ownersKey));
  const runtimes = { label: 'runtime', file: home.runtimeKey, env };
  const runtime = granted(await ensureKey(home, runtimes));
  const store = isDatabase ? await openNewDatabase(home, name) : await openWriter(home, true);
  try {
    const bundle = await defaultBundle();
    const clock = await openClock(0);
    const nonce = await newName();
    const made = await foundLedger({ store, clock, name, nonce, owner, runtime, bundle });
    const ledger = made.ok ? made : completed(made, await streamOf(store, 'ledger'), owner.id);
    if (!ledger.ok) return ledger;
    writeConfig(home, { ledger: ledger.value, name, ...(isDatabase ? { database: name } : {}) });
    return done({ ledger: ledger.value, name, owner: owner.id, runtime: runtime.id });
  } finally {
    await store.close();
  }
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

/** A ledger that is whole, founded by this very key, and was never pinned: the process had ended. */
function completed(
  refusal: Extract<Result<Digest>, { ok: false }>,
  entries: Awaited<ReturnType<typeof streamOf>>,
  owner: string,
): Result<Digest> {
  const [genesis] = entries;
  return refusal.refusal.code === 'ledger.exists' && genesis?.entry.by === owner
    ? done(genesis.digest)
    : refusal;
}
