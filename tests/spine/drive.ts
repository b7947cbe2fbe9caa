import type { JsonObject } from '@chancery/kernel/encoding';
import { contentsOf, readEntry } from '@chancery/kernel/ledger';
import { Verifier, type Finding } from '@chancery/kernel/replay';
import {
  drive,
  resumeRun,
  type DriveEnd,
  type DriveOptions,
  type HeldRun,
} from '@chancery/runtime/drive';
import type { TestHouse, Turn } from '@chancery/testkit/house';

/** A turn in which the model makes one call. */
export function call(name: string, args: JsonObject = {}): Turn {
  return { calls: [{ name, args }] };
}

/** Drives a run to its rest, without waiting for a human. */
export function driving(
  held: HeldRun,
  options: Pick<DriveOptions, 'grown'> = {},
): Promise<DriveEnd> {
  return drive(held.driven, {
    stop: new AbortController().signal,
    rest: () => Promise.resolve(),
    waitForHumans: false,
    ...options,
  });
}

/** A run as another process takes it up from the ledger, with the same model. */
export async function takenUp(house: TestHouse, { driven }: HeldRun): Promise<HeldRun> {
  const run = driven.context.stream.slice('run:'.length);
  const modelFor = () => Promise.resolve({ ok: true, value: driven.model } as const);
  const resumed = await resumeRun(house, { run, modelOf: modelFor, readable: [] });
  if (!resumed.ok) throw new Error(resumed.refusal.message);
  return resumed.value;
}

/** Kinds of the entries of runs, in order. */
export function kindsOf(house: TestHouse): readonly string[] {
  return house.seen
    .filter(({ entry }) => entry.stream.startsWith('run:'))
    .map(({ entry }) => entry.kind);
}

/** What full verification finds in the ledger of a house: nothing, if all is well. */
export async function findingsOf({
  store,
  ledger,
}: Pick<TestHouse, 'store' | 'ledger'>): Promise<readonly Finding[]> {
  const blobs = new Map<string, Uint8Array>();
  const stored = await store.readAll(0, 10_000);
  for (const each of stored) {
    const read = readEntry(each);
    for (const content of read.ok ? contentsOf(read.value.entry) : []) {
      const bytes = 'blob' in content ? await store.blob(content.blob.digest) : undefined;
      if ('blob' in content && bytes !== undefined) blobs.set(content.blob.digest, bytes);
    }
  }
  const verifier = new Verifier(ledger, { blobs: (digest) => blobs.get(digest) });
  verifier.page(stored);
  const heads = (await store.streams('')).map(({ stream, head }) => [stream, head] as const);
  return verifier.finish(new Map(heads)).findings;
}
