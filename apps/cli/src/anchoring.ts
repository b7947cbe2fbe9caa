import { type Digest } from '@chancery/kernel/encoding';
import { done, refused, type Result } from '@chancery/kernel/refusal';
import { originOf } from '@chancery/kernel/tree';
import { parsePlace, placeText } from './anchor-place.ts';
import { anchorSourceAt } from './compose.ts';

/**
 * The checkpoints of a ledger that a place keeps. Refuses `anchor.empty` where it keeps none of this
 * ledger: that none contradicts it would prove nothing. Refuses also as the anchor does.
 */
export async function publishedAt(
  text: string,
  ledger: Digest,
): Promise<Result<readonly string[]>> {
  const place = parsePlace(text);
  if (!place.ok) return place;
  const published = await (await anchorSourceAt(place.value, ledger)).published();
  if (!published.ok) return published;
  const own = published.value.filter((note) => note.startsWith(`${originOf(ledger)}\n`));
  if (own.length > 0) return done(own);
  return refused('anchor.empty', `${placeText(place.value)} keeps no checkpoint of this ledger`);
}
