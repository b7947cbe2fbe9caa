import { bytesDigest, type Digest, type Json } from '@chancery/kernel/encoding';
import type { Content } from '@chancery/kernel/ledger';
import { signErasure } from '@chancery/kernel/removal';
import { people, RunStory, someDigest, type LedgerFixture } from '@chancery/testkit/builders';

/** Id of the key that the contents of the run are sealed with. Nobody has ever had the key. */
const key = someDigest('key of a subject');
const mediaType = 'application/vnd.chancery.sealed';

/** A run whose contents belong to a subject: what nobody can open any more might as well be this. */
class SealedStory extends RunStory {
  readonly #blobs: Map<Digest, Uint8Array>;
  #sealed = 0;

  constructor(on: LedgerFixture, blobs: Map<Digest, Uint8Array>) {
    super(on, 'r1', on.writ, blobs);
    this.#blobs = blobs;
  }

  override kept(_value: Json): Content {
    this.#sealed += 1;
    const bytes = new TextEncoder().encode(someDigest(`sealed content ${this.#sealed}`));
    const digest = bytesDigest(bytes);
    this.#blobs.set(digest, bytes);
    return { blob: { digest, bytes: bytes.length, mediaType, key } };
  }
}

/**
 * Writes a run of a subject, and that the subject is erased. Gives the sealed contents, which stay: all
 * proofs are over their digests.
 */
export function writeErased(on: LedgerFixture): ReadonlyMap<Digest, Uint8Array> {
  const blobs = new Map<Digest, Uint8Array>();
  const story = new SealedStory(on, blobs);
  story.start({ task: '', subject: { key, task: story.kept('the task') } });
  story.think();
  story.act();
  story.finish();
  const after = on.recorder.entries.findLast(({ entry }) => entry.stream === 'ledger')?.digest;
  const asked = { ledger: on.ledger, after: after ?? on.ledger, reason: 'as asked', key };
  const envelope = signErasure(asked, people.root);
  const erased = { stream: 'ledger', kind: 'subject.erased', body: { envelope } } as const;
  on.recorder.writeBy(people.root.id, erased);
  return blobs;
}
