import { armor, Decrypter, Encrypter } from 'age-encryption';

/** What an age file came to. */
export type Opened =
  | { readonly kind: 'opened'; readonly text: string }
  /** It is for another passphrase or key, or what says for which was changed. */
  | { readonly kind: 'not-for-us' }
  /** It is none, cut off or changed. */
  | { readonly kind: 'broken' };

/** An armored age file (age-encryption.org/v1) under a passphrase: scrypt with 2^18 rounds. */
export async function sealWithPassphrase(text: string, passphrase: string): Promise<string> {
  const encrypter = new Encrypter();
  encrypter.setPassphrase(passphrase);
  return `${armor.encode(await encrypter.encrypt(text)).trim()}\n`;
}

export async function openWithPassphrase(armored: string, passphrase: string): Promise<Opened> {
  const decrypter = new Decrypter();
  decrypter.addPassphrase(passphrase);
  return opened(async () => decrypter.decrypt(armor.decode(armored), 'text'));
}

/** An age file for those who have the identity of one of the recipients. */
export async function sealFor(recipients: readonly string[], text: string): Promise<Uint8Array> {
  const encrypter = new Encrypter();
  for (const recipient of recipients) encrypter.addRecipient(recipient);
  return encrypter.encrypt(text);
}

export async function openWith(identity: string, sealed: Uint8Array): Promise<Opened> {
  const decrypter = new Decrypter();
  decrypter.addIdentity(identity);
  return opened(async () => decrypter.decrypt(sealed, 'text'));
}

/** The library tells a key that does not fit from a broken file by its words alone. */
const noMatch = "no identity matched any of the file's recipients";

async function opened(open: () => Promise<string>): Promise<Opened> {
  try {
    return { kind: 'opened', text: await open() };
  } catch (error) {
    // Whatever the reason, it does not open: nothing of it is used.
    const isOther = error instanceof Error && error.message === noMatch;
    return { kind: isOther ? 'not-for-us' : 'broken' };
  }
}
