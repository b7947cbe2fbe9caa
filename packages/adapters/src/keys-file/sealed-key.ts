import { randomBytes } from 'node:crypto';
import { basename, dirname, join } from 'node:path';
import { done, refused, type Result } from '@chancery/kernel/refusal';
import { isKeyLabel, readKey, writeKey, writeSealedKey, type LoadedKey } from './key-file.ts';
import { keySuffix, readStoredKey } from './key-folder.ts';
import { placePrivateFile, readPrivateFile, rewritePrivateFile } from './private-file.ts';

/** Encrypts the text of a key file under a passphrase that it knows. */
export type Seal = (text: string) => Promise<string>;

/** Opens what `Seal` has made. Refuses `passphrase.wrong`, `key.invalid`. */
export type Unseal = (sealed: string) => Promise<Result<string>>;

/** As `createKey`, and the seed is on no disk but under the passphrase. */
export async function createSealedKey(
  folder: string,
  label: string,
  seal: Seal,
): Promise<Result<LoadedKey>> {
  if (!isKeyLabel(label)) return refused('key.invalid', `a key cannot be called "${label}"`);
  const text = writeKey(label, randomBytes(32));
  const key = readKey(text, join(folder, label + keySuffix));
  if (!key.ok) return key;
  const placed = placePrivateFile(
    folder,
    label + keySuffix,
    await sealedText(key.value, text, seal),
  );
  return placed.ok ? key : placed;
}

/** The key of a file that is under a passphrase. Refuses as `loadKey` and `unseal`. */
export async function openSealedKey(file: string, unseal: Unseal): Promise<Result<LoadedKey>> {
  const text = await openText(file, unseal);
  return text.ok ? readKey(text.value, file) : text;
}

/**
 * Puts a key under a passphrase, another one or none; `unseal` opens one that is under one already. The
 * file is replaced whole, and what it held before is written over. Refuses as `openSealedKey`, and
 * `ledger.unreachable`.
 */
export async function changeSeal(
  file: string,
  unseal: Unseal,
  seal: Seal | undefined,
): Promise<Result<null>> {
  const text = await openText(file, unseal);
  const key = text.ok ? readKey(text.value, file) : text;
  if (!text.ok) return text;
  if (!key.ok) return key;
  const changed = seal === undefined ? text.value : await sealedText(key.value, text.value, seal);
  return rewritePrivateFile(dirname(file), basename(file), changed);
}

/** The text of a file for this key, under a passphrase. */
export async function sealedText(key: LoadedKey, text: string, seal: Seal): Promise<string> {
  const { label, signer } = key;
  const publicKey = signer.id.slice('ed25519:'.length);
  return writeSealedKey({ label, publicKey, sealed: await seal(text) });
}

/** The text of a key file as it would be without a passphrase. */
async function openText(file: string, unseal: Unseal): Promise<Result<string>> {
  const stored = readStoredKey(file);
  if (!stored.ok) return stored;
  const { sealed, id, label } = stored.value;
  if (sealed === undefined) return readPrivateFile(file);
  const text = await unseal(sealed);
  if (!text.ok) return text;
  const key = readKey(text.value, file);
  if (!key.ok) return key;
  return key.value.id === id && key.value.label === label
    ? done(text.value)
    : refused('key.invalid', `${file} holds another key than it names`);
}
