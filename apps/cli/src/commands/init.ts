import type { Command } from 'commander';
import { keyText } from '../authority/key-here.ts';
import { databaseGrants, inspectDatabase, migrateDatabase } from '../compose/stores.ts';
import { exitCodes, granted, refuse } from '../exit.ts';
import { found, foundBefore, type Founded } from '../founding/found.ts';
import { planOf, type Flags, type Plan } from '../founding/plan.ts';
import { draftGenesisFile, goOn } from '../founding/rounds.ts';
import { makeHome } from '../home-folder.ts';
import { occupied, readConfig, type Config } from '../home.ts';
import { ownName } from '../own-name.ts';
import { more } from '../repeatable.ts';
import type { Act, Session } from '../session.ts';
import { showFields } from '../terminal/fields.ts';
import { visible } from '../terminal/visible.ts';

export function declare(command: Command, act: Act): void {
  command
    .option('--name <name>', 'name of the ledger, for people')
    .option('--database', 'keep it in the PostgreSQL that CHANCERY_DATABASE_URL names')
    .option('--runtime-role <role>', 'a role of the database to grant what runs need')
    .option('--passphrase', 'put your key under a passphrase')
    .option(
      '--root <key>',
      'a root: file, ssh-agent:NAME or id; repeatable (default: yours)',
      more,
      [],
    )
    .option('--threshold <count>', 'how many of the roots must agree (default: all)')
    .option('--unsigned <file>', 'write what roots who are elsewhere are to sign to a file')
    .option('--signed <file>', 'go on with what they have signed')
    .option(
      '--json',
      'one JSON line of type "ledger", or of type "statement" for what is to be signed',
    )
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

Roots say whom the ledger trusts, now and later, and only another genesis is without one of them. Yours is
the only one unless --root names others. Where enough of them can sign here, all is done at once. Roots
who are elsewhere sign in two rounds, the second of which names the ledger that the first has made.

Examples:
  chancery init
  chancery init --passphrase
  CHANCERY_HOME=/srv/chancery chancery init --name team
  chancery init --database --name team --runtime-role chancery_runtime
  chancery init --root root-1.key.json --root root-2.key.json --root ed25519:… --threshold 2
  chancery init --root ed25519:… --root ed25519:… --unsigned genesis.json
  chancery init --signed genesis.json --unsigned keys.json
  chancery init --signed keys.json`,
    )
    .action((flags: Flags) => act(flags, (session) => init(session, flags)));
}

async function init(session: Session, flags: Flags): Promise<number> {
  const { home } = session;
  const plan = granted(planOf(flags));
  const before = readConfig(home);
  const isUpdate = before.ok && isUpdateOf(before.value, plan);
  if (before.ok && !isUpdate) granted(occupied(home));
  if (isUpdate && flags.name !== undefined && flags.name !== before.value.database) {
    refuse('ledger.exists', `this home has the ledger ${before.value.database} of its database`, {
      remedy:
        'Leave --name out to bring its tables up to date, or set CHANCERY_HOME to a new folder.',
    });
  }
  granted(makeHome(home));
  if (plan.round?.kind === 'draft') {
    await draftGenesisFile(session, plan, plan.round.unsigned);
    return exitCodes.ok;
  }
  if (plan.isDatabase) await migrateDatabase(home, plan.runtimeRole);
  if (plan.round !== undefined) {
    const founded = await goOn(session, plan, plan.round);
    return founded === undefined ? exitCodes.ok : show(session, founded, plan);
  }
  const founded = granted(
    before.ok ? await foundBefore(home, before.value) : await found(session, plan),
  );
  return show(session, founded, plan);
}

/** Whether the tables of a ledger that is there are to be brought up to date, and nothing else is asked. */
function isUpdateOf({ database }: Config, { isDatabase, roots, round }: Plan): boolean {
  return isDatabase && database !== undefined && roots.length === 0 && round === undefined;
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
