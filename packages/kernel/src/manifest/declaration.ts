import {
  exactly,
  isDigest,
  isJsonObject,
  misfit,
  readStatement,
  sealEnvelope,
  textOf,
  type Digest,
  type Envelope,
  type Form,
  type ReadStatement,
  type Signer,
} from '../encoding/index.ts';
import { refused, type Result } from '../refusal/index.ts';
import type { Manifest } from './model.ts';
import { checkManifest } from './sound.ts';

/** Payload of `capability.declared`. */
export interface ManifestDeclaration {
  readonly v: 1;
  readonly ledger: Digest;
  /** The entry of the stream `policy` that it was signed upon. */
  readonly after: Digest;
  readonly manifest: Manifest;
}

/** Payload of `capability.retired`. */
export interface ManifestRetirement extends Omit<ManifestDeclaration, 'manifest'> {
  readonly name: string;
  /** Digest of the manifest that is offered no more. */
  readonly manifest: Digest;
}

const declared = 'application/vnd.chancery.manifest+json';
const retired = 'application/vnd.chancery.manifest-retirement+json';

const place = { v: exactly(1), ledger: isDigest, after: isDigest };

const declarationForm: Readonly<Record<keyof ManifestDeclaration, Form>> = {
  ...place,
  manifest: isJsonObject,
};

const retirementForm: Readonly<Record<keyof ManifestRetirement, Form>> = {
  ...place,
  name: textOf(1, 64),
  manifest: isDigest,
};

/** Signs that runs may be offered what a manifest says. */
export function declareManifest(
  { ledger, after, manifest }: Omit<ManifestDeclaration, 'v'>,
  by: Signer,
): Envelope {
  const payload: ManifestDeclaration = { v: 1, ledger, after, manifest };
  return sealEnvelope(declared, payload, [by]);
}

/** Signs that no run is offered it any more. */
export function retireManifest(
  { ledger, after, name, manifest }: Omit<ManifestRetirement, 'v'>,
  by: Signer,
): Envelope {
  const payload: ManifestRetirement = { v: 1, ledger, after, name, manifest };
  return sealEnvelope(retired, payload, [by]);
}

/** Reads a declaration, signed by exactly one key. Refuses `envelope.invalid` and `manifest.invalid`. */
export function readManifest(envelope: Envelope): Result<ReadStatement<ManifestDeclaration>> {
  const read = readStatement<ManifestDeclaration>(envelope, {
    type: declared,
    what: 'the declaration',
    wrongIn: (payload) => misfit(payload, declarationForm),
  });
  if (!read.ok) return read;
  const wrong = checkManifest(read.value.said.manifest);
  return wrong === undefined ? read : refused(wrong.code, wrong.message);
}

/** Reads a retirement, signed by exactly one key. Refuses with `envelope.invalid`. */
export function readManifestRetirement(
  envelope: Envelope,
): Result<ReadStatement<ManifestRetirement>> {
  return readStatement<ManifestRetirement>(envelope, {
    type: retired,
    what: 'the retirement',
    wrongIn: (payload) => misfit(payload, retirementForm),
  });
}
