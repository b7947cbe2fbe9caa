import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { bytesDigest } from '@chancery/kernel/encoding';
import { expect, onTestFinished, test } from 'vitest';
import { granted } from '../exit.ts';
import { makeHome } from '../home-folder.ts';
import { homeIn } from '../home.ts';
import { newName, openHouse, redactorOf } from './house.ts';
import { ensureKey } from './keys.ts';
import { openWriter } from './stores.ts';

test('a house gives names by its own clock, which is never behind what is recorded', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'chancery-house-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const home = homeIn(folder);
  makeHome(home);
  const actor = granted(
    await ensureKey(home, { label: 'runtime', file: home.runtimeKey, env: {} }),
  );
  const store = await openWriter(home, true);
  onTestFinished(() => store.close());
  const house = await openHouse({
    ...{ home, store, actor, ledger: bytesDigest('a ledger'), redactor: redactorOf([]) },
    ...{ floorMs: Date.UTC(2200, 0, 1), unsafe: false, network: false, declared: [] },
    onEntry: () => undefined,
    onJump: () => undefined,
  });
  const [ofMachine, ofHouse] = [await newName(), house.newName()];
  expect([ofHouse, ofMachine].sort()).toEqual([ofMachine, ofHouse]);
});
