import { join } from 'node:path';
import type { Command } from 'commander';
import { keyIn } from '../compose/keys.ts';
import { changeKeyPassphrase } from '../compose/passphrases.ts';
import { exitCodes, granted, refuse } from '../exit.ts';
import { lockedKey, newPassphrase, passphraseOf } from '../secrets/passphrase.ts';
import type { Act, CommonFlags, Session } from '../session.ts';
import { visible } from '../terminal/visible.ts';

interface Flags extends CommonFlags {
  readonly drop?: boolean;
  readonly newFile?: string;
}

export function declarePassphrase(command: Command, act: Act): void {
  command
    .description('put a key of this home under a passphrase, another one, or none')
    .argument('<name>', 'of the key, as its file is called: owner')
    .option('--drop', 'let the key be used without one')
    .option('--new-file <file>', 'file (mode 600) with the new one, where nobody can be asked')
    .option('--json', 'one JSON line of type "key-locked"')
    .addHelpText(
      'after',
      `
The key is then encrypted in its file (age, by scrypt), and every command that signs with it asks for the
passphrase on a terminal, without showing it, or reads it from the file (mode 600, one line) that
CHANCERY_PASSPHRASE_FILE names. A passphrase is never an argument. A key whose passphrase is
lost is lost: let another take its place with \`chancery keys rotate\`; a root cannot be rotated.

Copies of the file that were made before are as they were. Leave the key of a runtime that works
unattended without one.

Examples:
  chancery keys passphrase owner
  chancery keys passphrase owner --drop
  CHANCERY_PASSPHRASE_FILE=old.txt chancery keys passphrase owner --new-file new.txt`,
    )
    .action((name: string, flags: Flags) => act(flags, (session) => change(session, name, flags)));
}

async function change(session: Session, name: string, flags: Flags): Promise<number> {
  const { home, env, terminal, json } = session;
  const { drop = false, newFile } = flags;
  if (drop && newFile !== undefined) refuse('usage.invalid', '--drop takes no --new-file');
  const file = join(home.keys, `${name}.key.json`);
  const { id: key, label, sealed } = granted(await keyIn(file));
  const locked = lockedKey(file);
  const before = sealed ? granted(await passphraseOf(locked, env)) : undefined;
  const after = drop ? undefined : granted(await newPassphrase(locked, newFile));
  granted(await changeKeyPassphrase(file, before, after));
  const isLocked = after !== undefined;
  if (json) terminal.json({ type: 'key-locked', key, label, file, locked: isLocked });
  else {
    const how = isLocked ? 'is under its passphrase now' : 'needs no passphrase';
    terminal.line(`${visible(label)} ${how}: ${visible(file)}`);
  }
  return exitCodes.ok;
}
