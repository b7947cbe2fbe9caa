import type { Command } from 'commander';
import type { SecretEntry } from '@chancery/runtime/vault';
import { readHostPattern } from '../authority/host-pattern.ts';
import { unlockVault, vaultOf, type Unlocked } from '../compose/vault.ts';
import { exitCodes, granted, refuse } from '../exit.ts';
import { readFounded } from '../home.ts';
import { lockedVault, newPassphrase } from '../secrets/passphrase.ts';
import { more } from '../repeatable.ts';
import type { Act, CommonFlags, Session } from '../session.ts';
import { instant } from '../terminal/amounts.ts';
import { showFields } from '../terminal/fields.ts';
import { showTable } from '../terminal/table.ts';
import { visible } from '../terminal/visible.ts';
import { readValue } from '../vault/value.ts';

interface InitFlags extends CommonFlags {
  readonly passphrase?: boolean;
}

interface SetFlags extends CommonFlags {
  readonly scope?: string;
  readonly host: readonly string[];
}

interface PassphraseFlags extends CommonFlags {
  readonly drop?: boolean;
  readonly newFile?: string;
}

export function declare(command: Command, act: Act): void {
  command.addHelpText(
    'after',
    `
Keeps secrets, encrypted, and lends them to single commands of a run: the agent passes vault:NAME, and
never sees a value. What shows one is redacted.

Examples:
  chancery vault init
  chancery vault set npm-token < token.txt
  chancery vault set deploy-key --scope initiative:website < key.pem
  chancery vault list`,
  );
  command.action(() =>
    refuse('usage.invalid', 'say what to do with the vault', {
      remedy: 'Use `chancery vault init`, `set`, `list`, `remove`, `passphrase` or `rotate`.',
    }),
  );
  declareInit(command.command('init'), act);
  declareSet(command.command('set'), act);
  declareList(command.command('list'), act);
  declareRemove(command.command('remove'), act);
  declarePassphrase(command.command('passphrase'), act);
  declareRotate(command.command('rotate'), act);
}

function declareInit(command: Command, act: Act): void {
  command
    .description('make an empty vault in this home')
    .option('--passphrase', 'put its key under a passphrase')
    .option('--json', 'one JSON line of type "vault"')
    .addHelpText(
      'after',
      `
The vault is vault.age in the home, and its key keys/vault.identity, both for you alone. With a
passphrase, whoever copies the home has nothing, and whoever starts a run says --unlock-vault.
Where nobody can be asked, CHANCERY_VAULT_PASSPHRASE_FILE names a file (mode 600) with it.

Examples:
  chancery vault init
  chancery vault init --passphrase`,
    )
    .action((flags: InitFlags) => act(flags, (session) => init(session, flags)));
}

function declareSet(command: Command, act: Act): void {
  command
    .description('put a secret into the vault, or another value in its place')
    .argument('<name>', 'lowercase letters, digits, . _ and -; vault:NAME is its handle')
    .option('--scope <scope>', 'who may be lent it (default: as it was, or global)')
    .option(
      '--host <host[:port]>',
      'requests to this host alone carry it, over https (port 443); *.HOST for those below; repeatable (default: as it was, or none)',
      more,
      [],
    )
    .option('--json', 'one JSON line of type "secret-set"')
    .addHelpText(
      'after',
      `
The value is read from standard input, without the end of its last line, or asked for on a terminal
without showing it; it is never an argument. It needs 8 characters, since a shorter one could not be told
from ordinary text and so not be redacted.

  global            any run of this home
  agent:KEY         runs that act as this key, see \`chancery keys list\`
  initiative:NAME   runs that were started with --initiative NAME
  plan:NAME         runs that were started with --plan NAME

With --host it goes into headers of requests to that host, and into nothing else; without, into the
environment of commands that reach no network, and into no request.

The value that it had before is kept, to be redacted where a run that was lent it goes on.

Examples:
  chancery vault set npm-token < token.txt
  chancery vault set api-token --host api.example.org < token.txt
  pass show deploy | chancery vault set deploy-key --scope plan:release`,
    )
    .action((name: string, flags: SetFlags) => act(flags, (session) => set(session, name, flags)));
}

function declareList(command: Command, act: Act): void {
  command
    .description('the secrets of the vault: names, scopes, and when they were set')
    .option('--json', 'one JSON line of type "secret" for each')
    .addHelpText(
      'after',
      `
Examples:
  chancery vault list`,
    )
    .action((flags: CommonFlags) => act(flags, list));
}

function declareRemove(command: Command, act: Act): void {
  command
    .description('forget a secret, with all values that it had')
    .argument('<name>', 'of the secret')
    .option('--json', 'one JSON line of type "secret-removed"')
    .addHelpText(
      'after',
      `
A run that was lent it and has not ended cannot be resumed after that: what it shows could not be redacted.

Examples:
  chancery vault remove npm-token`,
    )
    .action((name: string, flags: CommonFlags) => act(flags, (session) => remove(session, name)));
}

