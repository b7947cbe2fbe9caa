import { envelopeOf, parseRecord, type Envelope, type KeyId } from '@chancery/kernel/encoding';
import { bundleDigest, readBundle, type Bundle } from '@chancery/kernel/policy';
import { done, refused, type Result } from '@chancery/kernel/refusal';
import { bundleOf } from '../compose/policies.ts';

/** A bundle as its authors have signed it, whoever they are. */
export interface SignedBundle {
  readonly envelope: Envelope;
  readonly bundle: Bundle;
  readonly signers: readonly KeyId[];
}

/** Whether a text is a bundle and not a policy: no policy begins so. */
export function isBundleText(text: string): boolean {
  return text.trimStart().startsWith('{');
}

/** Many times what the largest policy takes. */
const maxChars = 16_000_000;

/**
 * Reads a bundle out of its text: signatures, form, and that what would decide is what its text says,
 * by building that anew. Refuses `envelope.invalid`, `policy.invalid`.
 */
export async function readSigned(text: string): Promise<Result<SignedBundle>> {
  if (text.length > maxChars) return refused('envelope.invalid', 'it is too large for a bundle');
  const parsed = parseRecord(text.trim());
  if (!parsed.ok) return refused('envelope.invalid', parsed.refusal.message);
  const envelope = envelopeOf(parsed.value);
  if (envelope === undefined)
    return refused('envelope.invalid', 'it holds no envelope of a bundle');
  const read = readBundle(envelope);
  if (!read.ok) return read;
  const { bundle, digest, signers } = read.value;
  const { name, level } = bundle;
  const built = await bundleOf({ name, level, text: bundle.text });
  if (!built.ok) return built;
  if (bundleDigest(built.value) === digest) return done({ envelope, bundle, signers });
  return built.value.schema === bundle.schema
    ? refused('policy.invalid', 'what it would decide by is not what its text says')
    : refused('policy.invalid', 'it was built for another version of the schema of policies', {
        remedy: 'Have it bundled anew from its text, with this version.',
      });
}
