import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { shippedManifests } from '@chancery/adapters/capability-manifest';
import type { HttpExecutor, Manifest } from '@chancery/kernel/manifest';
import { listening, type Listening } from '@chancery/testkit/fake-services';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Stand, type JsonLine } from '../cli-fixture.ts';

let stand: Stand;
let shop: Listening;
/** Orders that are placed, as the shop has them. */
const orders = new Set<string>();

/** A shop that takes an order and breaks off, so that nobody is told that it did. */
function openShop(): Promise<Listening> {
  return listening(({ method, url }, response) => {
    const order = String(url.split('/').at(-1));
    if (method === 'POST') {
      orders.add(order);
      response.destroy();
    } else {
      orders.delete(order);
      response.end('{}');
    }
  });
}

/** An order by its number; `given` is what its cancellation is made of. */
function manifestOf(base: string, name: string, given: Record<string, string>): Manifest {
  const executor: HttpExecutor = {
    ...{ kind: 'http', method: 'POST', url: `${base}/orders/{order}`, query: {}, headers: {} },
    ...{ body: null, credentials: [], signing: null, success: [200] },
    observed: { status: '/status' },
  };
  const order = { type: 'string', pattern: '^[a-z0-9]{1,20}$' };
  const output = {
    type: 'object',
    additionalProperties: false,
    required: ['status'],
    properties: { status: { type: 'integer' } },
  };
  return {
    ...shippedManifests.get('github.pull-request'),
    ...{ name, description: 'Places an order.', executor, reconcile: null, output },
    input: {
      type: 'object',
      additionalProperties: false,
      required: ['order'],
      properties: { order },
    },
    roles: { order: 'object' },
    authors: { status: 'service' },
    compensate: {
      ...{ description: 'Cancels an order.', given, output, authors: { status: 'service' } },
      executor: { ...executor, method: 'DELETE', url: `${base}/orders/{order}` },
      reconcile: null,
    },
  } as Manifest;
}

beforeAll(async () => {
  stand = new Stand();
  stand.makeRepo();
  await stand.init();
  shop = await openShop();
  for (const [name, given] of [
    ['shop.order', { order: 'args.order' }],
    ['shop.parcel', { order: 'output.status' }],
  ] as const) {
    const file = join(stand.folder, `${name}.json`);
    writeFileSync(file, JSON.stringify(manifestOf(shop.base, name, given)));
    const { exit, lines } = await stand.json(['capability', 'declare', file]);
    expect({ exit, lines }).toMatchObject({ exit: 0 });
  }
});

afterAll(async () => {
  await shop.stop();
  stand.remove();
});

/** A run that has placed an order, and does not know it. */
async function inDoubt(name: string, order: string): Promise<{ run: string; action: string }> {
  const write = { calls: [{ name: 'fs.write', args: { path: 'kept.txt', text: 'kept\n' } }] };
  const place = { calls: [{ name, args: { order } }] };
  const model = stand.script(write, place, { say: 'Done.' });
  const words = ['run', 'Order', '--repo', stand.repo, '--model', model, '--no-wait'];
  const held = await stand.json([...words, '--allow-capability', name]);
  const run = String(held.lines.at(-1)?.['run']);
  expect((await stand.run(['approve', run, '--yes'])).exit).toBe(0);
  const { exit, lines } = await stand.json(['resume', run, '--no-wait']);
  const status = lines.at(-1)?.['status'] as { readonly phase: string; readonly action: string };
  expect({ exit, phase: status.phase, placed: orders.has(order) }).toEqual({
    ...{ exit: 4, phase: 'in-doubt', placed: true },
  });
  return { run, action: status.action.slice(0, 12) };
}

async function choicesOf(run: string): Promise<readonly string[]> {
  const { lines } = await stand.json(['inbox']);
  const item = lines.find((line) => line['run'] === run);
  return (item?.['choices'] as readonly JsonLine[]).map(({ command }) => String(command));
}

it('an effect in doubt is taken back at once, and what the run did before it stays', async () => {
  const { run, action } = await inDoubt('shop.order', 'o1');
  const words = ['resume', run, '--compensate', action];
  expect((await choicesOf(run)).at(-1)).toBe(`chancery ${words.join(' ')} --evidence TEXT`);
  for (const flags of [[], ['--evidence', 'e', '--happened', action]]) {
    expect((await stand.json([...words, ...flags])).lines.at(-1)?.['code']).toBe('usage.invalid');
  }
  const begun = await stand.json([...words, '--evidence', 'the shop has it', '--no-wait']);
  expect(begun.exit).toBe(4);
  expect(begun.lines.filter(({ type }) => type !== 'entry')).toMatchObject([
    { type: 'rollback', run, steps: [{ capability: 'shop.order.undo' }], lasting: [] },
    { type: 'result', end: 'held' },
  ]);
  expect(orders.has('o1')).toBe(true);
  const undoing = String(begun.lines.at(-1)?.['run']);
  expect((await stand.run(['approve', undoing, '--yes'])).exit).toBe(0);
  const { exit, lines } = await stand.json(['resume', undoing]);
  expect({ exit, placed: orders.has('o1') }).toEqual({ exit: 0, placed: false });
  expect(lines.at(-1)).toMatchObject({ status: { outcome: 'succeeded' } });
  const kept = (lines.at(-1)?.['status'] as { readonly commit: string }).commit;
  expect(stand.git('show', `${kept}:kept.txt`)).toBe('kept');
  expect((await stand.json(['runs'])).lines).toMatchObject([
    { run: undoing },
    { run, status: { outcome: 'cancelled' } },
  ]);
  expect((await stand.run(['verify'])).exit).toBe(0);
});

it('what needs an answer that nobody has heard is not offered to be taken back', async () => {
  const { run, action } = await inDoubt('shop.parcel', 'o2');
  expect(await choicesOf(run)).toHaveLength(2);
  const words = ['resume', run, '--compensate', action, '--evidence', 'the shop has it'];
  const { exit, lines } = await stand.json(words);
  expect({ exit, code: lines.at(-1)?.['code'] }).toEqual({ exit: 3, code: 'rollback.lasting' });
  expect(await choicesOf(run)).toHaveLength(2);
});
