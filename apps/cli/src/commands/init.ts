import { userInfo } from 'node:os';
import { type Command } from 'commander';
import { foundLedger } from '@chancery/runtime/authority';
import { type Digest } from '@chancery/kernel/encoding';
import { refused, type Result, done } from '@chancery/kernel/refusal';
import { defaultBundle, ensureKey, newName, openClock, openWriter } from '../compose.ts';
import { exitCodes, granted } from '../exit.ts';
import { makeHome, readConfig, writeConfig, type Home } from '../home.ts';
import { ownName } from '../own-name.ts';
import { streamOf } from '../reading.ts';
import { type Act, type CommonFlags, type Session } from '../session.ts';
import { showFields } from '../terminal/fields.ts';
import { visible } from '../terminal/visible.ts';

interface Flags extends CommonFlags {
  readonly name?: string;
}

export function declare(command: Command, act: Act): void {
  command
    .option('--name <name>', 'name of the ledger, for people')
    .option('--json', 'one JSON line of type "ledger"')
    .addHelpText(
      'after',
      `
Founds a ledger: its genesis, your key and the runtime's, and a default policy.
Everything lies in ~/.chancery, or where CHANCERY_HOME says, for you alone.

Examples:
  chancery init
  CHANCERY_HOME=/srv/chancery chancery init --name team`,
    )
    .action((flags: Flags) => act(flags, (session) => init(session, flags)));
}

async function init(session: Session, flags: Flags): Promise<number> {
  const { home, terminal, json } = session;
  if (readConfig(home).ok) granted(refused('ledger.exists', `a ledger is in ${home.folder}`));
  granted(makeHome(home));
  const founded = granted(await found(home, granted(readName(flags.name))));
  if (json) {
    const { folder, keys, ledger: file } = home;
    terminal.json({ type: 'ledger', ...founded, folder, file, keys });
    return exitCodes.ok;
  }
  showFields(terminal, [
    ['Ledger', founded.ledger],
    ['Name', visible(founded.name)],
    ['File', home.ledger],
    ['Your key', `${founded.owner} in ${home.ownerKey}`],
    ['Runtime', `${founded.runtime} in ${home.runtimeKey}`],
  ]);
  terminal.line();
  terminal.line('Keep the ledger id where others can check it: verification trusts it alone.');
  const name = ownName(session.env);
  terminal.line(`Next: ${name} doctor, then ${name} run "TASK" --repo DIR`);
  return exitCodes.ok;
}

interface Founded {
  readonly ledger: Digest;
  readonly name: string;
  readonly owner: string;
  readonly runtime: string;
}

/** Refuses `usage.invalid` for what a genesis cannot hold. */
function readName(given: string | undefined): Result<string> {
  const name = given ?? userInfo().username;
  return name.length >= 1 && name.length <= 128 && name.isWellFormed()
    ? done(name)
    : refused('usage.invalid', 'the name of a ledger has 1 to 128 characters');
}

/** Founds the ledger, or completes what was cut off before; pins it last. */
async function found(home: Home, name: string): Promise<Result<Founded>> {
  const owner = granted(await ensureKey(home, 'owner', home.ownerKey));
  const runtime = granted(await ensureKey(home, 'runtime', home.runtimeKey));
  const store = await openWriter(home, true);
  try {
    const bundle = await defaultBundle();
    const clock = await openClock(0);
    const nonce = await newName();
    const made = await foundLedger({ store, clock, name, nonce, owner, runtime, bundle });
    const ledger = made.ok ? made : foundBefore(made, await streamOf(store, 'ledger'), owner.id);
    if (!ledger.ok) return ledger;
    writeConfig(home, { ledger: ledger.value, name });
    return done({ ledger: ledger.value, name, owner: owner.id, runtime: runtime.id });
  } finally {
    await store.close();
  }
}

/** A ledger that is whole, founded by this very key, and was never pinned: the process had ended. */
function foundBefore(
  refusal: Extract<Result<Digest>, { ok: false }>,
  entries: Awaited<ReturnType<typeof streamOf>>,
  owner: string,
): Result<Digest> {
  const [genesis] = entries;
  return refusal.refusal.code === 'ledger.exists' && genesis?.entry.by === owner
    ? done(genesis.digest)
    : refusal;
}
