import type { Command } from 'commander';
import { isKeyId, type Digest, type KeyId, type Signer } from '@chancery/kernel/encoding';
import { done, refused, type Result } from '@chancery/kernel/refusal';
import {
  Authority,
  draftSayings,
  recordSayings,
  type Sayings,
  type Speaking,
} from '@chancery/runtime/authority';
import { openClock } from '../compose/house.ts';
import { signingKey } from '../compose/keys.ts';
import { exitCodes, granted, refuse } from '../exit.ts';
import { reading, writing, type OpenLedger } from '../opening.ts';
import { ownName } from '../own-name.ts';
import { more } from '../repeatable.ts';
import type { CommonFlags, Session } from '../session.ts';
import { writeNewText } from '../text-file.ts';
import { visible } from '../terminal/visible.ts';
import { openStatements, showStatements } from './shown-statement.ts';
import { latestMsOf } from './signing.ts';
import { statementsText, type StatementFile } from './statement-file.ts';

/** Flags of a command by which the roots say something of a key. */
export interface SayingFlags extends CommonFlags {
  readonly key: readonly string[];
  readonly unsigned?: string;
}

export function sayingOptions(command: Command): Command {
  return command
    .option(
      '--key <key>',
      "file of a root's key, or ssh-agent:NAME; repeatable (default: yours)",
      more,
      [],
    )
    .option('--unsigned <file>', 'write what the roots are to sign to a file, and record nothing');
}

/** What is done when it is recorded; gets the digests of the entries, none where all was said before. */
export type Recorded = (speaking: Speaking, entries: readonly Digest[]) => Promise<number>;

/**
 * Has the roots that were named sign and record it, or drafts it for roots who are elsewhere. Refuses
 * `key.not-root`, and what the sayings refuse.
 */
export async function say(
  session: Session,
  { key, unsigned }: SayingFlags,
  sayings: Sayings,
  recorded: Recorded,
): Promise<number> {
  const { home } = session;
  if (unsigned !== undefined) return draft(session, { key, unsigned }, sayings);
  const roots = await rootSigners(session, key);
  return writing(home, async (open) => {
    const speaking = await speakingOn(open);
    return recorded(speaking, granted(await recordSayings(speaking, sayings, roots)));
  });
}

async function draft(
  session: Session,
  { key, unsigned }: Required<Pick<SayingFlags, 'key' | 'unsigned'>>,
  sayings: Sayings,
): Promise<number> {
  if (key.length > 0) {
    refuse('usage.invalid', 'what is written with --unsigned is signed elsewhere, by no --key', {
      remedy: 'Leave --key out, then `chancery keys sign` the file.',
    });
  }
  return reading(session.home, async (open) => {
    const speaking = await speakingOn(open);
    const { roots, threshold } = (await speaking.authority.trust()).genesis;
    const statements = granted(await draftSayings(speaking, sayings));
    if (statements.length === 0) {
      session.terminal.note('It is said already: there is nothing to sign.');
      return exitCodes.ok;
    }
    tellDraft(session, unsigned, { roots, threshold, statements }, ['keys', 'record']);
    return exitCodes.ok;
  });
}

/** Writes a file for roots who are elsewhere; `then` is the command that takes it when it is signed. */
export function tellDraft(
  session: Session,
  file: string,
  statements: StatementFile,
  then: readonly string[],
): void {
  const { terminal, json, env } = session;
  writeNewText(file, statementsText(statements));
  showStatements(session, statements, granted(openStatements(statements)));
  if (json) return;
  const name = ownName(env);
  terminal.line(`Have the roots sign it, wherever their keys are:`);
  terminal.line(`${name} keys sign ${visible(file)} --key FILE`);
  terminal.line('Then:');
  terminal.line(`${name} ${then.join(' ')} ${visible(file)}`);
}

/** Where the roots of an open ledger speak. */
export async function speakingOn({ store, ledger }: OpenLedger): Promise<Speaking> {
  const clock = await openClock(await latestMsOf(store, 'ledger'));
  return { store, ledger, clock, authority: new Authority(store, ledger) };
}

/** The keys that were named, or the owner's. */
export async function rootSigners(
  session: Session,
  named: readonly string[],
): Promise<readonly Signer[]> {
  const each = named.length === 0 ? [undefined] : named;
  const signers: Signer[] = [];
  // One after the other: each may have to be asked for its passphrase.
  for (const key of each) signers.push(granted(await signingKey(session, key)));
  return signers;
}

export function readKeyId(text: string): Result<KeyId> {
  if (isKeyId(text)) return done(text);
  return refused('usage.invalid', `${JSON.stringify(text)} is no key`, {
    remedy: 'Write it as `chancery keys list` shows keys: ed25519:, then 64 hexadecimal digits.',
  });
}
