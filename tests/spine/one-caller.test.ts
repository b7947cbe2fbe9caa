import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';

const root = path.resolve(import.meta.dirname, '../..');
const caller = 'packages/runtime/src/broker/effect.ts';

const sources = ['packages', 'apps'].flatMap((folder) =>
  readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
    .map((file) => path.join(folder, file))
    .filter(
      (file) =>
        /\/src\/.*\.ts$/.test(file) && !/\.test\.ts$|-fixture\.ts$|node_modules|testkit/.test(file),
    ),
);

it('capabilities are called by one file and by no other', () => {
  const callers = sources.filter((file) =>
    /capability\.execute\(/.test(readFileSync(path.join(root, file), 'utf8')),
  );
  expect(callers).toEqual([caller]);
});
