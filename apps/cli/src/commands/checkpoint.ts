import type { Command } from 'commander';
import { verifierKeyText, ledgerVerifier } from '@chancery/kernel/tree';
import type { SignedCheckpoint } from '@chancery/runtime/transparency';
import { foundedKey } from '../compose/keys.ts';
import { tilesOf } from '../compose/log.ts';
import { cosign, readWanted } from '../evidence/cosigning.ts';
import { exitCodes, granted } from '../exit.ts';
import { grownHead } from '../evidence/grown-head.ts';
import { reading } from '../opening.ts';
import { more } from '../repeatable.ts';
import type { Act, CommonFlags, Session } from '../session.ts';
import { count } from '../terminal/amounts.ts';

interface Flags extends CommonFlags {
  readonly witness: readonly string[];
  readonly quorum?: string;
}

export function declare(command: Command, act: Act): void {
  command
    .option('--witness <address>', 'have it cosigned by this witness; repeatable', more, [])
    .option('--quorum <n>', 'how many of the witnesses have to (default: all)')
    .option('--json', 'one JSON line of type "checkpoint", after one of type "cosignature" each')
    .addHelpText(
      'after',
      `
Integrates all entries into the tree of the ledger (RFC 6962) and signs its head with the key of the
runtime. Prints the head, a signed note as transparency logs have it (C2SP tlog-checkpoint). Keep it
elsewhere: it shows later that nothing that it covers was changed or cut off. Tiles and the latest
checkpoint stand in the folder tiles of the home, to be served by any web server.

A witness (\`chancery witness\`) cosigns only a ledger that grows. One that has cosigned another history
ends the command with 7, whatever --quorum is.

Examples:
  chancery checkpoint > yesterday.checkpoint
  chancery checkpoint --witness "http://127.0.0.1:8481/#NAME+HASH+KEY"
  chancery prove --consistency 120`,
    )
    .action((flags: Flags) => act(flags, (session) => checkpoint(session, flags)));
}

async function checkpoint(session: Session, { witness, quorum }: Flags): Promise<number> {
  const wanted = granted(readWanted(witness, quorum));
  return reading(session.home, async (open) => {
    const signer = granted(await foundedKey(session.home.runtimeKey, session.env));
    const { store, ledger } = open;
    const log = { store, ledger, tiles: await tilesOf(session.home) };
    const own = await grownHead(session.home, open, signer);
    const isAsked = wanted.witnesses.length > 0;
    const signed = isAsked ? await cosign(session, log, own, { wanted, key: signer.id }) : own;
    show(session, signed, verifierKeyText(ledgerVerifier(open.config.ledger, signer.id)));
    return exitCodes.ok;
  });
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
