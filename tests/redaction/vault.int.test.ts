import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { encodings } from '@chancery/testkit/encodings';
import { Stand } from '../../apps/cli/src/cli-fixture.ts';

/** Of the vault, and known to nobody else: 20 and 96 characters. */
const short = 'hunter2/Blue+Horse=9';
const long = Array.from({ length: 12 }, (_, at) => `Wf${at}k/Q+${at}`).join('.');
const owner = 'a passphrase of an owner';

const forms = (secret: string): Readonly<Record<string, string>> => ({
  ...Object.fromEntries(Object.entries(encodings).map(([name, form]) => [name, form(secret)])),
  escapedSlash: JSON.stringify(secret).slice(1, -1).replaceAll('/', '\\/'),
  hexLine: Buffer.from(secret).toString('hex').slice(0, 40),
  base64Line: Buffer.from(secret).toString('base64').replaceAll('=', '').slice(0, 24),
  base64Within: Buffer.from(`me:${secret}`).toString('base64').slice(6, 28),
  'end in base64': Buffer.from(secret.slice(-18)).toString('base64').slice(-16),
  'line of a dump': spaced(secret.slice(0, 16)),
  'last line of a dump': spaced(secret.slice(secret.length - (secret.length % 16 || 16))),
  'characters of a dump': secret.slice(0, 16),
});

function spaced(text: string): string {
  return (Buffer.from(text).toString('hex').match(/../g) ?? []).join(' ');
}

let stand: Stand;
let shown = '';

beforeAll(async () => {
  stand = new Stand();
  stand.makeRepo({ 'a.txt': 'hello\n' });
  await stand.init();
  expect(await say(['vault', 'init'])).toBe(0);
  expect(await say(['vault', 'set', 'short-one'], short)).toBe(0);
  expect(await say(['vault', 'set', 'long-one', '--scope', 'plan:release'], `${long}\n`)).toBe(0);
});

afterAll(() => {
  stand.remove();
});

async function say(words: readonly string[], input?: string): Promise<number | null> {
  const { exit, stdout, stderr } = await stand.run(words, {}, input);
  shown += stdout + stderr;
  return exit;
}

/** Names of the files under a folder that hold a form of a secret, with the form. */
function holding(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .flatMap((entry) => {
      const file = path.join(entry.parentPath, entry.name);
      const bytes = readFileSync(file);
      return told((form) => bytes.includes(form) || file.includes(form)).map(
        (form) => `${path.relative(folder, file)}: ${form}`,
      );
    });
}

function told(holds: (form: string) => boolean): readonly string[] {
  return [short, long].flatMap((secret, at) =>
    Object.entries(forms(secret))
      .filter(([, form]) => holds(form))
      .map(([name]) => `${name} of ${at}`),
  );
}

const lent = ['TOKEN=vault:short-one', 'LONG=vault:long-one'];
const shell = (command: string, secrets: readonly string[] = lent) => ({
  calls: [{ name: 'shell.run', args: { command, ...(secrets.length === 0 ? {} : { secrets }) } }],
});

/** In halves, with a pause between them, so that they come in two chunks. */
const halves =
  "node -e 'const t = process.env.TOKEN; process.stdout.write(t.slice(0, 9)); setTimeout(() => process.stdout.write(t.slice(9)), 50)'";

const commands = [
  'printf "%s %s" "$TOKEN" "$LONG"; printf "%s" "$LONG" >&2; exit 3',
  'printf %s "$TOKEN" | base64; printf %s "$LONG" | base64; printf "me:%s" "$TOKEN" | base64',
  'printf %s "$TOKEN" | od -An -v -tx1 | tr -d " \\n"; printf %s "$LONG" | od -An -v -tx1 | tr -d " \\n"',
  "node -e 'for (const v of [process.env.TOKEN, process.env.LONG]) console.log(encodeURIComponent(v), JSON.stringify({v}))'",
  halves,
  'printf %s "$TOKEN" | od -v -tx1z; printf %s "$LONG" | od -An -v -tx1',
  'printf %s "$LONG" | od -An -v -tx1 | tr " " "%"; printf %s "$TOKEN" | od -An -v -tx1 | tr " " ":"',
  'printf %s "$TOKEN" | base64 | base64; printf %s "$LONG" | base64 | base64; printf %s "$LONG" | fold -w 9',
  'env; tr "\\0" "\\n" < /proc/self/environ',
  'yes "$LONG" | head -c 100000',
  'mkdir d; touch "d/$(printf %s "$TOKEN" | base64 | tr +/ -_)"; ls d; rm -r d',
];

async function approveAll(run: string): Promise<number | null> {
  for (;;) {
    const exit = await say(['resume', run, '--no-wait']);
    if (exit !== 4) return exit;
    expect(await say(['approve', run, '--yes'])).toBe(0);
  }
}

test('a run without the plan is lent nothing that is kept for it', async () => {
  const script = stand.script(shell('echo "$LONG"'), { say: 'Done.' });
  const words = ['run', 'Use it', '--repo', stand.repo, '--model', script, '--no-wait'];
  const { exit, lines } = await stand.json([...words, '--plan', 'other']);
  expect(exit).toBe(0);
  expect(JSON.stringify(lines)).toContain('vault.out-of-scope');
  expect(JSON.stringify(lines)).not.toContain('execution.started');
});

/** It is of some fifty commands, one after the other. What is ended before its end goes on in the home beside what follows, so nothing does. */
const longMs = 900_000;

test(
  'what a command was lent is kept and shown nowhere, in none of the forms that redaction knows',
  async () => {
    const script = stand.script(
      ...commands.map((command) => shell(command)),
      shell('printf %s "$TOKEN" > kept.txt'),
      { calls: [{ name: 'fs.read', args: { path: 'kept.txt' } }] },
      {
        say: `It is ${short}`,
        calls: [{ name: 'fs.write', args: { path: 'b.txt', text: short } }],
      },
      shell('rm kept.txt', []),
      { say: `Done with ${short} and ${long}.` },
    );
    const words = ['run', 'Use them', '--repo', stand.repo, '--model', script, '--no-wait'];
    const { lines } = await stand.json([...words, '--plan', 'release']);
    const run = String(lines.at(-1)?.['run']);
    expect(await say(['approve', run, '--yes', '--reason', owner])).toBe(0);
    expect(await approveAll(run)).toBe(0);

    for (const command of ['show', 'audit', 'replay']) {
      expect(await say([command, run])).toBe(0);
      await say([command, run, '--json']);
    }
    expect(await say(['verify'])).toBe(0);
    expect(await say(['export', '--to', path.join(stand.home, 'all.chancery')])).toBe(0);

    const audit = await stand.json(['audit', run]);
    const actions = audit.lines.filter(({ type }) => type === 'action');
    const leases = actions.map((each) => (each['leases'] as readonly object[]).length);
    expect(leases.filter((count) => count === 2)).toHaveLength(commands.length + 1);
    const outcomes = actions.map(
      (each) => each['outcome'] as { kind: string; redactions?: number },
    );
    expect(outcomes.slice(0, commands.length).map(({ kind }) => kind)).toEqual(
      commands.map(() => 'committed'),
    );
    const silent = commands.filter((_, at) => (outcomes[at]?.redactions ?? 0) === 0);
    expect(silent).toEqual([]);
    expect(JSON.stringify(outcomes)).toContain('args.secret');

    expect(shown).toContain('vault:short-one');
    expect(shown).toContain('[redacted:known]');
    expect(told((form) => shown.includes(form))).toEqual([]);
    expect(holding(stand.home)).toEqual([]);
  },
  longMs,
);
