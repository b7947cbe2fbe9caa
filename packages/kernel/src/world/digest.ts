import { objectDigest, type Digest, type Json } from '../encoding/index.ts';
import type { World } from './model.ts';

/** Names a world. Equal worlds have equal digests, on every machine and in every store. */
export function worldDigest({ clock, cells }: World): Digest {
  const members = [...cells].map(([key, { version, value }]): [string, Json] => [
    key,
    { version, value },
  ]);
  // `fromEntries` defines own properties, so a key such as __proto__ stays data.
  return objectDigest('world', { clock, cells: Object.fromEntries(members) });
}
