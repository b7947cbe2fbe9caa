import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Stand } from '../../apps/cli/src/cli-fixture.ts';

const secret = 'hunter2/Blue+Horse=9';
const halves = ['hunter2/Blue', '+Horse=9'] as const;
const env = { DEPLOY_TOKEN: secret };
const token = ['ghp', 'AbCdEfGhIjKlMnOpQrStUvWxYz0123456789'] as const;
const done = { say: `Done with ${secret}.` };
const shell = (command: string) => ({ calls: [{ name: 'shell.run', args: { command } }] });

const forms: Readonly<Record<string, string>> = {
  plain: secret,
  token: token.join('_'),
  json: JSON.stringify(secret).slice(1, -1).replaceAll('/', '\\/'),
  url: encodeURIComponent(secret),
  hex: Buffer.from(secret).toString('hex'),
  base64: Buffer.from(secret).toString('base64').replaceAll('=', ''),
  base64Within: Buffer.from(`me:${secret}`).toString('base64').slice(6, -4),
};

let stand: Stand;
let shown = '';

beforeAll(async () => {
  stand = new Stand();
  stand.makeRepo();
  await stand.init();
});

afterAll(() => {
  stand.remove();
});

async function say(words: readonly string[]): Promise<number | null> {
  const { exit, stdout, stderr } = await stand.run(words, env);
  shown += stdout + stderr;
  return exit;
}

/** Names of the files under a folder that hold one of the forms, with the form. */
function holding(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .flatMap((entry) => {
      const file = path.join(entry.parentPath, entry.name);
      const bytes = readFileSync(file);
      const name = path.relative(folder, file);
      return Object.entries(forms)
        .filter(([, form]) => bytes.includes(form) || name.includes(form))
        .map(([form]) => `${name}: ${form}`);
    });
}

const split = `printf '%s' '${halves[0]}' '${halves[1]}'`;
const commands = [
  split,
  `${split} >&2; exit 3`,
  `${split} | base64`,
  `printf 'me:%s' "$(${split})" | base64`,
  `${split} | od -An -v -tx1 | tr -d ' \\n'`,
  `printf '%s_%s' '${token[0]}' '${token[1]}'`,
  `echo "TOKEN=$(${split})" && echo "https://me:$(${split})@host/"`,
  `mkdir -p d && touch "d/$(${split} | tr '/' '-')" && ls d`,
];

test('a run whose every part shows a secret keeps and shows it nowhere', async () => {
  const script = stand.script(
    ...commands.map((command) => ({ say: `Now ${secret}`, ...shell(command) })),
    shell(`echo ${secret}`),
    { calls: [{ name: 'fs.read', args: { path: `${secret}.txt` } }] },
    { calls: [{ name: 'fs.write', args: { path: 'a.txt', text: `x ${secret}` } }] },
    done,
  );
  const gate = `${split}; ${split} | base64; false`;
  const words = [
    'run',
    `Use ${secret} or ${forms['token'] ?? ''}`,
    '--repo',
    stand.repo,
    '--model',
    script,
  ];
  for (const output of [[], ['--json']]) {
    expect(await say([...words, '--gate', gate, '--turns', '13', ...output])).toBe(1);
  }
  for (const words of [['runs'], ['runs', '--json'], ['verify']]) {
    expect(await say(words)).toBe(0);
  }
  await say(['halt', '--reason', `because of ${secret}`]);
  await say(['show', secret]);
  expect(await say(['export', '--to', path.join(stand.home, 'all.chancery')])).toBe(0);

  expect(shown).toContain('[redacted:known]');
  expect(shown).toContain('[redacted:github-token]');
  const said = Object.entries(forms).filter(([, form]) => shown.includes(form));
  expect(said.map(([form]) => form)).toEqual([]);
  expect(holding(stand.home)).toEqual([]);
});
