import { copyFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  seenProcess,
  stubbornLine,
  stubbornSleepers,
  treesBelow,
  type SeenProcess,
} from '@chancery/testkit/house';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Stand, type Turn } from '../cli-fixture.ts';

let stand: Stand;

beforeEach(async () => {
  stand = new Stand();
  stand.makeRepo();
  await stand.init();
});

afterEach(async () => {
  expect((await stand.run(['verify'])).exit).toBe(0);
  stand.remove();
});

const held = { calls: [{ name: 'fs.write', args: { path: 'CODEOWNERS', text: 'x\n' } }] };

const begun = (...turns: readonly Turn[]) => [
  ...['run', 'Work', '--repo', stand.repo],
  ...['--model', stand.script(...turns, { say: 'Done.' })],
];

const switchFile = (): string => join(stand.home, 'halt');

/** All that runs below a process, once a stubborn line is up. */
async function grownTree(root: number): Promise<readonly SeenProcess[]> {
  for (;;) {
    const tree = treesBelow(root).flat();
    if (tree.filter(({ name }) => name === 'sleep').length === stubbornSleepers) return tree;
    await sleep(20);
  }
}

describe('a file named halt', () => {
  it.each([
    ['nothing', '', 'kill'],
    ['what nobody understands', '{"mode": "pause"}', 'kill'],
    ['a mode and a reason', '{"mode": "soft", "reason": "look first"}', 'soft'],
  ])('with %s in it lets no run begin until it is gone', async (_, text, mode) => {
    writeFileSync(switchFile(), text);
    const run = await stand.json(begun());
    expect(run).toMatchObject({ exit: 5, lines: [{ code: 'control.halted' }] });
    expect((await stand.json(['halt', 'list'])).lines).toMatchObject([{ mode }]);
    expect((await stand.json(['clear'])).exit).not.toBe(0);
    rmSync(switchFile());
    expect((await stand.json(begun())).exit).toBe(0);
  });
});

