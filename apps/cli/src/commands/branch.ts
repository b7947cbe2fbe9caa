import type { Command } from 'commander';
import { reading } from '../opening.ts';
import { findRun } from '../runs/reading.ts';
import { readSeq } from '../runs/seq.ts';
import type { Act, Session } from '../session.ts';
import { carryOut, declareTerms, type RunFlags } from './run.ts';

interface Flags extends RunFlags {
  readonly at?: string;
}

export function declare(command: Command, act: Act): void {
  declareTerms(
    command
      .argument('<run>', 'id of the run to go on from, or its first letters')
      .argument(
        '<task>',
        'what is to be done from there, in your words; - reads it from standard input',
      ),
  )
    .option('--at <seq>', 'as it was after this entry of the run (default: the last)')
    .addHelpText(
      'after',
      `
A new run begins with the files and the world that another one had at a moment: \`chancery show RUN\`
numbers its entries. The other run stays as it is, and what it has said to its model is not taken
over. What it may have seen counts as seen by the new one.

Examples:
  chancery branch 6gzs "Try it without the cache" --at 17 --gate "npm test"
  chancery branch 6gzs "Now write the documentation"`,
    )
    .action((run: string, task: string, flags: Flags) =>
      act(flags, (session) => branch(session, { run, task }, flags)),
    );
}

async function branch(
  session: Session,
  { run: named, task }: { readonly run: string; readonly task: string },
  flags: Flags,
): Promise<number> {
  const run = await reading(session.home, ({ store }) => findRun(store, named));
  const seq = readSeq('--at', flags.at);
  return carryOut(session, { task, on: { run, seq }, allowDirty: false }, flags);
}
