import type { Command } from 'commander';
import { parsePlaces, placeText } from '../evidence/anchor-place.ts';
import { foundedKey } from '../compose/keys.ts';
import { anchorAt } from '../compose/publication.ts';
import { exitCodes, granted, refuse } from '../exit.ts';
import { recordAnchor } from '../evidence/anchoring.ts';
import { grownHead } from '../evidence/grown-head.ts';
import { writing } from '../opening.ts';
import type { Act, CommonFlags, Session } from '../session.ts';
import { count } from '../terminal/amounts.ts';
import { visible } from '../terminal/visible.ts';

export function declare(command: Command, act: Act): void {
  command
    .argument('<place...>', 'FILE, git:REPOSITORY, https://… (or http:// on this machine)')
    .option('--json', 'one JSON line of type "anchored" for each place')
    .addHelpText(
      'after',
      `
Signs the head of the ledger, as \`chancery checkpoint\` does, and adds it to what is kept at other
places: a file, a branch of a git repository (a signed commit each; push it further), or a server
that takes checkpoints by POST and gives all of them by GET. The ledger records what was kept where.
\`chancery verify --against PLACE\` compares the ledger with everything that is kept there. Keep
places where whoever could change the ledger cannot.

Examples:
  chancery anchor /mnt/usb/ledger.checkpoints
  chancery anchor git:/srv/anchors https://anchor.example/team
  chancery verify --against git:/srv/anchors`,
    )
    .action((places: readonly string[], flags: CommonFlags) =>
      act(flags, (session) => anchor(session, places)),
    );
}

async function anchor(session: Session, texts: readonly string[]): Promise<number> {
  const { home, env, terminal, json } = session;
  const places = granted(parsePlaces(texts));
  return writing(home, async (open) => {
    const { ledger } = open;
    const signer = granted(await foundedKey(home.runtimeKey, env));
    const { checkpoint, note } = await grownHead(home, open, signer);
    const { size, root } = checkpoint;
    let failed;
    for (const place of places) {
      const published = await (await anchorAt(place, ledger, signer)).publish(note);
      if (!published.ok) {
        failed ??= published.refusal;
        continue;
      }
      const shown = placeText(place);
      await recordAnchor(open, signer, { place: shown, note });
      if (json) terminal.json({ type: 'anchored', place: shown, size, root });
      else terminal.line(`${count(size)} entries are anchored at ${visible(shown)}`);
    }
    if (failed !== undefined) refuse(failed.code, failed.message, { remedy: failed.remedy });
    return exitCodes.ok;
  });
}