describe('a halt', () => {
  it('lets no run begin until it is cleared, and says how', async () => {
    const halted = await stand.json(['halt', '--reason', 'look first']);
    expect(halted).toMatchObject({ exit: 0, lines: [{ type: 'halted', reason: 'look first' }] });
    expect((await stand.json(['doctor'])).lines).toContainEqual(
      expect.objectContaining({
        ...{ name: 'controls', state: 'warn', code: 'control.halted' },
        detail: 'all is halted: look first',
      }),
    );
    const run = await stand.json(begun());
    expect({ exit: run.exit, lines: run.lines }).toMatchObject({
      exit: 5,
      lines: [{ code: 'control.halted', message: 'all is halted: look first', retryable: true }],
    });
    expect((await stand.json(['runs'])).lines).toEqual([]);
    expect(stand.git('worktree', 'list').split('\n')).toHaveLength(1);
    const control = halted.lines[0]?.['control'];
    const cleared = await stand.json(['clear', '--reason', 'looked']);
    expect(cleared).toMatchObject({
      exit: 0,
      lines: [{ type: 'cleared', control, reason: 'looked' }],
    });
    expect((await stand.json(begun())).exit).toBe(0);
  });

  it('lets a run that waits go on after it was cleared', async () => {
    const first = await stand.json(begun(held));
    const run = String(first.lines.at(-1)?.['run']);
    await stand.run(['approve', run, '--yes']);
    await stand.run(['halt']);
    await stand.run(['clear']);
    const resumed = await stand.json(['resume', run]);
    expect(resumed.exit).toBe(0);
    expect(resumed.lines.at(-1)).toMatchObject({ commits: 1, status: { outcome: 'succeeded' } });
  });

  it('cancels a run that waits when it is resumed meanwhile', async () => {
    const first = await stand.json(begun(held));
    const run = String(first.lines.at(-1)?.['run']);
    await stand.run(['approve', run, '--yes']);
    await stand.run(['halt', '--reason', 'look first']);
    const resumed = await stand.json(['resume', run]);
    expect(resumed.exit).toBe(5);
    expect(resumed.lines.at(-1)).toMatchObject({
      commits: 0,
      status: { phase: 'finished', outcome: 'cancelled', reason: 'look first' },
    });
  });

  it('that is soft leaves a run as it is, which goes on after it was cleared', async () => {
    const first = await stand.json(begun(held));
    const run = String(first.lines.at(-1)?.['run']);
    await stand.run(['approve', run, '--yes']);
    const writ = String(first.lines.at(-1)?.['writ']);
    const halted = await stand.json(['halt', '--writ', writ.slice(0, 12), '--mode', 'soft']);
    const what = {
      scope: 'writ',
      run: null,
      plan: null,
      writ,
      mode: 'soft',
      reason: 'halted by its owner',
    };
    expect(halted).toMatchObject({ exit: 0, lines: [{ type: 'halted', ...what }] });
    const [line] = halted.lines;
    const control = String(line?.['control']);
    expect((await stand.json(['runs'])).lines).toMatchObject([{ run, halted: 'soft' }]);
    const resumed = await stand.json(['resume', run]);
    expect(resumed.exit).toBe(5);
    expect(resumed.lines.at(-1)).toMatchObject({
      ...{ end: 'halted', commits: 0, status: { phase: 'waiting' } },
    });
    await stand.run(['clear', control.slice(0, 12)]);
    expect((await stand.json(['resume', run])).lines.at(-1)).toMatchObject({
      ...{ commits: 1, status: { outcome: 'succeeded' } },
    });
  });

  it('of a plan lets no run of it begin, by a control and by the switch file', async () => {
    const plan = ['--plan', 'release'];
    const halted = await stand.json(['halt', ...plan, '--mode', 'soft']);
    expect(halted).toMatchObject({
      exit: 0,
      lines: [{ scope: 'plan', run: null, plan: 'release' }],
    });
    expect((await stand.run(['halt', 'list'])).stdout).toContain('plan release');
    const starting = async (...more: readonly string[]) =>
      (await stand.json([...begun({ say: 'Done.' }), ...more])).lines.at(-1);
    expect(await starting(...plan)).toMatchObject({ code: 'control.halted' });
    expect(await starting('--plan', 'other')).toMatchObject({ end: 'finished' });
    await stand.run(['clear', String(halted.lines[0]?.['control']).slice(0, 12)]);
    writeFileSync(switchFile(), '{"plan":"release"}');
    expect(await starting(...plan)).toMatchObject({ code: 'control.halted' });
    expect(await starting()).toMatchObject({ end: 'finished' });
    rmSync(switchFile());
    expect(await starting(...plan)).toMatchObject({ end: 'finished' });
    const wrong = [
      ['--plan', 'release', '--run', 'x'],
      ['--plan', 'No Name'],
    ];
    for (const words of wrong) expect((await stand.json(['halt', ...words])).exit).toBe(2);
  });

  it('ends what another process is doing', async () => {
    const sleeping = { calls: [{ name: 'shell.run', args: { command: 'sleep 60' } }] };
    const driver = stand.start([...begun(sleeping), '--json']);
    await driver.says('"execution.started"');
    await stand.run(['halt', '--reason', 'look first']);
    const { exit, stdout } = await driver.ended;
    expect(exit).toBe(5);
    expect(stdout).toContain('"outcome":"cancelled"');
  });

  it.each<[string, () => Promise<unknown>]>([
    ['an entry', () => stand.run(['halt'])],
    ['a file', async () => writeFileSync(switchFile(), '')],
  ])(
    'by %s leaves no process of a run, whatever it ignores and wherever it went',
    async (_, halt) => {
      const stubborn = { calls: [{ name: 'shell.run', args: { command: stubbornLine() } }] };
      const driver = stand.start([...begun(stubborn), '--json']);
      const tree = await grownTree(driver.child.pid ?? 0);
      await halt();
      const { exit, stdout } = await driver.ended;
      expect(exit).toBe(5);
      expect(stdout).toContain('"outcome":"cancelled"');
      expect(tree.flatMap(({ pid }) => seenProcess(pid) ?? [])).toEqual([]);
      rmSync(switchFile(), { force: true });
    },
  );

  it('that is cleared twice, or never was, is told', async () => {
    const never = await stand.json(['clear']);
    expect(never).toMatchObject({ exit: 2, lines: [{ message: 'nothing is halted' }] });
    await stand.run(['halt']);
    const other = await stand.json(['clear', 'ffff']);
    expect(other).toMatchObject({ exit: 2, lines: [{ code: 'usage.invalid' }] });
    expect((await stand.run(['clear'])).exit).toBe(0);
    expect((await stand.run(['clear'])).exit).toBe(2);
  });

  it('that stands beside another is cleared alone when it is named', async () => {
    const [first] = (await stand.json(['halt'])).lines;
    await stand.run(['halt']);
    const { lines } = await stand.json(['clear', String(first?.['control']).slice(0, 12)]);
    expect(lines).toMatchObject([{ control: first?.['control'] }]);
    expect((await stand.json(begun())).exit).toBe(5);
  });
});

