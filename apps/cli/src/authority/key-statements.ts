import type { Command } from 'commander';
import { signEnvelope, type Signer } from '@chancery/kernel/encoding';
import { refused, type Result, done } from '@chancery/kernel/refusal';
import { keyKinds } from '@chancery/kernel/writ';
import { recordSigned, type KeySaying } from '@chancery/runtime/authority';
import { exitCodes, granted } from '../exit.ts';
import { writing } from '../opening.ts';
import { more } from '../repeatable.ts';
import type { Act, CommonFlags, Session } from '../session.ts';
import { replaceText } from '../text-file.ts';
import { rootSigners, speakingOn } from './root-saying.ts';
import { openStatements, showStatements } from './shown-statement.ts';
import {
  loadStatements,
  statementsText,
  type Statement,
  type StatementFile,
} from './statement-file.ts';

interface SignFlags extends CommonFlags {
  readonly key: readonly string[];
  readonly show?: boolean;
}

export function declareSign(command: Command, act: Act): void {
  command
    .description('sign what roots were asked to, wherever the key is')
    .argument('<file>', 'that --unsigned has written, here or on another machine')
    .option(
      '--key <key>',
      "file of a root's key, or ssh-agent:NAME; repeatable (default: yours)",
      more,
      [],
    )
    .option('--show', 'only show what it says, and who has signed it')
    .option('--json', 'one JSON line of type "statement" for each')
    .addHelpText(
      'after',
      `
Shows what the file says and puts the signature of the key into it. It needs no ledger: take the file to
the machine that the key never leaves, and bring it back. Roots may sign one after the other, in any
order; who signs last can record it, and so can anybody else.

Examples:
  chancery keys sign trust.json --show
  chancery keys sign trust.json --key root-1.key.json`,
    )
    .action((file: string, flags: SignFlags) =>
      act(flags, (session) => sign(session, file, flags)),
    );
}

async function sign(session: Session, file: string, { key, show }: SignFlags): Promise<number> {
  const loaded = granted(loadStatements(file));
  const opened = granted(openStatements(loaded));
  if (show === true) {
    showStatements(session, loaded, opened);
    return exitCodes.ok;
  }
  const signers = await rootSigners(session, key);
  const signed = granted(signedBy(loaded, signers));
  replaceText(file, statementsText(signed));
  const now = granted(openStatements(signed));
  showStatements(session, signed, now);
  if (!session.json) {
    const due = Math.max(...now.map(({ signers: each }) => signed.threshold - each.length));
    session.terminal.line(
      due > 0 ? `${due} more must sign it.` : 'Enough have signed it: it can go back to who asked.',
    );
  }
  return exitCodes.ok;
}

function signedBy(file: StatementFile, signers: readonly Signer[]): Result<StatementFile> {
  const stranger = signers.find(({ id }) => !file.roots.includes(id));
  if (stranger !== undefined) {
    return refused('key.not-root', `${stranger.id} is not among the roots that are to sign this`);
  }
  const statements = file.statements.map(({ kind, envelope }): Statement => {
    return { kind, envelope: signers.reduce(signEnvelope, envelope) };
  });
  return done({ ...file, statements });
}

export function declareRecord(command: Command, act: Act): void {
  command
    .description('record what enough of the roots have signed')
    .argument('<file>', 'that --unsigned has written and the roots have signed')
    .option('--json', 'one JSON line of type "statement" for each')
    .addHelpText(
      'after',
      `
All that the file says is recorded, or nothing. It fits the ledger that it was drafted for, as long as
nothing else is said of the same keys. No key is needed here.

Examples:
  chancery keys trust ed25519:… --label ann --purpose approve --unsigned trust.json
  chancery keys sign trust.json --key root-1.key.json
  chancery keys sign trust.json --key root-2.key.json
  chancery keys record trust.json`,
    )
    .action((file: string, flags: CommonFlags) => act(flags, (session) => record(session, file)));
}

async function record(session: Session, file: string): Promise<number> {
  const loaded = granted(loadStatements(file));
  const said = granted(sayingsOf(loaded));
  return writing(session.home, async (open) => {
    const speaking = await speakingOn(open);
    granted(await recordSigned(speaking, said));
    showStatements(session, loaded, granted(openStatements(loaded)));
    if (!session.json) session.terminal.line('Recorded.');
    return exitCodes.ok;
  });
}

/** What a file says of keys. Refuses `usage.invalid` for a genesis. */
export function sayingsOf({ statements }: StatementFile): Result<readonly KeySaying[]> {
  const sayings = statements.filter((each): each is KeySaying =>
    keyKinds.some((kind) => kind === each.kind),
  );
  return sayings.length === statements.length
    ? done(sayings)
    : refused('usage.invalid', 'the file holds a genesis', {
        remedy: 'Begin the ledger with it: chancery init --signed FILE --unsigned NEXT.',
      });
}
