import type { Digest, KeyId } from '../encoding/index.ts';
import type { Entry } from '../ledger/index.ts';
import { done, refusal, type Refusal, type Result } from '../refusal/index.ts';
import { believe, saidByLegislator, type Trust } from '../writ/index.ts';
import { manifestDigest } from './contract.ts';
import { readManifest, readManifestRetirement } from './declaration.ts';
import type { Manifest } from './model.ts';

/** A manifest as it was declared. */
export interface DeclaredManifest {
  readonly manifest: Manifest;
  readonly digest: Digest;
  /** Digest of the entry. */
  readonly entry: Digest;
  readonly by: KeyId;
  readonly declaredAt: number;
  /** Whether runs are offered it. */
  readonly isOffered: boolean;
}

/** The one that was declared last of each name. */
export type DeclaredManifests = ReadonlyMap<string, DeclaredManifest>;

export type ManifestEntry = Entry<'capability.declared'> | Entry<'capability.retired'>;

/** Such an entry with its place in the order of the whole ledger. */
export interface PlacedManifestEntry {
  readonly entry: ManifestEntry;
  readonly digest: Digest;
  readonly position?: number | undefined;
}

export function isManifestEntry(entry: Entry): entry is ManifestEntry {
  return entry.kind === 'capability.declared' || entry.kind === 'capability.retired';
}

const saying = saidByLegislator('what is said of a capability');

/**
 * The manifests after an entry, see `believe`: its signer is trusted to sign policies. Where that key is
 * found to be compromised, it says nothing. Refuses `envelope.invalid` and `manifest.invalid`.
 */
export function evolveManifests(
  manifests: DeclaredManifests,
  { entry, digest, position }: PlacedManifestEntry,
  present: Trust,
): Result<DeclaredManifests> {
  const read = readEnvelope(entry);
  if (!read.ok) return read;
  const counts = believe(read.value, { entry, position }, saying, present);
  if (!counts.ok) return counts;
  if (!counts.value) return done(manifests);
  const { said, signer } = read.value;
  if (typeof said.manifest === 'string') return done(without(manifests, said.manifest));
  const { manifest } = said;
  return done(
    new Map(manifests).set(manifest.name, {
      ...{ manifest, digest: manifestDigest(manifest), entry: digest, by: signer },
      ...{ declaredAt: entry.at, isOffered: true },
    }),
  );
}

function readEnvelope({ kind, body }: ManifestEntry) {
  return kind === 'capability.declared'
    ? readManifest(body.envelope)
    : readManifestRetirement(body.envelope);
}

function without(manifests: DeclaredManifests, digest: Digest): DeclaredManifests {
  const left = new Map(manifests);
  for (const [name, each] of manifests) {
    if (each.digest === digest) left.set(name, { ...each, isOffered: false });
  }
  return left;
}

/** Why a manifest could not be declared beside the others: its version does not rise. Refuses with `manifest.invalid`. */
export function checkDeclared(
  manifests: DeclaredManifests,
  { name, version }: Manifest,
): Refusal | undefined {
  const before = manifests.get(name)?.manifest.version;
  if (before === undefined || isLater(version, before)) return undefined;
  const why = `the version ${version} of ${name} is not above ${before}, which was declared`;
  return refusal('manifest.invalid', why);
}

/** Why a manifest could not be retired: it is not the one that is offered. Refuses with `manifest.unknown`. */
export function checkRetired(
  manifests: DeclaredManifests,
  { name, manifest }: { readonly name: string; readonly manifest: Digest },
): Refusal | undefined {
  const offered = manifests.get(name);
  if (offered?.isOffered === true && offered.digest === manifest) return undefined;
  return refusal('manifest.unknown', `runs are offered no ${name} that a manifest declares`);
}

/** Why an entry makes no sense after those before it; its signature is for `evolveManifests`. */
export function checkManifestEntry(
  manifests: DeclaredManifests,
  entry: ManifestEntry,
): Refusal | undefined {
  const read = readEnvelope(entry);
  if (!read.ok) return read.refusal;
  const { said } = read.value;
  return typeof said.manifest === 'string'
    ? checkRetired(manifests, said as Parameters<typeof checkRetired>[1])
    : checkDeclared(manifests, said.manifest);
}

/** Of versions of the form that a manifest has. */
function isLater(version: string, than: string): boolean {
  return ordered(version) > ordered(than);
}

/** A text that comes after that of every earlier version; numbers have six digits at most. */
function ordered(version: string): string {
  return version
    .split('.')
    .map((number) => number.padStart(6, '0'))
    .join('.');
}