function declarePassphrase(command: Command, act: Act): void {
  command
    .description('put the key of the vault under a passphrase, another one, or none')
    .option('--drop', 'let the vault be opened without one')
    .option('--new-file <file>', 'file (mode 600) with the new one, where nobody can be asked')
    .option('--json', 'one JSON line of type "vault"')
    .addHelpText(
      'after',
      `
The one that it has is asked for on a terminal, or read from the file (mode 600, one line) that
CHANCERY_VAULT_PASSPHRASE_FILE names. Without it the secrets cannot be had back.

Examples:
  chancery vault passphrase
  chancery vault passphrase --drop`,
    )
    .action((flags: PassphraseFlags) => act(flags, (session) => passphrase(session, flags)));
}

function declareRotate(command: Command, act: Act): void {
  command
    .description('give the vault a new key')
    .option('--json', 'one JSON line of type "vault"')
    .addHelpText(
      'after',
      `
Everything is encrypted again, for the new key alone, which is under the same passphrase as the old one.
The old key still opens copies that were made before: where somebody may have both, change the
secrets themselves as well.

Examples:
  chancery vault rotate`,
    )
    .action((flags: CommonFlags) => act(flags, rotate));
}

async function init(session: Session, flags: InitFlags): Promise<number> {
  const { home, env } = session;
  granted(readFounded(home));
  const { variable } = lockedVault;
  const named = env[variable] === '' ? undefined : env[variable];
  const chosen =
    flags.passphrase === true ? granted(await newPassphrase(lockedVault, named)) : undefined;
  const vault = granted(await (await vaultOf(home)).init(chosen));
  return show(session, { vault, passphrase: chosen });
}

async function set(session: Session, name: string, { scope, host }: SetFlags): Promise<number> {
  const { terminal, json } = session;
  const hosts = host.length === 0 ? undefined : boundHosts(host);
  const { vault } = granted(await unlockVault(session));
  const value = granted(await readValue(name));
  const { entry, replaced } = granted(await vault.set({ name, value, scope, hosts }));
  if (json) {
    terminal.json({ type: 'secret-set', ...told(entry), replaced });
    return exitCodes.ok;
  }
  const what = replaced ? 'has another value now' : 'is in the vault';
  const where = entry.hosts === undefined ? '' : `, in requests to ${entry.hosts.join(', ')}`;
  terminal.line(`vault:${entry.name} ${what}, for ${entry.scope}${where}.`);
  return exitCodes.ok;
}

/** As a line of JSON has it: with a list of hosts that may be empty. */
const told = (entry: SecretEntry) => ({ ...entry, hosts: entry.hosts ?? [] });

/** The port of https, where none is named. */
function boundHosts(texts: readonly string[]): readonly string[] {
  const patterns = texts.map((text) => {
    const { host, port = '443' } = granted(readHostPattern('--host', text));
    return `${host}:${port}`;
  });
  return [...new Set(patterns)].sort();
}

async function list(session: Session): Promise<number> {
  const { terminal, json } = session;
  const { vault } = granted(await unlockVault(session));
  const secrets = granted(await vault.list());
  if (json) for (const secret of secrets) terminal.json({ type: 'secret', ...told(secret) });
  else if (secrets.length === 0) terminal.line('The vault is empty.');
  else {
    const rows = secrets.map(({ name, scope, setAtMs, hosts = [] }) => [
      { text: `vault:${name}`, colour: 'bold' } as const,
      { text: visible(scope) },
      { text: visible(hosts.join(', ')) },
      { text: instant(setAtMs), colour: 'dim' } as const,
    ]);
    showTable(terminal, ['HANDLE', 'SCOPE', 'HOSTS', 'SET'], rows);
  }
  return exitCodes.ok;
}

async function remove(session: Session, name: string): Promise<number> {
  const { terminal, json } = session;
  const { vault } = granted(await unlockVault(session));
  granted(await vault.remove(name));
  if (json) terminal.json({ type: 'secret-removed', name });
  else terminal.line(`vault:${name} is forgotten.`);
  return exitCodes.ok;
}

async function passphrase(session: Session, flags: PassphraseFlags): Promise<number> {
  const { drop = false, newFile } = flags;
  if (drop && newFile !== undefined) refuse('usage.invalid', '--drop takes no --new-file');
  const { vault } = granted(await unlockVault(session));
  const chosen = drop ? undefined : granted(await newPassphrase(lockedVault, newFile));
  granted(await vault.setPassphrase(chosen));
  return show(session, { vault, passphrase: chosen });
}

async function rotate(session: Session): Promise<number> {
  const unlocked = granted(await unlockVault(session));
  granted(await unlocked.vault.rotate(unlocked.passphrase));
  return show(session, unlocked);
}

async function show(
  { home, terminal, json }: Session,
  { vault, passphrase: chosen }: Unlocked,
): Promise<number> {
  const secrets = granted(await vault.list());
  const locked = chosen !== undefined;
  const { vault: file, vaultKey: key } = home;
  if (json) {
    terminal.json({ type: 'vault', file, key, locked, secrets: secrets.map(told) });
    return exitCodes.ok;
  }
  showFields(terminal, [
    ['Vault', visible(file)],
    ['Key', `${visible(key)}, ${locked ? 'under a passphrase' : 'without a passphrase'}`],
    ['Secrets', secrets.length === 0 ? 'none yet' : String(secrets.length)],
  ]);
  return exitCodes.ok;
}
