import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cases } from '@chancery/testkit/properties';
import { subjectKeys } from '@chancery/adapters/keys-file';
import { MemoryStore } from '@chancery/adapters/store-memory';
import type { Digest } from '@chancery/kernel/encoding';
import { contentsOf, readEntry, type SealedBatch } from '@chancery/kernel/ledger';
import { RefusalError, type Result } from '@chancery/kernel/refusal';
import { Verifier, type Finding } from '@chancery/kernel/replay';
import { BlobContents, resumeRun, type HeldRun } from '@chancery/runtime/drive';
import {
  eraseKeys,
  planErasure,
  planPrune,
  pruneBlobs,
  type RemovalRequest,
  type SubjectKeys,
} from '@chancery/runtime/removal';
import {
  bundleOf,
  capabilityOf,
  houseOf,
  modelOf,
  observed,
  rule,
  startTestRun,
  type TestHouse,
} from '@chancery/testkit/house';
import { call, driving, findingsOf } from './drive.ts';

let folder: string;
let keys: SubjectKeys;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'erase-'));
  keys = subjectKeys(folder);
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** Keeps what it was given, to be searched. */
class SearchedStore extends MemoryStore {
  readonly batches: SealedBatch[] = [];

  override append(batch: SealedBatch) {
    this.batches.push(batch);
    return super.append(batch);
  }

  holds(word: string): boolean {
    return this.batches.some(
      ({ entries, blobs }) =>
        entries.some(({ text }) => text.includes(word)) ||
        blobs.some(({ bytes }) => Buffer.from(bytes).includes(word)),
    );
  }
}

const look = capabilityOf({
  name: 'look',
  effect: 'read',
  execute: () => Promise.resolve(observed({ text: 'the-word-that-was-seen' })),
});
const write = capabilityOf({
  name: 'write',
  effect: 'external',
  execute: () => Promise.resolve(observed({})),
});
const words = [
  ...['the-word-of-the-task', 'the-word-that-was-seen', 'the-word-that-was-sent'],
  'the-word-that-was-said',
];

const model = () =>
  modelOf([
    call('look'),
    call('write', { text: 'the-word-that-was-sent' }),
    { say: words[3] ?? '' },
  ]);

async function house(store = new SearchedStore(), bundle = bundleOf({ all: rule('permit') })) {
  return houseOf({ store, capabilities: [look, write], subjectKeys: keys, bundle });
}

function valueOf<T>(result: Result<T>): T {
  if (!result.ok) throw new RefusalError(result.refusal);
  return result.value;
}

async function startFor(on: TestHouse, subject: string): Promise<HeldRun> {
  return startTestRun(on, model(), {
    task: 'the-word-of-the-task',
    subject: valueOf(keys.ensure(subject)),
  });
}

function by({ store, ledger, clock, owner }: TestHouse): RemovalRequest {
  return { store, ledger, clock, by: owner, reason: 'asked for' };
}

async function erase(on: TestHouse, subject: string, key = keys): Promise<void> {
  const { keys: ids } = valueOf(await planErasure(on.store, keys, subject));
  valueOf(await eraseKeys(by(on), key, ids));
}

/** What verification finds with the keys that there are. */
async function opened({ store, ledger }: TestHouse): Promise<readonly Finding[]> {
  const at = new Map<Digest, Uint8Array>();
  const stored = await store.readAll(0, 10_000);
  for (const each of stored) {
    const read = readEntry(each);
    for (const content of read.ok ? contentsOf(read.value.entry) : []) {
      if ('inline' in content) continue;
      const { digest, key } = content.blob;
      const bytes = await store.blob(digest);
      const plain = key === undefined || bytes === undefined ? bytes : keys.open(key, bytes);
      if (plain instanceof Uint8Array) at.set(digest, plain);
      else if (plain?.ok === true) at.set(digest, plain.value);
    }
  }
  const verifier = new Verifier(ledger, { blobs: (digest) => at.get(digest) });
  verifier.page(stored);
  const heads = (await store.streams('')).map(({ stream, head }) => [stream, head] as const);
  return verifier.finish(new Map(heads)).findings;
}

const tampered = async (on: TestHouse) =>
  (await findingsOf(on)).filter(({ severity }) => severity === 'tampered');

