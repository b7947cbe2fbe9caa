import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createKey } from '@chancery/adapters/keys-file';
import { Stand } from '../cli-fixture.ts';

let stand: Stand;

beforeEach(async () => {
  stand = new Stand();
  stand.makeRepo({ CODEOWNERS: 'ada\nbob\n' });
  await stand.init();
});

afterEach(() => {
  stand.remove();
});

const protectedWrite = {
  say: 'I change who owns it.',
  calls: [{ name: 'fs.write', args: { path: 'CODEOWNERS', text: 'ada\neve\u001b[0m\n' } }],
};

interface Held {
  readonly run: string;
  readonly status: { readonly phase: string; readonly action: string };
  readonly next: readonly string[];
}

async function heldRun(): Promise<Held> {
  const model = stand.script(protectedWrite, { say: 'Done.' });
  const { exit, lines } = await stand.json(['run', 'Own', '--repo', stand.repo, '--model', model]);
  expect(exit).toBe(4);
  return lines.at(-1) as unknown as Held;
}

describe('a held action', () => {
  it('ends the run with 4 and the commands that go on', async () => {
    const { run, status, next } = await heldRun();
    const action = status.action.slice(0, 12);
    expect(status.phase).toBe('waiting');
    expect(next).toEqual([
      `chancery approve ${action}`,
      `chancery deny ${action}`,
      `chancery resume ${run}`,
    ]);
    const { lines } = await stand.json(['runs']);
    expect(lines).toMatchObject([{ run, driven: false, status: { phase: 'waiting' } }]);
  });

  it.each([
    ['approve', 'approved', 'granted'],
    ['deny', 'denied', 'denied'],
  ])('after %s is listed as %s, to be resumed', async (word, state, answer) => {
    const { run } = await heldRun();
    expect((await stand.json(['runs'])).lines).toMatchObject([{ run, answer: null }]);
    const toAnswer = (await stand.json(['show', run])).lines.at(-1);
    expect(toAnswer).toMatchObject({
      ...{ type: 'unfinished', answer: null, begun: [] },
      next: [
        expect.stringMatching(/^chancery approve [0-9a-f]{12}$/),
        expect.stringMatching(/^chancery deny [0-9a-f]{12}$/),
        `chancery resume ${run}`,
      ],
    });
    await stand.run([word, run, '--yes']);
    expect((await stand.json(['runs'])).lines).toMatchObject([
      { run, answer, driven: false, status: { phase: 'waiting' } },
    ]);
    const { stdout } = await stand.run(['runs']);
    expect(stdout).toMatch(new RegExp(`\\n${run} +${state} `));
    expect(stdout).toContain(
      `\n${run}: fs.write CODEOWNERS is ${state}; resume it\n  chancery resume ${run}\n`,
    );
    expect(stdout).not.toContain('chancery approve');
    const shown = (await stand.run(['show', run])).stdout;
    expect(shown).toMatch(new RegExp(`\\nState +waits for approval of .*: ${answer}\\n`));
    expect(shown).toMatch(new RegExp(`\\n\\nNext +chancery resume ${run}\\n$`));
  });

  it('is not voted on when what is recorded is not what the digest names', async () => {
    const { run } = await heldRun();
    const file = join(stand.home, 'ledger.db');
    const bytes = readFileSync(file);
    const at = bytes.indexOf('"normalisedArgs":{"inline":{"path":"CODEOWNERS","text":"ada\\neve');
    bytes.write('zoe', bytes.indexOf('eve', at));
    writeFileSync(file, bytes);
    for (const word of ['approve', 'deny']) {
      const { exit, lines } = await stand.json([word, run, '--yes']);
      expect({ exit, lines }).toMatchObject({ exit: 7, lines: [{ code: 'ledger.corrupt' }] });
      expect(lines).toHaveLength(1);
    }
  });

  it('is shown as the change that it is, and happens after a signed yes', async () => {
    const { run, status } = await heldRun();
    const { exit, stdout } = await stand.run([
      'approve',
      run.slice(0, 9),
      '--yes',
      '--reason',
      'fine',
    ]);
    expect(exit).toBe(0);
    expect(stdout).toContain('\n    ada\n  - bob\n  + eve\\x1b[0m\n');
    expect(stdout).toContain(status.action);
    expect(stdout).toContain('hold-protected-files');
    expect(stdout).toContain(`chancery resume ${run}\n`);
    const resumed = await stand.json(['resume', run]);
    expect(resumed.exit).toBe(0);
    expect(resumed.lines.at(-1)).toMatchObject({ status: { outcome: 'succeeded' }, commits: 1 });
    expect(stand.git('show', `chancery/${run}:CODEOWNERS`)).toContain('eve');
    const { lines } = await stand.json(['audit', run]);
    expect(lines).toMatchObject([
      {
        type: 'action',
        actionDigest: status.action,
        hold: { rule: 'hold-protected-files' },
        approval: { outcome: 'granted', votes: [{ vote: 'grant', reason: 'fine' }] },
        outcome: { kind: 'committed' },
      },
    ]);
    expect((await stand.run(['verify'])).exit).toBe(0);
  });

  it('does not happen after a signed no, and the run goes on without it', async () => {
    const { run, status } = await heldRun();
    const denied = await stand.json(['deny', status.action.slice(0, 8), '--yes']);
    expect(denied.lines).toMatchObject([{ type: 'vote', run, outcome: 'denied', driven: false }]);
    const { exit, lines } = await stand.json(['resume', run]);
    expect(exit).toBe(0);
    expect(lines.at(-1)).toMatchObject({ commits: 0, refusals: 1, status: { commit: null } });
  });

  it('is decided once', async () => {
    const { run } = await heldRun();
    await stand.run(['approve', run, '--yes']);
    for (const command of ['approve', 'deny']) {
      const { exit, lines } = await stand.json([command, run, '--yes']);
      expect({ exit, code: lines[0]?.['code'] }).toEqual({ exit: 8, code: 'approval.closed' });
    }
  });

  it('is not decided by a key that nobody trusts, nor by that of the runtime', async () => {
    const { run } = await heldRun();
    const stranger = createKey(join(stand.folder, 'keys'), 'stranger');
    const files = [
      stranger.ok ? stranger.value.file : '',
      join(stand.home, 'keys/runtime.key.json'),
    ];
    for (const file of files) {
      const { exit, lines } = await stand.json(['approve', run, '--yes', '--key', file]);
      expect({ exit, code: lines[0]?.['code'] }).toEqual({
        exit: 3,
        code: 'approval.not-approver',
      });
    }
  });

  it('is not decided where nobody can be asked', async () => {
    const { run } = await heldRun();
    const { exit, stderr } = await stand.run(['approve', run]);
    expect(exit).toBe(2);
    expect(stderr).toMatch(/^error usage\.invalid: nobody can be asked here/);
  });

  it.each([['ffff'], ['zzzz'], ['../x']])('is not found under %j', async (named) => {
    await heldRun();
    const { exit, lines } = await stand.json(['approve', named, '--yes']);
    expect({ exit, code: lines[0]?.['code'] }).toEqual({ exit: 2, code: 'approval.unknown' });
  });

  it('keeps its run waiting, which goes on by itself when another process has voted', async () => {
    const model = stand.script(protectedWrite, { say: 'Done.' });
    const words = ['run', 'Own', '--repo', stand.repo, '--model', model, '--wait'];
    const waiting = stand.start(words);
    await waiting.says('hold-protected-files');
    const { lines } = await stand.json(['runs']);
    expect(lines).toMatchObject([{ driven: true, status: { phase: 'waiting' } }]);
    const vote = await stand.json(['approve', String(lines[0]?.['run']), '--yes']);
    expect(vote.lines).toMatchObject([{ outcome: 'granted', driven: true, next: [] }]);
    const { exit, stdout } = await waiting.ended;
    expect(exit).toBe(0);
    expect(stdout).toContain('approved by a human');
  });
});

it('a clock that was set back makes no recorded time fall', async () => {
  const { run } = await heldRun();
  const back = 'const now = Date.now; Date.now = () => now() - 7200000';
  const preload = { NODE_OPTIONS: `--import data:text/javascript,${encodeURIComponent(back)}` };
  expect((await stand.run(['approve', run, '--yes'], preload)).exit).toBe(0);
  expect((await stand.run(['resume', run], preload)).exit).toBe(0);
  const { lines } = await stand.json(['show', run]);
  const times = lines.map(({ entry }) => (entry as { readonly at: number }).at);
  expect(times).toEqual(times.toSorted((a, b) => a - b));
  expect((await stand.run(['verify'])).exit).toBe(0);
  expect(readFileSync(join(stand.repo, 'CODEOWNERS'), 'utf8')).toBe('ada\nbob\n');
});