describe('a control of somebody else', () => {
  it('is cleared only by who says yes to it', async () => {
    const [made] = (await stand.json(['keys', 'create', 'other'])).lines;
    const trusting = ['--label', 'other', '--purpose', 'approve'];
    await stand.run(['keys', 'trust', String(made?.['key']), ...trusting]);
    const key = join(stand.home, 'keys/other.key.json');
    const [engaged] = (await stand.json(['halt', '--key', key, '--reason', 'mine'])).lines;
    const asked = await stand.run(['clear']);
    expect([asked.exit, asked.stdout]).toEqual([4, expect.stringContaining('mine')]);
    expect((await stand.json(['clear'])).exit).toBe(4);
    expect((await stand.json(['halt', 'list'])).lines).toMatchObject([
      { control: engaged?.['control'], by: engaged?.['by'], scope: 'all', mode: 'kill' },
    ]);
    expect((await stand.run(['clear', '--yes'])).exit).toBe(0);
    expect((await stand.run(['halt', 'list'])).stdout).toBe('Nothing is halted.\n');
  });

  it('is not asked of for what cannot be said', async () => {
    const refused = { exit: 2, lines: [{ code: 'usage.invalid' }] };
    expect(await stand.json(['halt', '--mode', 'gently'])).toMatchObject(refused);
    expect(await stand.json(['halt', '--run', 'a', '--writ', 'b'])).toMatchObject(refused);
    expect((await stand.json(['halt', 'list'])).lines).toEqual([]);
  });

  it('is not recorded for a reason that nobody could read in the ledger any more', async () => {
    const refused = { exit: 3, lines: [{ code: 'envelope.invalid' }] };
    expect(await stand.json(['halt', '--reason', 'x'.repeat(5_000)])).toMatchObject(refused);
    expect((await stand.json(begun())).exit).toBe(0);
  });
});

describe('a control that is signed by a key of no human of this ledger', () => {
  it('is refused, and harms nothing', async () => {
    const key = join(stand.home, 'keys/runtime.key.json');
    const refused = { exit: 3, lines: [{ code: 'approval.not-approver' }] };
    expect(await stand.json(['halt', '--key', key])).toMatchObject(refused);
    await stand.run(['halt']);
    expect(await stand.json(['clear', '--key', key])).toMatchObject(refused);
    expect((await stand.run(['clear'])).exit).toBe(0);
  });

  it('does not cancel a run either', async () => {
    const first = await stand.json(begun(held));
    const elsewhere = join(stand.folder, 'elsewhere');
    await stand.run(['init'], { CHANCERY_HOME: elsewhere });
    const own = join(stand.home, 'keys/owner.key.json');
    copyFileSync(own, join(stand.folder, 'kept'));
    copyFileSync(join(elsewhere, 'keys/owner.key.json'), own);
    const run = String(first.lines.at(-1)?.['run']);
    const cancelled = await stand.json(['cancel', run]);
    expect(cancelled).toMatchObject({ exit: 3, lines: [{ code: 'approval.not-approver' }] });
    copyFileSync(join(stand.folder, 'kept'), own);
    expect((await stand.run(['cancel', run])).exit).toBe(0);
  });
});
