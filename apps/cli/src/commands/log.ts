import { once } from 'node:events';
import { type Command } from 'commander';
import { serveTree } from '../compose.ts';
import { exitCodes, failureOf, refuse } from '../exit.ts';
import { reading } from '../opening.ts';
import { type Act, type CommonFlags, type Session } from '../session.ts';
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
  chancery log serve --listen 0.0.0.0:8480`,
  );
  command.action(() =>
    refuse('usage.invalid', 'say what to do with the log', {
      remedy: 'Use `chancery log serve`.',
    }),
  );
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
}

async function serve(session: Session, { listen }: Flags): Promise<number> {
  const { home, terminal, json } = session;
  const address = readAddress(listen);
  const { ledger } = await reading(home, async ({ config }) => config);
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
    await Promise.race(['SIGINT', 'SIGTERM', 'SIGHUP'].map((signal) => once(process, signal)));
  } finally {
    await served.close();
  }
  return exitCodes.ok;
}

/** `HOST:PORT`, an IPv6 address in brackets. */
function readAddress(text: string): { readonly host: string; readonly port: number } {
  const [, v6, name, digits = ''] =
    /^(?:\[([0-9a-fA-F:.]+)\]|([^:[\]\s/]+)):(\d{1,5})$/.exec(text) ?? [];
  const [host, port] = [v6 ?? name, Number(digits)];
  if (host !== undefined && port <= 65_535) return { host, port };
  return refuse('usage.invalid', `${JSON.stringify(text)} is no HOST:PORT`);
}
