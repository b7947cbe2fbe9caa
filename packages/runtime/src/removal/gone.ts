import type { Digest, KeyId } from '@chancery/kernel/encoding';
import type { Content } from '@chancery/kernel/ledger';
import { refusal, RefusalError, type RefusalCode } from '@chancery/kernel/refusal';

/** A reference to a content that stands outside its entry. */
export type BlobReference = Extract<Content, { readonly blob: unknown }>['blob'];

/**
 * A content that an entry names and that cannot be read: pruned or erased by the signed word of a
 * human, or sealed with a key that is not here.
 */
export interface Gone {
  readonly how: 'pruned' | 'erased' | 'sealed';
  /** Of the blob that holds or held it. */
  readonly digest: Digest;
  /** Who had it removed, when and why; null and empty where it is only sealed. */
  readonly by: KeyId | null;
  readonly atMs: number | null;
  readonly reason: string;
}

const codes: Readonly<Record<Gone['how'], RefusalCode>> = {
  pruned: 'content.pruned',
  erased: 'content.erased',
  sealed: 'key.missing',
};

/** The refusal to go on with what is gone. */
export function goneRefusal({ how, digest, by, reason }: Gone): RefusalError {
  const why = reason === '' ? '' : `: ${reason}`;
  if (how === 'sealed') {
    const message = `the content ${digest} is sealed with a key that is not here`;
    const remedy = 'Restore the folder of subject keys from a copy.';
    return new RefusalError(refusal('key.missing', message, { remedy }));
  }
  const message = `the content ${digest} was ${how} by ${by ?? ''}${why}`;
  return new RefusalError(refusal(codes[how], message, { details: { digest } }));
}
