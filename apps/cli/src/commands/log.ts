import type { Command } from 'commander';
import { ledgerVerifier, verifierKeyText } from '@chancery/kernel/tree';
import { rebuild } from '@chancery/runtime/transparency';
import { keyIn } from '../compose/keys.ts';
import { serveTree, tilesOf } from '../compose/log.ts';
import { exitCodes, failureOf, granted, refuse } from '../exit.ts';
import { alone } from '../evidence/growth.ts';
import { readConfig } from '../home.ts';
import { readAddress } from '../listen-address.ts';
import { logKeys } from '../evidence/log-keys.ts';
import { reading } from '../opening.ts';
import type { Act, CommonFlags, Session } from '../session.ts';
import { askedToStop } from '../runs/stopping.ts';
import { count } from '../terminal/amounts.ts';
import { visible } from '../terminal/visible.ts';

interface Flags extends CommonFlags {
  readonly listen: string;
}

export function declare(command: Command, act: Act): void {
  command.addHelpText(
    'after',
    `
Examples:
  chancery log serve
  chancery log serve --listen 0.0.0.0:8480
  chancery log rebuild`,
  );
  command.action(() =>
    refuse('usage.invalid', 'say what to do with the log', {
      remedy: 'Use `chancery log serve`, `chancery log key` or `chancery log rebuild`.',
    }),
  );
  command
    .command('key')
    .description('print the key that the checkpoints of the ledger are signed with')
    .option('--json', 'one JSON line of type "log-key"')
    .addHelpText(
      'after',
      `
Prints the name of the log and the public key of this runtime, as those who check notes read it (C2SP
signed-note): for \`chancery witness --log\`, and for other clients of transparency logs.

Examples:
  chancery log key`,
    )
    .action((flags: CommonFlags) => act(flags, key));
  command
    .command('serve')
    .description('serve checkpoint, tiles and entries to whoever checks the log')
    .option('--listen <host:port>', 'where to listen; port 0 for any', '127.0.0.1:8480')
    .option('--json', 'one JSON line of type "serving"')
    .addHelpText(
      'after',
      `
Serves the tree of the ledger over HTTP as transparency logs are read (C2SP tlog-tiles), until it is
stopped. Entries are served as well: who can reach the address can read the ledger.

Examples:
  chancery log serve
  curl http://127.0.0.1:8480/checkpoint`,
    )
    .action((flags: Flags) => act(flags, (session) => serve(session, flags)));
  declareRebuild(command, act);
}

function declareRebuild(command: Command, act: Act): void {
  command
    .command('rebuild')
    .description('compute the tiles again from the entries, and mend what is damaged')
    .option('--json', 'one JSON line of type "log-rebuilt"')
    .addHelpText(
      'after',
      `
Computes the tree of the latest checkpoint from the entries. Where it is the one that was signed, all
tiles and bundles that are missing or damaged are written again; the checkpoint is left as it is.
Where it is not, nothing is changed, and the command ends with 7. To be used after tile.missing or
tile.invalid, and after tiles were lost.

Examples:
  chancery log rebuild`,
    )
    .action((flags: CommonFlags) => act(flags, mend));
}

async function mend({ home, terminal, json }: Session): Promise<number> {
  const { ledger, signed, written, sound } = await reading(home, async ({ store, ledger }) => {
    const log = { store, ledger, tiles: await tilesOf(home), keys: await logKeys(store, ledger) };
    const onProgress = (passed: number, of: number): void => {
      if (!json)
        terminal.status(`${Math.floor((100 * passed) / of)} % of the entries, in two passes`);
    };
    const rebuilt = await alone(home, () => rebuild({ ...log, onProgress }));
    return { ledger, ...rebuilt };
  }).finally(() => terminal.status(undefined));
  const { size, root } = signed.checkpoint;
  if (json) {
    terminal.json({ type: 'log-rebuilt', ledger, size, root, written, sound, tiles: home.tiles });
    return exitCodes.ok;
  }
  const files = `${count(written)} files written, ${count(sound)} were sound`;
  terminal.line(`The tiles of ${count(size)} entries are whole: ${files}.`);
  return exitCodes.ok;
}

async function key({ home, terminal, json }: Session): Promise<number> {
  const { ledger } = granted(readConfig(home));
  const signer = granted(await keyIn(home.runtimeKey));
  const text = verifierKeyText(ledgerVerifier(ledger, signer.id));
  if (json) terminal.json({ type: 'log-key', ledger, key: text });
  else terminal.line(text);
  return exitCodes.ok;
}

async function serve(session: Session, { listen }: Flags): Promise<number> {
  const { home, terminal, json } = session;
  const address = readAddress(listen);
  const { ledger } = await reading(home, async ({ config }) => config);
  const stopped = askedToStop();
  const served = await serveTree(home, address, (error) => {
    const { code, message } = failureOf(error);
    terminal.note(`a request could not be answered: ${code}: ${visible(message)}`);
  });
  const { url, isPrivate } = served;
  if (json) terminal.json({ type: 'serving', url, ledger, tiles: home.tiles });
  else terminal.line(`Serving the log of the ledger at ${url}checkpoint; stop with Ctrl-C.`);
  if (!isPrivate) {
    terminal.note('Other machines can reach it: whoever does can read every entry.');
  }
  try {
    await stopped;
  } finally {
    await served.close();
  }
  return exitCodes.ok;
}
