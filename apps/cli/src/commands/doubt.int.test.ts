import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { buildBundle, defaultPolicyText } from '@chancery/adapters/policy-cedar';
import { foundLedger } from '@chancery/runtime/authority';
import { Stand } from '../cli-fixture.ts';
import { openClock } from '../compose/house.ts';
import { ensureKey } from '../compose/keys.ts';
import { openWriter } from '../compose/stores.ts';
import { granted } from '../exit.ts';
import { makeHome } from '../home-folder.ts';
import { homeIn, writeConfig } from '../home.ts';

let stand: Stand;
let outside: string;

beforeEach(async () => {
  stand = new Stand();
  stand.makeRepo();
  outside = join(stand.folder, 'outside.txt');
  await foundPermittingUnsandboxed();
});

afterEach(() => {
  stand.remove();
});

/** Founds a ledger whose policy lets commands leave the machine: no other effect of ours does. */
async function foundPermittingUnsandboxed(): Promise<void> {
  const text = defaultPolicyText.replace(/@id\("forbid-unsandboxed"\)[^;]*;/, '');
  const home = homeIn(stand.home);
  granted(makeHome(home));
  const owner = granted(await ensureKey(home, { label: 'owner', file: home.ownerKey, env: {} }));
  const runtime = granted(
    await ensureKey(home, { label: 'runtime', file: home.runtimeKey, env: {} }),
  );
  const store = await openWriter(home, true);
  try {
    const bundle = granted(buildBundle({ name: 'open', level: 'tenant', text }));
    const founding = { store, clock: await openClock(0), bundle };
    const named = { name: 'test', nonce: 'n', owner, runtime: runtime.id };
    const ledger = granted(await foundLedger(founding, named));
    writeConfig(home, { ledger, name: 'test' });
  } finally {
    await store.close();
  }
}

/** A run that was killed in the midst of a command that leaves the machine, and was taken up again. */
async function runInDoubt(): Promise<{ run: string; action: string }> {
  const command = `echo sent >> ${outside}; [ "$(wc -l < ${outside})" -gt 1 ] || sleep 3`;
  const model = stand.script(
    { calls: [{ name: 'shell.run', args: { command } }] },
    { say: 'Done.' },
  );
  const words = ['run', 'Send', '--repo', stand.repo, '--model', model, '--unsafe-no-sandbox'];
  const held = await stand.json(words);
  expect(held.exit).toBe(4);
  const run = String(held.lines.at(-1)?.['run']);
  expect((await stand.run(['approve', run, '--yes'])).exit).toBe(0);
  const sending = stand.start(['resume', run]);
  while (!existsSync(outside)) await sleep(20);
  sending.child.kill('SIGKILL');
  await sending.ended;
  const { exit, lines } = await stand.json(['resume', run]);
  const status = lines.at(-1)?.['status'] as { readonly phase: string; readonly action: string };
  expect({ exit, phase: status.phase }).toEqual({ exit: 4, phase: 'in-doubt' });
  const id = status.action.slice(0, 12);
  expect(lines.at(-1)?.['next']).toEqual([
    `chancery resume ${run} --happened ${id} --evidence TEXT`,
    `chancery resume ${run} --did-not-happen ${id} --evidence TEXT`,
  ]);
  expect((await stand.run(['runs'])).stdout).toContain(`${run} is in doubt: `);
  expect((await stand.json(['inbox'])).lines).toMatchObject([
    {
      ...{
        run,
        what: 'in-doubt',
        action: status.action,
        capability: 'shell.run',
        expiresAtMs: null,
      },
      choices: [
        { command: `chancery resume ${run} --happened ${id} --evidence TEXT` },
        { command: `chancery resume ${run} --did-not-happen ${id} --evidence TEXT` },
      ],
    },
  ]);
  return { run, action: id };
}

const timesSent = (): number => readFileSync(outside, 'utf8').split('\n').length - 1;

describe('an effect that left the machine and was cut off', () => {
  it('waits for a word of a human, which has to name it and say how it is known', async () => {
    const { run, action } = await runInDoubt();
    for (const flags of [
      ['--happened', action],
      ['--happened', action, '--evidence', ' '],
      ['--happened', action, '--did-not-happen', action, '--evidence', 'both'],
      ['--happened', 'abcdef', '--evidence', 'of another'],
    ]) {
      const { exit, lines } = await stand.json(['resume', run, ...flags]);
      expect({ exit, codes: lines.map(({ code }) => code) }).toEqual({
        exit: 2,
        codes: ['usage.invalid'],
      });
    }
    expect((await stand.json(['resume', run])).exit).toBe(4);
    expect(timesSent()).toBe(1);
  });

  it('is done with when it has happened', async () => {
    const { run, action } = await runInDoubt();
    const word = ['--happened', action, '--evidence', 'the file has the line'];
    const { exit, lines } = await stand.json(['resume', run, ...word]);
    expect(exit).toBe(0);
    expect(lines.at(-1)).toMatchObject({ status: { outcome: 'succeeded' } });
    expect(JSON.stringify(lines)).toContain('the file has the line');
    expect(timesSent()).toBe(1);
    const undoing = ['rollback', run, '--to', 'start', '--yes'];
    const refused = await stand.json(undoing);
    expect(refused).toMatchObject({
      exit: 3,
      lines: [{ lasting: [{ capability: 'shell.run' }] }, { code: 'rollback.lasting' }],
    });
    expect((await stand.json([...undoing, '--leave-lasting'])).exit).toBe(0);
    expect((await stand.run(['verify'])).exit).toBe(0);
  });

  it('is done again when it has not happened', async () => {
    const { run, action } = await runInDoubt();
    const word = ['--did-not-happen', action, '--evidence', 'nobody got it'];
    const { exit, lines } = await stand.json(['resume', run, ...word]);
    expect(exit).toBe(0);
    expect(lines.at(-1)).toMatchObject({ status: { outcome: 'succeeded' } });
    expect(timesSent()).toBe(2);
    expect((await stand.run(['verify'])).exit).toBe(0);
  });
});
