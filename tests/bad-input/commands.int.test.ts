import { writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readSqliteStore } from '@chancery/adapters/store-sqlite';
import type { JsonObject } from '@chancery/kernel/encoding';
import { openEntry, type LedgerStore } from '@chancery/kernel/ledger';
import { chancery, type Ended } from '../ground/command.ts';
import { dropGround } from '../ground/ground.ts';
import { scriptOf, type Calls } from '../ground/house.ts';
import { copyOf, linesOf, makePlace, runIn, type Place } from './place.ts';

let whole: Place;
beforeAll(async () => {
  whole = await makePlace();
});
afterAll(() => dropGround(whole));

const shell = (command: string, timeoutMs = 20_000): Calls[number] => [
  'shell.run',
  { command, timeoutMs },
];

/** Bodies of the entries of one kind, in their order, from a ledger that is open to read. */
async function bodies(store: LedgerStore, kind: string): Promise<readonly JsonObject[]> {
  const entries = (await store.readAll(0, 1_000)).map((stored) => openEntry(stored).entry);
  return entries.filter((entry) => entry.kind === kind).map(({ body }) => body as JsonObject);
}

async function reading<T>(place: Place, read: (store: LedgerStore) => Promise<T>): Promise<T> {
  const store = readSqliteStore(place.home.ledger);
  const found = await read(store);
  await store.close();
  return found;
}

/** A large content stands outside its entry. */
type Observed =
  | { readonly inline: JsonObject }
  | { readonly blob: { readonly digest: Parameters<LedgerStore['blob']>[0] } };

const observations = (place: Place): Promise<readonly JsonObject[]> =>
  reading(place, async (store) => {
    const found: JsonObject[] = [];
    for (const { observation } of await bodies(store, 'commit')) {
      const content = observation as unknown as Observed;
      if ('inline' in content) found.push(content.inline);
      else {
        const bytes = await store.blob(content.blob.digest);
        found.push(JSON.parse(Buffer.from(bytes ?? []).toString()) as JsonObject);
      }
    }
    return found;
  });

/** The run that the last line of a command tells of. */
function runOf(ended: Ended): string {
  const { run } = linesOf(ended).at(-1) ?? {};
  if (typeof run !== 'string') throw new Error(ended.stdout);
  return run;
}

const reachedBy = (seen: JsonObject | undefined): unknown =>
  seen?.['reached'] ?? seen?.['exitCode'];

/** What is told of a program that wants all memory: a limit of its own is an error of its own. */
const told = (limits: readonly JsonObject[]): unknown =>
  JSON.stringify(limits[0]).includes('"by":"cgroup') ? ['memoryBytes'] : 1;

const hostile: readonly (readonly [title: string, call: Calls[number], seen: JsonObject])[] = [
  [
    'gigabytes',
    shell('head -c 1G /dev/zero | tr "\\0" x'),
    { exitCode: 0, truncated: true, stdoutBytes: 1024 ** 3, timedOut: false },
  ],
  [
    'newlines without end',
    shell('yes ""', 500),
    { exitCode: null, truncated: true, timedOut: true },
  ],
  [
    'escapes and bytes that are no text',
    shell('printf "\\033]0;owned\\007\\033[2J\\377\\376\\r\\302\\233x\\342\\200\\256"'),
    { exitCode: 0, stdout: '\u001b]0;owned\u0007\u001b[2J\uFFFD\uFFFD\r\u009bx\u202e' },
  ],
  ['more memory than it may', shell('exec tail /dev/zero'), { timedOut: false }],
  [
    'more processes than it may',
    shell('for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do sleep 9 & done'),
    { timedOut: false },
  ],
];

describe('commands that mean harm', () => {
  it('are bounded, recorded and shown harmlessly, and the next action works', async () => {
    const place = copyOf(whole, 'hostile');
    const calls = [...hostile.map(([, call]) => call), ['fs.write', { path: 'after', text: 'x' }]];
    writeFileSync(place.script, scriptOf('hostile', [calls as Calls]));
    const ended = await runIn(place, ['--memory', '256m', '--processes', '12', '--cpus', '1.5']);
    expect(ended.exit).toBe(0);
    const seen = await observations(place);
    hostile.forEach(([title, , expected], index) => {
      expect({ title, ...seen[index] }).toMatchObject({ title, ...expected });
    });
    expect(seen.at(hostile.length)).toMatchObject({ path: 'after' });
    const [started] = await reading(place, (store) => bodies(store, 'run.started'));
    const { limits } = started?.['sandbox'] as { limits: readonly JsonObject[] };
    expect(limits.slice(0, 3)).toMatchObject([
      { limit: 'memoryBytes', most: 256 * 1024 ** 2 },
      { limit: 'processes', most: 12 },
      { limit: 'cpuPercent', most: 150 },
    ]);
    expect(reachedBy(seen[3])).toEqual(told(limits));
    const run = runOf(ended);
    for (const command of ['show', 'audit']) {
      const { exit, stdout } = await chancery(place, [command, run], { env: { FORCE_COLOR: '1' } });
      const plain = stdout.replaceAll(/\u001b\[\d{1,2}m/g, '');
      expect({
        command,
        exit,
        harm: /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/.exec(plain),
      }).toEqual({ command, exit: 0, harm: null });
    }
    expect((await chancery(place, ['verify', '--json'])).exit).toBe(0);
  });

  it('are held to the same limits when the run goes on later', async () => {
    const place = copyOf(whole, 'later');
    const calls: readonly Calls[] = [
      [['fs.write', { path: '.npmrc', text: 'x' }]],
      [shell('exec tail /dev/zero')],
    ];
    writeFileSync(place.script, scriptOf('later', calls));
    const held = await runIn(place, ['--memory', '64m']);
    expect(held.exit).toBe(4);
    const run = runOf(held);
    expect((await chancery(place, ['approve', run, '--yes', '--json'])).exit).toBe(0);
    expect((await chancery(place, ['resume', run, '--no-wait', '--json'])).exit).toBe(0);
    const [started] = await reading(place, (store) => bodies(store, 'run.started'));
    const { limits } = started?.['sandbox'] as { limits: readonly JsonObject[] };
    expect(reachedBy((await observations(place)).at(-1))).toEqual(told(limits));
  });

  it.each([
    ['--memory', 'much'],
    ['--processes', '0'],
    ['--cpus', '-1'],
  ])('a limit that is none is refused: %s %s', async (flag, value) => {
    const refused = await runIn(whole, [`${flag}=${value}`]);
    expect([refused.exit, linesOf(refused)]).toMatchObject([2, [{ code: 'usage.invalid' }]]);
  });
});
