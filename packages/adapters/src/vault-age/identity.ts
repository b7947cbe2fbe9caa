import { generateX25519Identity, identityToRecipient } from 'age-encryption';
import { done, refused, type Result } from '@chancery/kernel/refusal';
import { openWithPassphrase, sealWithPassphrase } from './age.ts';
import { readPrivate } from './private-file.ts';

/** The X25519 identity (AGE-SECRET-KEY-1…) that a vault is for, in a file as `age -d -i` takes it. */
export interface IdentityFile {
  readonly text: string;
  /** Whether it is itself under a passphrase. */
  readonly isSealed: boolean;
}

const plainForm = /^AGE-SECRET-KEY-1[A-Z0-9]{58}$/;

/** Refuses as `readPrivate`, and `vault.corrupt`; nothing of it is in a message. */
export function readIdentityFile(file: string): Result<IdentityFile> {
  const read = readPrivate(file);
  if (!read.ok) return read;
  const text = new TextDecoder().decode(read.value);
  if (plainForm.test(text.trim())) return done({ text, isSealed: false });
  if (text.startsWith('-----BEGIN AGE ENCRYPTED FILE-----')) return done({ text, isSealed: true });
  return refused('vault.corrupt', `${file} is not the key of a vault`);
}

/** The identity in a file. Refuses `vault.locked`, `passphrase.wrong`, `vault.corrupt`. */
export async function identityIn(
  { text, isSealed }: IdentityFile,
  passphrase: string | undefined,
): Promise<Result<string>> {
  if (!isSealed) return done(text.trim());
  if (passphrase === undefined) return refused('vault.locked', 'the vault has a passphrase');
  const opened = await openWithPassphrase(text, passphrase);
  if (opened.kind === 'not-for-us') {
    return refused('passphrase.wrong', 'the vault does not open with this passphrase');
  }
  if (opened.kind === 'opened' && plainForm.test(opened.text.trim())) {
    return done(opened.text.trim());
  }
  return refused('vault.corrupt', 'the key of the vault was changed');
}

/** The text of the file of an identity, under a passphrase where one is given. */
export async function identityText(
  identity: string,
  passphrase: string | undefined,
): Promise<string> {
  const text = `${identity}\n`;
  return passphrase === undefined ? text : sealWithPassphrase(text, passphrase);
}

export const newIdentity = generateX25519Identity;
export const recipientOf = identityToRecipient;
