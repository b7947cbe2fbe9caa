import type { Digest } from '@chancery/kernel/encoding';
import {
  checkDeclared,
  checkManifest,
  checkRetired,
  declareManifest,
  manifestDigest,
  retireManifest,
  type Manifest,
} from '@chancery/kernel/manifest';
import { done, type Refusal, type Result } from '@chancery/kernel/refusal';
import { legislate } from './legislating.ts';
import type { Signatory } from './signatory.ts';

/**
 * Signs and records that runs may be offered what a manifest says; a run that has begun keeps what it
 * pinned. Answers the digest of the entry; null where the same is offered already, and nothing is
 * recorded. `unfit` says what else keeps it from being declared. Refuses `policy.not-signer` and
 * `manifest.invalid`.
 */
export async function recordManifest(
  signatory: Signatory,
  manifest: Manifest,
  unfit: (manifest: Manifest) => Refusal | undefined,
): Promise<Result<Digest | null>> {
  const wrong = checkManifest(manifest) ?? unfit(manifest);
  if (wrong !== undefined) return { ok: false, refusal: wrong };
  return legislate<null>(signatory, ({ manifests }, place) => {
    const known = manifests.get(manifest.name);
    if (known?.isOffered === true && known.digest === manifestDigest(manifest)) return done(null);
    const beside = checkDeclared(manifests, manifest);
    if (beside !== undefined) return { ok: false, refusal: beside };
    const envelope = declareManifest({ ...place, manifest }, signatory.by);
    return done({ draft: { stream: 'policy', kind: 'capability.declared', body: { envelope } } });
  });
}

/**
 * Signs and records that no run is offered a capability any more. Answers the digest of the entry.
 * Refuses `policy.not-signer` and `manifest.unknown`.
 */
export function recordManifestRetirement(
  signatory: Signatory,
  name: string,
): Promise<Result<Digest>> {
  return legislate<never>(signatory, ({ manifests }, place) => {
    const manifest = manifests.get(name)?.digest ?? '';
    const unknown = checkRetired(manifests, { name, manifest });
    if (unknown !== undefined) return { ok: false, refusal: unknown };
    const envelope = retireManifest({ ...place, name, manifest }, signatory.by);
    return done({ draft: { stream: 'policy', kind: 'capability.retired', body: { envelope } } });
  });
}