describe('a run of a subject', () => {
  it('does its work, and leaves no word of it that can be read without the key', async () => {
    const store = new SearchedStore();
    const on = await house(store);
    const end = await driving(await startFor(on, 'the-name-of-the-subject'));
    expect(end).toMatchObject({ kind: 'finished', body: { outcome: 'succeeded' } });
    expect(words.filter((word) => store.holds(word))).toEqual([]);
    expect(store.holds('the-name-of-the-subject')).toBe(false);
    expect(await opened(on)).toEqual([]);
    const open = new SearchedStore();
    const plain = await startTestRun(await house(open), model(), { task: words[0] ?? '' });
    await driving(plain);
    expect(words.filter((word) => open.holds(word))).toEqual(words);
  });

  it('gives the model the task and the results as they were', async () => {
    const on = await house();
    const held = await startFor(on, 'ada');
    await driving(held);
    const { loop } = held.driven.progress;
    expect(loop.task).toBe('the-word-of-the-task');
    expect(JSON.stringify(loop.turns)).toContain('the-word-that-was-seen');
  });

  it('is taken up by another process, which has the keys', async () => {
    const ask = rule('forbid', 'write', { hold: 'human', quorum: '1' });
    const on = await house(new SearchedStore(), bundleOf({ all: rule('permit'), ask }));
    const held = await startFor(on, 'ada');
    expect(await driving(held)).toMatchObject({ kind: 'held' });
    const run = held.driven.context.stream.slice('run:'.length);
    const modelFor = () => Promise.resolve({ ok: true, value: held.driven.model } as const);
    const resumed = valueOf(await resumeRun(on, { run, modelOf: modelFor, readable: [] }));
    expect(resumed.driven.progress.loop).toEqual(held.driven.progress.loop);
    const without = { ...on, subjectKeys: subjectKeys(join(folder, 'elsewhere')) };
    await expect(
      resumeRun(without, { run, modelOf: modelFor, readable: [] }),
    ).rejects.toMatchObject({ refusal: { code: 'key.missing' } });
    await erase(on, 'ada');
    await expect(resumeRun(on, { run, modelOf: modelFor, readable: [] })).rejects.toMatchObject({
      refusal: { code: 'content.erased' },
    });
  });
});

describe('erasing a subject', () => {
  it('makes its contents unreadable and no others, and the ledger verifies', async () => {
    const on = await house();
    await driving(await startFor(on, 'ada'));
    await driving(await startFor(on, 'bob'));
    const plan = valueOf(await planErasure(on.store, keys, 'ada'));
    expect({ runs: plan.runs.length, open: plan.open, keys: plan.keys.length }).toEqual({
      ...{ runs: 1, open: [], keys: 1 },
    });
    await erase(on, 'ada');
    expect(readdirSync(folder).length).toBe(1);
    expect(await tampered(on)).toEqual([]);
    const shown = new BlobContents(on.store, { keys, standIn: ({ how }) => how });
    const values: unknown[] = [];
    for (const sealed of on.seen) {
      await shown.fetch(sealed);
      values.push(...contentsOf(sealed.entry).map((content) => [content, shown.read(content)]));
    }
    const gone = values.filter((value) => JSON.stringify(value).includes('"erased"')).length;
    expect(gone).toBe(plan.contents);
    expect(values.length).toBe(2 * plan.contents);
    const first = on.seen.find(({ entry }) => entry.kind === 'run.started');
    if (first === undefined) throw new Error('no run was started');
    await expect(new BlobContents(on.store, { keys }).fetch(first)).rejects.toMatchObject({
      refusal: { code: 'content.erased', message: expect.stringContaining('asked for') as string },
    });
    expect(await planErasure(on.store, keys, 'ada')).toMatchObject({
      refusal: { code: 'subject.unknown' },
    });
  });

  it('that ends between the entry and the key reads nothing more, and is completed later', async () => {
    const on = await house();
    await driving(await startFor(on, 'ada'));
    const cutOff = {
      ...keys,
      destroy: () => {
        throw new Error('cut off');
      },
    };
    await expect(erase(on, 'ada', cutOff)).rejects.toThrow('cut off');
    expect(readdirSync(folder).length).toBe(1);
    const first = on.seen.find(({ entry }) => entry.kind === 'run.started');
    if (first === undefined) throw new Error('no run was started');
    await expect(new BlobContents(on.store, { keys }).fetch(first)).rejects.toMatchObject({
      refusal: { code: 'content.erased' },
    });
    const head = await on.store.head('ledger');
    await erase(on, 'ada');
    expect(readdirSync(folder)).toEqual([]);
    expect(await on.store.head('ledger')).toEqual(head);
  });

  it('is for humans alone, and leaves the key to another', async () => {
    const on = await house();
    await driving(await startFor(on, 'ada'));
    const { keys: ids } = valueOf(await planErasure(on.store, keys, 'ada'));
    expect(await eraseKeys({ ...by(on), by: on.actor }, keys, ids)).toMatchObject({
      refusal: { code: 'approval.not-approver' },
    });
    expect(readdirSync(folder).length).toBe(1);
  });

  it('and pruning, of any subjects and runs in any order, leave a ledger that verifies', async () => {
    const acts = fc.array(
      fc.record({
        act: fc.constantFrom('run', 'prune', 'erase'),
        subject: fc.constantFrom('ada', 'bob'),
      }),
      { maxLength: 6 },
    );
    await fc.assert(
      fc.asyncProperty(acts, async (all) => {
        const on = await house();
        for (const { act, subject } of all) {
          if (act === 'run') await driving(await startFor(on, subject));
          if (act === 'erase' && valueOf(keys.find(subject)).length > 0) await erase(on, subject);
          if (act !== 'prune') continue;
          const { blobs } = await planPrune(on.store, {});
          valueOf(
            await pruneBlobs(
              by(on),
              blobs.map(({ digest }) => digest),
            ),
          );
        }
        expect(await tampered(on)).toEqual([]);
        expect((await opened(on)).filter(({ severity }) => severity === 'tampered')).toEqual([]);
      }),
      cases(15),
    );
  });
});
