import type { Command } from 'commander';
import { exitCodes } from '../exit.ts';
import { itemOf, type InboxItem } from '../inbox/items.ts';
import { reading } from '../opening.ts';
import { ownName } from '../own-name.ts';
import { allRuns, worthKeeping } from '../runs/kept-runs.ts';
import type { Act, CommonFlags, Session } from '../session.ts';
import { instant } from '../terminal/amounts.ts';
import { visible } from '../terminal/visible.ts';

export function declare(command: Command, act: Act): void {
  command
    .option('--json', 'one JSON line of type "waiting" for each')
    .addHelpText(
      'after',
      `
Lists what waits for a human, the oldest first, with the commands that answer: actions that are held
for approval, and effects that were cut off so that nobody knows whether they happened.

Examples:
  chancery inbox
  chancery inbox --json | jq -r '.choices[0].command'`,
    )
    .action((flags: CommonFlags) => act(flags, (session) => inbox(session)));
}

async function inbox(session: Session): Promise<number> {
  const { home, terminal, json, env } = session;
  terminal.endWithReader();
  return reading(home, async (open) => {
    const items: InboxItem[] = [];
    for (const view of await allRuns(session, open, worthKeeping)) {
      const item = await itemOf(open, view, ownName(env));
      if (item !== undefined) items.push(item);
    }
    items.sort((a, b) => a.sinceMs - b.sinceMs);
    if (json) for (const item of items) terminal.json({ type: 'waiting', ...item });
    else if (items.length === 0) terminal.line('Nothing waits for you.');
    else for (const item of items) show(session, item);
    return exitCodes.ok;
  });
}

const titles: Readonly<Record<InboxItem['what'], string>> = {
  held: 'waits for approval',
  'in-doubt': 'is in doubt',
};

function show({ terminal }: Session, item: InboxItem): void {
  const { run, task, what, capability, reason, sinceMs, expiresAtMs, choices } = item;
  const { paint } = terminal;
  const until = expiresAtMs === null ? '' : `, denied at ${instant(expiresAtMs)}`;
  terminal.line(`${paint.bold(visible(capability))} ${titles[what]}: ${visible(reason)}`);
  terminal.line(paint.dim(`  ${run}, ${visible(task)}; since ${instant(sinceMs)}${until}`));
  for (const { means, command } of choices) terminal.line(`  ${means}:  ${visible(command)}`);
  terminal.line();
}
