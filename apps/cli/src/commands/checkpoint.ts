import { type Command } from 'commander';
import { verifierKeyText, ledgerVerifier } from '@chancery/kernel/tree';
import { integrate, type SignedCheckpoint } from '@chancery/runtime/transparency';
import { foundedKey, tilesOf } from '../compose.ts';
import { exitCodes, granted } from '../exit.ts';
import { alone } from '../growth.ts';
import { type Home } from '../home.ts';
import { reading, type OpenLedger } from '../opening.ts';
import { type Act, type CommonFlags, type Session } from '../session.ts';
import { count } from '../terminal/amounts.ts';

export function declare(command: Command, act: Act): void {
  command
    .option('--json', 'one JSON line of type "checkpoint"')
    .addHelpText(
      'after',
      `
Integrates all entries into the tree of the ledger (RFC 6962) and signs its head with the key of the
runtime. Prints the head, a signed note as transparency logs have it (C2SP tlog-checkpoint). Keep it
elsewhere: it shows later that nothing that it covers was changed or cut off. Tiles and the latest
checkpoint stand in the folder tiles of the home, to be served by any web server.

Examples:
  chancery checkpoint > yesterday.checkpoint
  chancery prove --consistency 120`,
    )
    .action((flags: CommonFlags) => act(flags, checkpoint));
}

async function checkpoint(session: Session): Promise<number> {
  return reading(session.home, async (open) => {
    const signer = granted(await foundedKey(session.home.runtimeKey));
    const signed = await alone(session.home, async () =>
      integrate(await logOf(session.home, open), signer),
    );
    show(session, signed, verifierKeyText(ledgerVerifier(open.config.ledger, signer.id)));
    return exitCodes.ok;
  });
}

async function logOf(home: Home, { store, config }: OpenLedger) {
  return { store, tiles: await tilesOf(home), ledger: config.ledger };
}

function show({ terminal, json, home }: Session, signed: SignedCheckpoint, key: string): void {
  const { checkpoint: head, note } = signed;
  if (json) {
    const { origin, size, root, heads = null } = head;
    terminal.json({ type: 'checkpoint', origin, size, root, heads, note, key, tiles: home.tiles });
    return;
  }
  terminal.line(note.trimEnd());
  terminal.note(`${count(head.size)} entries, signed by ${key}`);
}
