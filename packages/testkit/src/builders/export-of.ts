import type { Digest, Signer } from '@chancery/kernel/encoding';
import { ExportWriter, type Manifest, type WrittenBlob } from '@chancery/kernel/export';
import { contentsOf, type SealedEntry } from '@chancery/kernel/ledger';
import { assert } from '@chancery/kernel/refusal';
import {
  emptyFrontier,
  emptyHeadsMap,
  grow,
  ledgerVerifier,
  originOf,
  proveHead,
  proveInclusion,
  rootOf,
  signCheckpoint,
  withHeads,
  type Checkpoint,
} from '@chancery/kernel/tree';
import { trustKey } from '@chancery/kernel/writ';
import { signerFrom } from './authority.ts';
import { people, type LedgerFixture } from './ledger-fixture.ts';
import { nodesOf, valueOf } from './tree-nodes.ts';

/** Trusted to run, and so to sign checkpoints, in a ledger that `trustRuntime` was told to. */
export const runtimeSigner: Signer = signerFrom(8);

export function trustRuntime({ recorder, ledger }: LedgerFixture): void {
  const { id: key } = runtimeSigner;
  const roots = [people.root];
  const envelope = trustKey({ ledger, key, label: 'runtime', purposes: ['run'], roots });
  recorder.write({ stream: 'ledger', kind: 'key.trusted', body: { envelope } });
}

export interface ExportOptions {
  /** Undefined for the whole ledger. */
  readonly streams?: readonly string[];
  readonly blobs?: ReadonlyMap<Digest, Uint8Array>;
  readonly signer?: Signer;
  /** Changes what is exported and signed. */
  readonly entries?: readonly SealedEntry[];
  /** Changes what the checkpoint says, before it is signed. */
  readonly checkpoint?: Partial<Checkpoint>;
  /** Changes what the manifest says. */
  readonly manifest?: Partial<Manifest>;
}

/** The export of a ledger, line by line, each with its newline. */
export function exportOf(on: LedgerFixture, options: ExportOptions = {}): readonly string[] {
  const { streams, blobs = new Map(), entries = on.recorder.entries } = options;
  const manifest = manifestOf(on, options);
  const writer = new ExportWriter();
  const chunks = [writer.manifest(manifest)];
  if (streams === undefined) {
    for (const sealed of entries) chunks.push(writer.entry(sealed.text, blobsOf(sealed, blobs)));
  } else {
    const nodes = nodesOf(entries.map(({ digest }) => digest));
    const map = headsOf(entries);
    for (const stream of streams) {
      chunks.push(writer.stream(proveHead(map, stream)));
      for (const [index, sealed] of entries.entries()) {
        if (sealed.entry.stream !== stream) continue;
        const inclusion = valueOf(proveInclusion(nodes, index, entries.length));
        chunks.push(writer.entry(sealed.text, blobsOf(sealed, blobs), inclusion));
      }
    }
  }
  return [...chunks, writer.end()].flatMap((chunk) => chunk.split(/(?<=\n)/));
}

function manifestOf({ ledger, recorder }: LedgerFixture, options: ExportOptions): Manifest {
  const { streams = null, signer = runtimeSigner, entries = recorder.entries } = options;
  const checkpoint = {
    origin: originOf(ledger),
    size: entries.length,
    root: rootOf(
      grow(
        emptyFrontier,
        entries.map(({ digest }) => digest),
      ),
    ),
    heads: headsOf(entries).digest,
    ...options.checkpoint,
  };
  const note = signCheckpoint(checkpoint, [signer]);
  const keys = [ledgerVerifier(ledger, signer.id)];
  const scope = { ledger, streams, workspaces: false, timestamps: [] };
  return { ...scope, note, checkpoint, keys, ...options.manifest };
}

function headsOf(entries: readonly SealedEntry[]) {
  const heads = new Map(
    entries.map(({ entry, digest }) => [entry.stream, { seq: entry.seq, digest }]),
  );
  return withHeads(
    emptyHeadsMap,
    [...heads].map(([stream, head]) => ({ stream, head })),
  );
}

function blobsOf(
  { entry }: SealedEntry,
  blobs: ReadonlyMap<Digest, Uint8Array>,
): readonly WrittenBlob[] {
  const named = contentsOf(entry).flatMap((content) =>
    'blob' in content ? [content.blob.digest] : [],
  );
  return [...new Set(named)].map((digest) => {
    const bytes = blobs.get(digest);
    assert(bytes !== undefined, `the blob ${digest} is at hand`);
    return { digest, bytes };
  });
}
