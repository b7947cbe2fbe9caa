import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readSqliteStore } from '@chancery/adapters/store-sqlite';
import { chancery } from '../ground/command.ts';
import { dropGround } from '../ground/ground.ts';
import { scriptOf } from '../ground/house.ts';
import { linesOf, makePlace, refusalIn, runIn, type Place } from '../bad-input/place.ts';

let place: Place;
let env: Readonly<Record<string, string>>;
beforeAll(async () => {
  place = await makePlace();
  const hook = join(place.folder, 'hook.mjs');
  writeFileSync(
    hook,
    `import { registerHooks } from 'node:module';
     registerHooks({
       resolve(name, context, next) {
         if (name.startsWith('@cedar-policy/')) throw new Error('the library does not load');
         return next(name, context);
       },
     });`,
  );
  env = { NODE_OPTIONS: `--import=${hook}` };
});
afterAll(() => dropGround(place));

async function policyHead(): Promise<unknown> {
  const store = readSqliteStore(place.home.ledger);
  const head = await store.head('policy');
  await store.close();
  return head;
}

it('no policy is checked or activated when the policy library does not load', async () => {
  const file = join(place.folder, 'all.cedar');
  writeFileSync(file, '@id("all") permit(principal, action, resource);\n');
  const before = await policyHead();
  for (const words of [
    ['policy', 'check', file],
    ['policy', 'activate', file],
  ]) {
    const ended = await chancery(place, [...words, '--json'], { env });
    expect([ended.exit, linesOf(ended).map(({ code }) => code)]).toEqual([70, ['internal.fault']]);
  }
  expect(await policyHead()).toEqual(before);
});

it('what is active decides without it, and forbids as before', async () => {
  const outside = join(place.folder, 'outside.txt');
  const calls = [['shell.run', { command: `echo out > ${outside}` }]] as const;
  writeFileSync(place.script, scriptOf('library', [calls]));
  const ended = await runIn(place, ['--unsafe-no-sandbox'], { env });
  const kinds = linesOf(ended).flatMap(({ entry }) => (entry === undefined ? [] : [entry]));
  expect(kinds).toContainEqual(
    expect.objectContaining({
      kind: 'proposal.rejected',
      body: expect.objectContaining({
        refusal: expect.objectContaining({ code: 'policy.denied' }) as unknown,
      }) as unknown,
    }),
  );
  expect(kinds).not.toContainEqual(expect.objectContaining({ kind: 'execution.started' }));
});

it('a policy that is not UTF-8 is not checked or activated: its rules would name something else', async () => {
  const file = join(place.folder, 'latin1.cedar');
  const text =
    '@id("no") forbid(principal, action, resource) when { context.path == "caf\u00e9" };';
  writeFileSync(file, Buffer.from(text, 'latin1'));
  const before = await policyHead();
  for (const words of [
    ['policy', 'check', file],
    ['policy', 'activate', file],
  ]) {
    const ended = await chancery(place, [...words, '--json']);
    expect(refusalIn(ended)).toMatchObject({ exit: 2, code: 'usage.invalid', hasRemedy: true });
  }
  expect(await policyHead()).toEqual(before);
});
