import type { KeyId } from '@chancery/kernel/encoding';
import { done, type Result } from '@chancery/kernel/refusal';
import { keyIn } from '../compose/keys.ts';

/** Id of the key in a file; null where there is none. Refuses `key.exposed`, `key.invalid`. */
export async function keyHere(file: string): Promise<Result<KeyId | null>> {
  const key = await keyIn(file);
  if (key.ok) return done(key.value.id);
  return key.refusal.code === 'key.missing' ? done(null) : key;
}

/** How a key of the home is shown. */
export function keyText(key: KeyId | null, file: string): string {
  return key === null ? `not in ${file}` : `${key} in ${file}`;
}
