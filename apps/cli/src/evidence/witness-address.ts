import { done, refused, type Result } from '@chancery/kernel/refusal';
import { parseVerifierKey, verifierKeyText, type VerifierKey } from '@chancery/kernel/tree';

/** A witness: where it is asked, and the key that its cosignatures have to be made with. */
export interface WitnessAddress {
  /** Ends with a slash. */
  readonly base: string;
  readonly key: VerifierKey;
}

/** The address in one word: the key stands behind the `#`, which is sent to nobody. */
export function witnessAddressText({ base, key }: WitnessAddress): string {
  return `${base}#${verifierKeyText(key)}`;
}

/** Refuses `usage.invalid` for what is no URL with a key, and `verifier.invalid`. */
export function parseWitnessAddress(text: string): Result<WitnessAddress> {
  const hash = text.indexOf('#');
  const url = hash < 0 ? null : URL.parse(text.slice(0, hash));
  const isWeb = url?.protocol === 'https:' || url?.protocol === 'http:';
  if (url === null || !isWeb || url.username !== '' || url.password !== '' || url.search !== '') {
    return refused('usage.invalid', `${JSON.stringify(text)} is no address of a witness`, {
      remedy: 'Give it as `chancery witness` prints it: http://HOST:PORT/#NAME+HASH+KEY.',
    });
  }
  const key = parseVerifierKey(text.slice(hash + 1));
  if (!key.ok) return key;
  if (key.value.algorithm !== 'cosignature') {
    return refused('verifier.invalid', `the key of ${key.value.name} is that of a log`);
  }
  const base = url.href.endsWith('/') ? url.href : `${url.href}/`;
  return done({ base, key: key.value });
}
