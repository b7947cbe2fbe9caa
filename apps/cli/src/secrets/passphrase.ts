import { done, refused, type Result } from '@chancery/kernel/refusal';
import { privateText } from './private-text.ts';
import { askHidden, canAskHidden } from '../terminal/ask-hidden.ts';

/** What a passphrase is of: the variable that names a file with it, and what it is called. */
export interface Locked {
  readonly variable: 'CHANCERY_PASSPHRASE_FILE' | 'CHANCERY_VAULT_PASSPHRASE_FILE';
  readonly what: string;
}

export const lockedVault: Locked = {
  variable: 'CHANCERY_VAULT_PASSPHRASE_FILE',
  what: 'the vault',
};

export function lockedKey(file: string): Locked {
  return { variable: 'CHANCERY_PASSPHRASE_FILE', what: file };
}

/**
 * The passphrase in the file that the environment names; undefined where it names none. Never one of
 * the environment or the arguments themselves, which others can see. Refuses `key.exposed`,
 * `passphrase.missing`, `passphrase.invalid`.
 */
export function filedPassphrase(
  { variable }: Locked,
  env: NodeJS.ProcessEnv,
): Result<string | undefined> {
  const file = env[variable] ?? '';
  return file === '' ? done(undefined) : passphraseIn(file);
}

/** The passphrase of what has one: from its file, or asked for. Refuses as `filedPassphrase`. */
export async function passphraseOf(
  locked: Locked,
  env: NodeJS.ProcessEnv,
): Promise<Result<string>> {
  const filed = filedPassphrase(locked, env);
  if (!filed.ok) return filed;
  if (filed.value !== undefined) return done(filed.value);
  if (!canAskHidden()) return nobody(locked);
  return done(await askHidden(`Passphrase of ${locked.what}: `));
}

/**
 * A new passphrase: of the file, where one is named, or asked for twice. Refuses as `passphraseOf`,
 * and `passphrase.invalid` for a short one, or two that differ.
 */
export async function newPassphrase(
  locked: Locked,
  file: string | undefined,
): Promise<Result<string>> {
  if (file !== undefined) {
    const filed = passphraseIn(file);
    return filed.ok ? fit(filed.value) : filed;
  }
  if (!canAskHidden()) return nobody(locked);
  const first = fit(await askHidden(`New passphrase of ${locked.what}: `));
  if (!first.ok) return first;
  const again = await askHidden('The same again: ');
  return again === first.value ? first : refused('passphrase.invalid', 'the two are not the same');
}

const leastChars = 8;

function fit(passphrase: string): Result<string> {
  // What a terminal makes of bytes that are no character: many passphrases would be one.
  if (passphrase.includes('\ufffd')) {
    return refused('passphrase.invalid', 'a passphrase is written in UTF-8');
  }
  if (passphrase.length >= leastChars) return done(passphrase);
  return refused('passphrase.invalid', `a passphrase has at least ${leastChars} characters`);
}

/** The first line of a file that its user alone may read. */
function passphraseIn(file: string): Result<string> {
  const read = privateText(file);
  switch (read.kind) {
    case 'exposed':
      return refused('key.exposed', `others may read ${file}, which holds a passphrase`, {
        remedy: `chmod 600 ${file}, and make it your own; then change the passphrase.`,
      });
    case 'none':
      return refused('passphrase.missing', `no passphrase: ${file} ${read.why}`);
    case 'text': {
      const [line = '', ...rest] = read.text.split(/\r?\n/);
      if (line !== '' && rest.every((each) => each === '')) return done(line);
      return refused('passphrase.invalid', `${file} does not hold one line`);
    }
  }
}

function nobody({ what }: Locked) {
  return refused('passphrase.missing', `${what} has a passphrase, and nobody can be asked for it`);
}
