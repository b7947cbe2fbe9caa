import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { Stand } from '../cli-fixture.ts';

let stand: Stand;

const workflows = '.github/workflows';

beforeEach(async () => {
  stand = new Stand();
  stand.makeRepo({
    CODEOWNERS: 'ada\n',
    [`${workflows}/ci.yml`]: 'one\n',
    [`${workflows}/other.yml`]: 'two\n',
    '.gitignore': '*.tmp\n',
    'AGENTS.md': 'agents\n',
    'ignored.sh': `echo mine > ${workflows}/ign.tmp; mkdir .github/empty\n`,
    'more.sh': `echo mine > ${workflows}/other.yml; echo mine > CODEOWNERS; echo mine > beside\n`,
    'new.sh': `echo mine > ${workflows}/new.yml\n`,
  });
  symlinkSync('../AGENTS.md', join(stand.repo, '.github/copilot-instructions.md'));
  stand.git('add', '-A');
  stand.git('commit', '-qm', 'link');
  await stand.init();
});

afterEach(() => {
  stand.remove();
});

/** A held command, what is shown of it to who approves it, and what became of it and of the files. */
async function approving(command: string, ...after: readonly object[]) {
  const calls = [{ name: 'shell.run', args: { command } }];
  const model = stand.script({ say: 'I change it.', calls }, ...after, { say: 'Done.' });
  const words = ['run', 'Own', '--repo', stand.repo, '--model', model, '--no-wait'];
  const held = await stand.json(words);
  const { run } = held.lines.at(-1) as unknown as { readonly run: string };
  const approved = await stand.run(['approve', run, '--yes']);
  const resumed = await stand.json(['resume', run]);
  const branch = `chancery/${run}`;
  const isChanged = stand.git('branch', '--list', branch) !== '';
  const changed = isChanged ? stand.git('diff', '--name-only', `main...${branch}`) : '';
  const { lines } = await stand.json(['audit', run]);
  return {
    ...{ held: held.exit, approved, resumed: resumed.exit, changed: changed.split('\n') },
    action: lines.find(({ type }) => type === 'action'),
    verified: (await stand.run(['verify'])).exit,
    shown: (path: string) => stand.git('show', `${branch}:${path}`),
  };
}

const waitedFor = { held: 4, resumed: 0, verified: 0 };

describe('a command that writes a protected file, once a human has approved it', () => {
  it('writes the file, in the way of editors too, and who approves is told which', async () => {
    const seen = await approving(`sed -i s/one/three/ ${workflows}/ci.yml`);
    expect(seen).toMatchObject({ ...waitedFor, changed: [`${workflows}/ci.yml`] });
    expect(seen.shown(`${workflows}/ci.yml`).trim()).toBe('three');
    expect(seen.action).toMatchObject({ outcome: { kind: 'committed' } });
    expect(seen.approved.stdout).toContain(
      `\nOpens    ${workflows}/ci.yml, to this one command; nothing else that is protected\n`,
    );
  });

  it('writes no other one that was there', async () => {
    const seen = await approving(`echo three >> ${workflows}/ci.yml; sh more.sh`);
    expect(seen).toMatchObject({ ...waitedFor, changed: [`${workflows}/ci.yml`, 'beside'] });
  });

  it.each([
    ['removes the file', `rm ${workflows}/ci.yml`, `${workflows}/ci.yml`],
    [
      'makes a new one',
      `echo new > ${workflows}/new.yml`,
      `${workflows}/new.yml (new: a file, or a folder with all in it)`,
    ],
    [
      'writes what it likes in a folder that it names',
      'sh new.sh; chmod u+w .github',
      '.github/**: all in it',
    ],
  ])('%s', async (_what, command, opens) => {
    const seen = await approving(command);
    expect(seen).toMatchObject(waitedFor);
    expect(seen.action).toMatchObject({ outcome: { kind: 'committed' } });
    expect(seen.approved.stdout).toContain(`\nOpens    ${opens}, to this one command;`);
  });

  it('leaves nothing where the next one reads it, and is undone, where it makes what git ignores', async () => {
    const look = { command: 'find .github > listed' };
    const seen = await approving(`echo three >> ${workflows}/ci.yml; sh ignored.sh`, {
      ...{ say: 'I look.', calls: [{ name: 'shell.run', args: look }] },
    });
    expect(seen).toMatchObject({ ...waitedFor, changed: ['listed'] });
    const failure = {
      code: 'protected.changed',
      message: 'the command changed .github/empty, which is protected and which it does not name',
    };
    expect(seen.action).toMatchObject({ outcome: { failure } });
    expect(seen.shown('listed').trim().split('\n').sort()).toEqual([
      ...['.github', '.github/copilot-instructions.md', workflows],
      ...[`${workflows}/ci.yml`, `${workflows}/other.yml`],
    ]);
  });

  it('is undone where it makes another one', async () => {
    const seen = await approving(`echo three >> ${workflows}/ci.yml; sh new.sh`);
    expect(seen).toMatchObject({ ...waitedFor, changed: [''] });
    expect(seen.action).toMatchObject({ outcome: { failure: { code: 'protected.changed' } } });
  });
});
