import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isJsonObject, type Json } from '@chancery/kernel/encoding';
import { chancery, start, type Ended } from '../ground/command.ts';
import { dropGround, git } from '../ground/ground.ts';
import {
  entryOf,
  linesOf,
  makeScene,
  open,
  processesWith,
  startRun,
  until,
  verifies,
  waitFor,
  write,
  type Scene,
} from './scene.ts';

let scene: Scene;
beforeEach(async () => {
  scene = await makeScene();
});
afterEach(() => dropGround(scene));

/** How a run ended, in the words of its last line. */
function resultOf(running: { readonly ended: ReturnType<typeof chancery> }) {
  return running.ended.then((ended) => {
    const { end, status, code } = linesOf(ended).at(-1) ?? {};
    return { exit: ended.exit, end, status, ...(code === undefined ? {} : { code }) };
  });
}

/** Entries of the run itself that a command has told, in order. */
function entriesIn(ended: Ended): readonly Json[] {
  const entries = linesOf(ended).flatMap(({ entry }) => (isJsonObject(entry) ? [entry] : []));
  return entries.filter(({ stream }) => typeof stream === 'string' && stream.startsWith('run:'));
}

const succeeded = { exit: 0, end: 'finished', status: { outcome: 'succeeded' } };

describe('two runs at once on one ledger', () => {
  it('both go on, can be watched by others, and leave one ledger that verifies', async () => {
    const first = startRun(scene, scene.repository, [[waitFor(scene, 'a'), write('one', '1')]]);
    const one = await entryOf(first, 'execution.started');
    const second = startRun(scene, scene.other, [[waitFor(scene, 'b'), write('two', '2')]]);
    const two = await entryOf(second, 'execution.started');

    const listed = linesOf(await chancery(scene, ['runs', '--json']));
    expect(listed.map(({ run, driven }) => [run, driven]).sort()).toEqual(
      [
        [one, true],
        [two, true],
      ].sort(),
    );
    expect(await verifies(scene)).toBe(true);
    const shown = await chancery(scene, ['show', one, '--json']);
    expect([shown.exit, linesOf(shown).at(-2)?.['entry']]).toMatchObject([
      0,
      { kind: 'execution.started' },
    ]);
    const followed = start(scene, ['show', two, '--follow', '--json']);
    await entryOf(followed, 'execution.started');

    open(scene, 'b');
    open(scene, 'a');
    expect(await resultOf(second)).toMatchObject(succeeded);
    expect(await resultOf(first)).toMatchObject(succeeded);
    const watched = await followed.ended;
    expect([watched.exit, entriesIn(watched)]).toEqual([0, entriesIn(await second.ended)]);
    expect(await verifies(scene)).toBe(true);
    expect(git(scene.repository, 'show', `chancery/${one}:one`)).toBe('1');
    expect(git(scene.other, 'show', `chancery/${two}:two`)).toBe('2');
  });

  it('go on when the process that owns the ledger is killed, and nothing is lost', async () => {
    const owner = startRun(scene, scene.repository, [[waitFor(scene, 'a'), write('one', '1')]]);
    const one = await entryOf(owner, 'execution.started');
    const steps = Array.from({ length: 30 }, (_, nth) => [write(`file-${nth}`, `${nth}`)]);
    const guest = startRun(scene, scene.other, steps);
    const two = await entryOf(guest, 'commit', 5);
    owner.child.kill('SIGKILL');
    expect((await owner.ended).signal).toBe('SIGKILL');
    expect(await resultOf(guest)).toMatchObject(succeeded);
    expect(await verifies(scene)).toBe(true);
    expect(git(scene.other, 'ls-tree', '--name-only', `chancery/${two}`).split('\n').length).toBe(
      32,
    );

    open(scene, 'a');
    expect(await resultOf(start(scene, ['resume', one, '--json']))).toMatchObject(succeeded);
    expect(git(scene.repository, 'show', `chancery/${one}:one`)).toBe('1');
    expect(await verifies(scene)).toBe(true);
  });
});

describe('a run that another process drives', () => {
  it('ends when it is cancelled, and what it was running is gone', async () => {
    const mark = `3141${process.pid}`;
    const sleeping = ['shell.run', { argv: ['sleep', mark] }] as const;
    const running = startRun(scene, scene.repository, [[write('made', 'x'), sleeping]]);
    const run = await entryOf(running, 'execution.started', 1);
    await until(() => processesWith(`sleep\0${mark}`).length > 0);
    const cancelled = await chancery(scene, ['cancel', run, '--reason', 'enough', '--json']);
    expect([cancelled.exit, linesOf(cancelled).at(-1)]).toMatchObject([
      0,
      { type: 'cancelled', run, driven: true },
    ]);
    expect(await resultOf(running)).toMatchObject({
      exit: 5,
      end: 'finished',
      status: { outcome: 'cancelled', reason: 'enough' },
    });
    expect(processesWith(mark)).toEqual([]);
    // What was done before stays on the branch of the run; its worktree goes.
    expect(git(scene.repository, 'show', `chancery/${run}:made`)).toBe('x');
    expect(existsSync(join(scene.home.folder, 'worktrees', run))).toBe(false);
    expect(await verifies(scene)).toBe(true);
  });

  it('is not taken up a second time', async () => {
    const running = startRun(scene, scene.repository, [[waitFor(scene, 'a')]]);
    const run = await entryOf(running, 'execution.started');
    const resumed = await chancery(scene, ['resume', run, '--json']);
    expect([resumed.exit, linesOf(resumed)]).toMatchObject([
      8,
      [{ type: 'error', code: 'run.driven', retryable: true }],
    ]);
    open(scene, 'a');
    expect(await resultOf(running)).toMatchObject(succeeded);
  });

  it('goes on when a held action is approved by another process', async () => {
    const calls = [[write('.npmrc', 'a=b\n'), write('free', 'x')]];
    const running = startRun(scene, scene.repository, calls, '--wait');
    const run = await entryOf(running, 'proposal.suspended');
    const waiting = linesOf(await chancery(scene, ['runs', '--json']));
    expect(waiting).toMatchObject([{ run, driven: true, status: { phase: 'waiting' } }]);
    const approved = await chancery(scene, ['approve', run, '--yes', '--json']);
    expect(approved).toMatchObject({ exit: 0, stderr: '' });
    expect(await resultOf(running)).toMatchObject(succeeded);
    expect(git(scene.repository, 'show', `chancery/${run}:.npmrc`)).toBe('a=b\n');
    const again = await chancery(scene, ['approve', run, '--yes', '--json']);
    expect([again.exit, linesOf(again)]).toMatchObject([2, [{ code: 'approval.unknown' }]]);
    expect(await verifies(scene)).toBe(true);
  });
});
