import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { isJsonObject } from '@chancery/kernel/encoding';
import { dropGround } from '../ground/ground.ts';
import { scriptOf } from '../ground/house.ts';
import { linesOf, makePlace, runIn, type Place } from '../bad-input/place.ts';

let place: Place;
beforeAll(async () => {
  place = await makePlace();
});
afterAll(() => dropGround(place));

it('nothing runs without a sandbox under the default policy, whatever the flag says', async () => {
  const outside = join(place.folder, 'outside.txt');
  const calls = [['shell.run', { command: `echo out > ${outside}` }]] as const;
  writeFileSync(place.script, scriptOf('unsafe', [calls]));
  const ended = await runIn(place, ['--unsafe-no-sandbox']);
  const entries = linesOf(ended).flatMap(({ entry }) => (isJsonObject(entry) ? [entry] : []));
  const bodies = (kind: string) =>
    entries.filter((entry) => entry['kind'] === kind).map((entry) => entry['body']);
  expect(bodies('run.started')).toMatchObject([{ sandbox: { unsafe: true } }]);
  expect(bodies('proposal.rejected')).toMatchObject([
    {
      refusal: { code: 'policy.denied' },
      rules: expect.arrayContaining([
        { id: 'forbid-unsandboxed', level: 'tenant', effect: 'forbid' },
      ]) as unknown,
    },
  ]);
  expect([bodies('execution.started'), existsSync(outside)]).toEqual([[], false]);
});
