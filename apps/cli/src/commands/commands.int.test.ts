import { afterAll, beforeAll, expect, it } from 'vitest';
import { Stand } from '../cli-fixture.ts';

let stand: Stand;
let run: string;

const shell = (command: string) => ({ calls: [{ name: 'shell.run', args: { command } }] });

beforeAll(async () => {
  stand = new Stand();
  stand.makeRepo();
  await stand.init();
  const model = stand.script(
    shell('echo hi'),
    { calls: [{ name: 'fs.list', args: {} }] },
    shell('git push'),
    shell('git push "$X" && $Y'),
    shell('$TOOL x'),
    { say: 'Done.' },
  );
  const { lines } = await stand.json(['run', 'Try', '--repo', stand.repo, '--model', model]);
  run = String(lines.at(-1)?.['run']);
});

afterAll(() => {
  stand.remove();
});

const why = ['a program that is not told by its name'];

it('counts the commands that were understood, and tells those that were not', async () => {
  const told = [
    // Of what was refused no reasons are recorded.
    { type: 'command-unclear', command: 'git push "$X" && $Y', times: 1, why: [], now: false },
    { type: 'command-unclear', command: '$TOOL x', times: 1, why, now: false },
    { type: 'commands-understood', proposed: 4, understood: 2, unclear: 2, now: 0, unreadable: 0 },
  ];
  expect((await stand.json(['commands'])).lines).toEqual(told);
  expect((await stand.json(['commands', run.slice(0, 6)])).lines).toEqual(told);
  const { stdout } = await stand.run(['commands']);
  expect(stdout).toContain('4 proposed, 2 understood (50.0 %)');
  expect(stdout).toMatch(/1 +- +git push/);
  expect(stdout).toMatch(/1 +a program that is not told by its name +\$TOOL x/);
});

it('refuses a run that there is not', async () => {
  const { lines } = await stand.json(['commands', 'zzzzzz']);
  expect(lines).toMatchObject([{ code: 'run.unknown' }]);
});
