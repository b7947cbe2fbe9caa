import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Stand } from '../cli-fixture.ts';

let stand: Stand;

beforeEach(async () => {
  stand = new Stand();
  stand.makeRepo({ CODEOWNERS: 'ada\n' });
  await stand.init();
});

afterEach(() => {
  stand.remove();
});

/** Makes a key of this name that may approve; answers its id. */
async function approver(name: string): Promise<string> {
  const { lines } = await stand.json(['keys', 'create', name]);
  const id = String(lines[0]?.['key']);
  const words = ['keys', 'trust', id, '--label', name, '--purpose', 'approve'];
  expect((await stand.run(words)).exit).toBe(0);
  return id;
}

const keyOf = (name: string): string => join(stand.home, `keys/${name}.key.json`);

async function define(name: string, ...words: readonly string[]) {
  const { exit, lines } = await stand.json(['channels', 'define', name, ...words]);
  return { exit, line: lines[0] };
}

/** A run that waits for a change of a protected file, on the channel `human`. */
async function heldRun(): Promise<string> {
  const change = { name: 'fs.write', args: { path: 'CODEOWNERS', text: 'eve\n' } };
  const model = stand.script({ say: 'I change it.', calls: [change] }, { say: 'Done.' });
  const { exit, lines } = await stand.json(['run', 'Own', '--repo', stand.repo, '--model', model]);
  expect(exit).toBe(4);
  return String(lines.at(-1)?.['run']);
}

describe('channels and policies', () => {
  const policy = (quorum: number): string => {
    const text =
      '@id("all") permit (principal, action, resource);\n' +
      `@id("ask") @hold("desk") @quorum("${quorum}") forbid (principal, action, resource);\n`;
    const file = join(stand.folder, `desk-${quorum}.cedar`);
    writeFileSync(file, text);
    return file;
  };
  const activate = async (quorum: number) => {
    const words = ['policy', 'activate', policy(quorum), '--level', 'run', '--name', 'desk'];
    return stand.json([...words, '--yes']);
  };

  it('tell what the other names, and refuse what could never be answered', async () => {
    const deputy = await approver('deputy');
    const asks = ['--approver', deputy, '--within', '1h'];
    expect((await define('desk', ...asks)).line).toMatchObject({ rules: [] });
    expect(await activate(2)).toMatchObject({ exit: 3, lines: [{ code: 'approval.unreachable' }] });
    expect(await activate(1)).toMatchObject({ exit: 0, lines: [{ undefinedChannels: [] }] });
    const removed = await stand.json(['channels', 'remove', 'desk']);
    expect(removed).toMatchObject({ exit: 0, lines: [{ rules: ['ask'] }] });
    expect(await activate(2)).toMatchObject({ exit: 0, lines: [{ undefinedChannels: ['desk'] }] });
    const shown = await stand.run([
      'policy',
      'activate',
      policy(1),
      '--level',
      'run',
      '--name',
      'x',
    ]);
    expect(shown.stdout).toContain('nobody has defined the channel desk');
    expect(await define('desk', ...asks)).toMatchObject({
      exit: 3,
      line: { code: 'approval.unreachable' },
    });
    const delegated = ['approvers', 'delegate', '--to', deputy, '--channel', 'desk', '--for', '1h'];
    expect(await stand.json(delegated)).toMatchObject({
      exit: 2,
      lines: [{ code: 'channel.unknown' }],
    });
  });
});

describe('channels', () => {
  it('are defined, listed and removed', async () => {
    const deputy = await approver('deputy');
    const lead = ['--approver', deputy, '--within', '30m'];
    const first = await define('lead', ...lead);
    expect(first).toMatchObject({ exit: 0, line: { type: 'channel-defined', name: 'lead' } });
    expect((await define('lead', ...lead)).line).toMatchObject({ entry: null });
    const onwards = ['--escalate-to', 'lead', '--after', '10m'];
    await define('human', '--approver', deputy, '--within', '2h', ...onwards);
    const minuteMs = 60_000;
    expect((await stand.json(['channels', 'list'])).lines).toEqual([
      {
        ...{ type: 'channel', name: 'human', approvers: [deputy], withinMs: 120 * minuteMs },
        escalate: { to: 'lead', afterMs: 10 * minuteMs },
      },
      {
        ...{ type: 'channel', name: 'lead', approvers: [deputy], withinMs: 30 * minuteMs },
        escalate: null,
      },
    ]);
    const { stdout } = await stand.run(['channels', 'list']);
    expect(stdout).toMatch(/human +2 h +asks lead after 10 min +deputy\n/);
    expect((await stand.json(['channels', 'remove', 'lead'])).lines).toMatchObject([
      { code: 'channel.invalid' },
    ]);
    expect((await stand.json(['channels', 'remove', 'human'])).lines).toMatchObject([
      { type: 'channel-removed', name: 'human' },
    ]);
    expect((await stand.run(['channels', 'remove', 'lead'])).exit).toBe(0);
    expect((await stand.run(['channels', 'list'])).stdout).toBe(
      'CHANNEL  WITHIN  THEN  APPROVERS\nOn any other channel, every key may vote that is trusted for approving.\n',
    );
    expect((await stand.run(['verify'])).exit).toBe(0);
  });

  it.each([
    ['with a name that no rule can hold on', ['Lead'], 'usage.invalid'],
    ['that escalate at no time', ['lead', '--escalate-to', 'human'], 'usage.invalid'],
    [
      'that escalate to none',
      ['lead', '--escalate-to', 'human', '--after', '1m'],
      'channel.invalid',
    ],
    ['by a key that may not', ['lead', '--key', 'keys/runtime.key.json'], 'policy.not-signer'],
  ])('are not defined %s', async (_, [name = '', ...words], code) => {
    const deputy = await approver('deputy');
    const file = words.map((word) => (word.startsWith('keys/') ? join(stand.home, word) : word));
    const { line } = await define(name, '--approver', deputy, '--within', '1h', ...file);
    expect(line).toMatchObject({ code });
  });

  it('take the votes of their approvers alone', async () => {
    await define('human', '--approver', await approver('deputy'), '--within', '2h');
    const run = await heldRun();
    expect((await stand.json(['approve', run, '--yes'])).lines).toMatchObject([
      { code: 'approval.not-approver' },
    ]);
    const granted = await stand.json(['approve', run, '--yes', '--key', keyOf('deputy')]);
    expect(granted.lines).toMatchObject([{ outcome: 'granted' }]);
    expect((await stand.run(['resume', run])).exit).toBe(0);
    expect((await stand.run(['verify'])).exit).toBe(0);
  });

  it('are passed on by one who may answer, and by nobody else', async () => {
    const deputy = await approver('deputy');
    const lead = await approver('lead');
    await approver('other');
    await define('lead', '--approver', lead, '--within', '1h');
    const onwards = ['--escalate-to', 'lead', '--after', '1ms'];
    await define('human', '--approver', deputy, '--within', '1h', ...onwards);
    const run = await heldRun();
    const approve = async (name: string) => {
      const { lines } = await stand.json(['approve', run, '--yes', '--key', keyOf(name)]);
      return lines[0]?.['code'] ?? lines[0]?.['outcome'];
    };
    expect([await approve('other'), await approve('lead')]).toEqual([
      'approval.not-approver',
      'granted',
    ]);
    expect((await stand.run(['resume', run])).exit).toBe(0);
    const { lines } = await stand.json(['audit', run]);
    expect(lines).toMatchObject([{ approval: { channel: 'lead', votes: [{ voter: lead }] } }]);
    expect((await stand.run(['verify'])).exit).toBe(0);
  });
});
