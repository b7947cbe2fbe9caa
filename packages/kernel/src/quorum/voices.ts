import type { KeyId } from '../encoding/index.ts';

/**
 * The most voices that keys have together, where `heardFor` tells for whom each may speak: each key
 * speaks once, and each is spoken for once. It is a largest matching (Kuhn), so that neither the order
 * of the keys nor that of those they speak for makes a difference.
 */
export function mostVoices(heardFor: readonly (readonly KeyId[])[]): number {
  /** By approver, the place of the key that speaks for it. */
  const spokenBy = new Map<KeyId, number>();
  const finds = (place: number, asked: Set<KeyId>): boolean => {
    for (const approver of heardFor[place] ?? []) {
      if (asked.has(approver)) continue;
      asked.add(approver);
      const other = spokenBy.get(approver);
      if (other !== undefined && !finds(other, asked)) continue;
      spokenBy.set(approver, place);
      return true;
    }
    return false;
  };
  return heardFor.filter((_, place) => finds(place, new Set())).length;
}
