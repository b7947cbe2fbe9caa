import { describe, expect, it } from 'vitest';
import { MemoryStore } from '@chancery/adapters/store-memory';
import { contentsOf, entryBytesMax, type SealedBatch } from '@chancery/kernel/ledger';
import type { Digest, JsonObject } from '@chancery/kernel/encoding';
import { readAction } from '@chancery/runtime/broker';
import {
  bundleOf,
  capabilityOf,
  houseOf,
  modelOf,
  observed,
  rule,
  startTestRun,
} from '@chancery/testkit/house';
import { call, driving, findingsOf, takenUp } from './drive.ts';
import { vote } from './vote.ts';

const args = { text: 'x'.repeat(40_000) };
const model = () => modelOf([call('send', args), { say: 'sent' }]);
const holding = bundleOf({
  all: rule('permit'),
  ask: rule('forbid', 'send', { hold: 'human', quorum: '1' }),
});

/** A store that can lose blobs, and keeps the batches that it was given. */
class FrailStore extends MemoryStore {
  readonly lost = new Set<Digest>();
  readonly batches: SealedBatch[] = [];

  override append(batch: SealedBatch) {
    this.batches.push(batch);
    return super.append(batch);
  }

  override blob(digest: Digest): Promise<Uint8Array | undefined> {
    return this.lost.has(digest) ? Promise.resolve(undefined) : super.blob(digest);
  }
}

/** Digests of the blobs that come with a batch, and of those that its entries name. */
const givenIn = ({ blobs }: SealedBatch) => new Set(blobs.map(({ digest }) => digest));
const namedIn = ({ entries }: SealedBatch) =>
  new Set(
    entries
      .flatMap(({ entry }) => contentsOf(entry))
      .flatMap((content) => ('blob' in content ? [content.blob.digest] : [])),
  );

/** Notes what it was given, and what it was asked about. */
function sender() {
  const given: JsonObject[] = [];
  const asked: JsonObject[] = [];
  const capability = capabilityOf({
    name: 'send',
    effect: 'external',
    execute: (received) => {
      given.push(received);
      return Promise.resolve(observed({}));
    },
    reconcile: (action) => {
      asked.push(action.normalisedArgs);
      return Promise.resolve({ kind: 'did-not-happen', evidence: 'it is not there' });
    },
  });
  return { capability, given, asked };
}

/** A run that waits for the approval of a large action. */
async function heldRun() {
  const send = sender();
  const store = new FrailStore();
  const house = await houseOf({ store, capabilities: [send.capability], bundle: holding });
  const held = await startTestRun(house, model());
  const rest = await driving(held);
  if (rest.kind !== 'held') throw new Error('nothing is held');
  return { house, store, held, send, action: rest.action };
}

describe('large arguments', () => {
  it('stand outside the entries, in the batch that refers to them, and reach the capability whole', async () => {
    const { capability, given } = sender();
    const store = new FrailStore();
    const house = await houseOf({ store, capabilities: [capability] });
    const end = await driving(await startTestRun(house, model()));
    expect(end).toMatchObject({ kind: 'finished', body: { outcome: 'succeeded' } });
    expect(given).toEqual([args]);
    const runs = house.seen.filter(({ entry }) => entry.stream.startsWith('run:'));
    expect(Math.max(...runs.map(({ text }) => text.length))).toBeLessThan(8_000);
    for (const batch of store.batches) expect(givenIn(batch)).toEqual(namedIn(batch));
    expect(await findingsOf(house)).toEqual([]);
  });

  it.each<readonly [string, readonly string[]]>([
    ['of three bytes a character', ['✍'.repeat(16_000)]],
    ['of many calls in one answer', Array.from({ length: 40 }, () => 'x'.repeat(15_000))],
  ])('leave every entry a place in a bundle: %s', async (_what, texts) => {
    const { capability, given } = sender();
    const store = new FrailStore();
    const house = await houseOf({ store, capabilities: [capability] });
    const calls = texts.map((text, index) => ({ name: 'send', args: { text, index } }));
    await driving(await startTestRun(house, modelOf([{ calls }, { say: 'sent' }])));
    expect(given).toEqual(calls.map((each) => each.args));
    const lengths = house.seen.map((sealed) => Buffer.byteLength(sealed.text));
    expect(Math.max(...lengths)).toBeLessThanOrEqual(entryBytesMax);
    for (const batch of store.batches) expect(givenIn(batch)).toEqual(namedIn(batch));
    expect(await findingsOf(house)).toEqual([]);
  });

  it('are resolved for whoever approves, and again when the action is released by another process', async () => {
    const { house, store, held, send, action } = await heldRun();
    for (const batch of store.batches) expect(givenIn(batch)).toEqual(namedIn(batch));
    const proposal = held.driven.context.trajectory.suspended.get(action);
    if (proposal === undefined) throw new Error('nothing is held');
    expect((await readAction(house, proposal.action)).normalisedArgs).toEqual(args);
    await vote(house, action, 'grant');
    expect(await driving(await takenUp(house, held))).toMatchObject({ kind: 'finished' });
    expect(send.given).toEqual([args]);
    expect(await findingsOf(house)).toEqual([]);
  });

  it('are a clear refusal, and no execution, when their blob is gone', async () => {
    const { house, store, held, send, action } = await heldRun();
    await vote(house, action, 'grant');
    const again = await takenUp(house, held);
    for (const { digest } of store.batches.flatMap(({ blobs }) => blobs)) store.lost.add(digest);
    await expect(driving(again)).rejects.toMatchObject({
      refusal: { code: 'ledger.corrupt', message: expect.stringContaining('is missing') as string },
    });
    expect(send.given).toEqual([]);
    const codes = (await findingsOf(house)).map(({ code }) => code);
    expect(new Set(codes)).toEqual(new Set(['content.unread']));
  });

  it('are resolved when an execution that was cut off is taken up again', async () => {
    const store = new FrailStore();
    const { capability, given, asked } = sender();
    let alive = true;
    const house = await houseOf({
      ...{ store, capabilities: [capability] },
      probe: (phase) => {
        if (phase === 'executing' && alive) throw new Error('killed');
      },
    });
    const held = await startTestRun(house, model());
    await expect(driving(held)).rejects.toThrow('killed');
    alive = false;
    expect(await driving(await takenUp(house, held))).toMatchObject({ kind: 'finished' });
    expect([asked, given]).toEqual([[args], [args]]);
    expect(await findingsOf(house)).toEqual([]);
  });
});
