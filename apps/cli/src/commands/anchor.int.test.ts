import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { DatabaseSync } from 'node:sqlite';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { leafDigest } from '@chancery/kernel/encoding';
import { Stand, type JsonLeft } from '../cli-fixture.ts';

let stand: Stand;
/** Keeps what is sent to it, and gives all of it back. */
let server: Server;
let kept: string;

beforeEach(async () => {
  stand = new Stand();
  stand.makeRepo();
  await stand.init();
  kept = '';
  server = createServer((request, response) => {
    if (request.method !== 'POST') return void response.end(kept);
    request.setEncoding('utf8').on('data', (text: string) => (kept += text));
    request.on('end', () => response.writeHead(201).end());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});

afterEach(async () => {
  stand.remove();
  await new Promise((resolve) => server.close(resolve));
});

const addressOf = (of: Server): string => {
  const address = of.address();
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/`;
};

const file = (): string => join(stand.folder, 'anchored.checkpoints');
const repository = (): string => join(stand.folder, 'anchors.git');

/** A new place of each type. */
const placeOf: Readonly<Record<string, () => string>> = {
  file: () => file(),
  git: () => {
    execFileSync('git', ['init', '--quiet', '--bare', repository()]);
    return `git:${repository()}`;
  },
  http: () => addressOf(server),
};

async function work(say: string): Promise<void> {
  const model = stand.script({ say });
  expect((await stand.json(['run', 'Work', '--repo', stand.repo, '--model', model])).exit).toBe(0);
}

/** Forgets the tiles, and has whoever holds the key of the runtime sign what is there. */
async function signAnew(): Promise<void> {
  rmSync(join(stand.home, 'tiles'), { recursive: true });
  expect((await stand.json(['checkpoint'])).exit).toBe(0);
}

interface ToldFinding {
  readonly code: string;
  readonly stream: string;
  readonly seq: number;
}

function found({ exit, lines }: JsonLeft) {
  const findings = (lines[0]?.['findings'] ?? []) as readonly ToldFinding[];
  return { exit, codes: findings.map(({ code }) => code), refused: lines[0]?.['code'] };
}

const against = async (...places: readonly string[]) =>
  found(await stand.json(['verify', ...places.flatMap((place) => ['--against', place])]));

/** What verification found, each with its entry. */
async function foundBy(...places: readonly string[]) {
  const { exit, lines } = await stand.json([
    'verify',
    ...places.flatMap((place) => ['--against', place]),
  ]);
  const findings = lines[0]?.['findings'] as readonly ToldFinding[];
  return { exit, told: findings.map(({ code, stream, seq }) => `${code} of ${stream}/${seq}`) };
}

/** Text of the last entry of a stream. */
function lastOf(stream: string): unknown {
  const database = new DatabaseSync(join(stand.home, 'ledger.db'), { readOnly: true });
  const row = database
    .prepare(
      'SELECT e.text FROM entries e JOIN streams s ON s.id = e.stream WHERE s.name = ? ORDER BY e.seq DESC',
    )
    .get(stream);
  database.close();
  return row?.['text'];
}

/** Takes the last entry away: that says where the checkpoint was published. */
function forget(): void {
  const database = new DatabaseSync(join(stand.home, 'ledger.db'));
  const trigger = database
    .prepare("SELECT sql FROM sqlite_schema WHERE name = 'entries_refuse_delete'")
    .get();
  database.exec('DROP TRIGGER entries_refuse_delete');
  database.exec('DELETE FROM entries WHERE position = (SELECT max(position) FROM entries)');
  database.exec(String(trigger?.['sql']));
  database.close();
}

/** Another word in one entry; every digest that follows from it is computed again. */
function rewrite(from: string, to: string): void {
  const database = new DatabaseSync(join(stand.home, 'ledger.db'));
  const trigger = database
    .prepare("SELECT sql FROM sqlite_schema WHERE name = 'entries_refuse_update'")
    .get();
  database.exec('DROP TRIGGER entries_refuse_update');
  const update = database.prepare('UPDATE entries SET text = ?, digest = ? WHERE position = ?');
  const changed = new Map<string, string>();
  const rows = database.prepare('SELECT position, text FROM entries ORDER BY position').all();
  for (const { position, text: before } of rows) {
    const text = [...changed].reduce(
      (now, [old, anew]) => now.replaceAll(old, anew),
      String(before).replaceAll(from, to),
    );
    if (text === before) continue;
    changed.set(leafDigest(String(before)), leafDigest(text));
    update.run(text, Buffer.from(leafDigest(text), 'hex'), Number(position));
  }
  database.exec(String(trigger?.['sql']));
  database.close();
  expect(changed.size).toBeGreaterThan(0);
}

describe.each(Object.keys(placeOf))('an anchor in the form of %s', (type) => {
  it('shows that the end was cut off, and that history was written anew', async () => {
    const place = placeOf[type]?.() ?? '';
    await work('The first answer.');
    const before = `${stand.home}.before`;
    cpSync(stand.home, before, { recursive: true });
    await work('The second answer.');
    const { exit, lines } = await stand.json(['anchor', place]);
    expect({ exit, type: lines[0]?.type }).toEqual({ exit: 0, type: 'anchored' });
    expect(await against(place)).toEqual({ exit: 0, codes: [], refused: undefined });

    const whole = `${stand.home}.whole`;
    renameSync(stand.home, whole);
    cpSync(before, stand.home, { recursive: true });
    await signAnew();
    expect((await against()).exit).toBe(0);
    expect(await against(place)).toMatchObject({ exit: 7, codes: ['checkpoint.mismatch'] });

    rmSync(stand.home, { recursive: true });
    cpSync(whole, stand.home, { recursive: true });
    forget();
    rewrite('The first answer.', 'Another answer..');
    await signAnew();
    expect((await against()).exit).toBe(0);
    expect(await against(place)).toMatchObject({ exit: 7, codes: ['checkpoint.mismatch'] });

    rmSync(stand.home, { recursive: true });
    renameSync(whole, stand.home);
    expect(await against(place)).toEqual({ exit: 0, codes: [], refused: undefined });
  });
});

/** Has a place keep what it kept before, as whoever holds it can. */
const putBack: Readonly<Record<string, (note: string) => void>> = {
  file: (note) => writeFileSync(file(), note),
  http: (note) => (kept = note),
  git: (note) => {
    const git = (...args: readonly string[]): string =>
      execFileSync('git', ['-C', repository(), ...args], { encoding: 'utf8' }).trim();
    const branch = git('for-each-ref', '--format=%(refname)');
    if (note === '') git('update-ref', '-d', branch);
    else git('update-ref', branch, `${branch}~1`);
  },
};

describe.each(Object.keys(putBack))('an anchor in the form of %s that has lost', (type) => {
  it('what was published there is told by the entries that say so', async () => {
    const place = placeOf[type]?.() ?? '';
    const other = join(stand.folder, 'other');
    expect((await stand.json(['anchor', place])).exit).toBe(0);
    const { body } = JSON.parse(String(lastOf('anchor'))) as { readonly body: { note: string } };
    await work('Meanwhile.');
    expect((await stand.json(['anchor', place, other])).exit).toBe(0);
    expect(await against(place, other)).toEqual({ exit: 0, codes: [], refused: undefined });

    const [early, late] = [0, 1].map((seq) => `anchor.lost of anchor/${seq}`);
    putBack[type]?.(body.note);
    expect(await foundBy(place, other)).toEqual({ exit: 7, told: [late] });
    putBack[type]?.('');
    expect(await foundBy(place)).toEqual({ exit: 7, told: [early, late] });
    expect(await foundBy(other)).toEqual({ exit: 0, told: [] });
    expect(await foundBy()).toEqual({ exit: 0, told: [] });
  });
});

describe('a fork that is shown to two readers', () => {
  it('is found as soon as one has what the other was shown', async () => {
    const copy = `${stand.home}.copy`;
    cpSync(stand.home, copy, { recursive: true });
    const [one, two] = [join(stand.folder, 'one'), join(stand.folder, 'two')];
    await work('For one of them.');
    expect((await stand.json(['anchor', one])).exit).toBe(0);
    const first = `${stand.home}.first`;
    renameSync(stand.home, first);
    renameSync(copy, stand.home);
    await work('For the other.');
    await work('For the other, and longer.');
    expect((await stand.json(['anchor', two])).exit).toBe(0);
    expect((await against(two)).exit).toBe(0);
    expect(await against(two, one)).toMatchObject({ exit: 7, codes: ['checkpoint.mismatch'] });
    rmSync(stand.home, { recursive: true });
    renameSync(first, stand.home);
    expect((await against(one)).exit).toBe(0);
    expect(await against(two)).toMatchObject({ exit: 7, codes: ['checkpoint.mismatch'] });
  });
});

describe('an anchor', () => {
  it('proves nothing when it is missing, empty, or keeps what is of others', async () => {
    const other = new Stand();
    try {
      await other.found();
      const theirs = join(stand.folder, 'theirs');
      expect((await other.json(['anchor', theirs])).exit).toBe(0);
      expect(await against(theirs)).toMatchObject({ exit: 7, codes: ['anchor.empty'] });
      await stand.json(['anchor', theirs]);
      expect((await against(theirs)).exit).toBe(0);
    } finally {
      other.remove();
    }
    writeFileSync(join(stand.folder, 'nothing'), '');
    mkdirSync(join(stand.folder, 'folder'));
    execFileSync('git', ['init', '--quiet', join(stand.folder, 'bare')]);
    await new Promise((resolve) => server.close(resolve));
    for (const [place, code, exit] of [
      ['/nowhere', 'anchor.empty', 7],
      [join(stand.folder, 'nothing'), 'anchor.empty', 7],
      [`git:${join(stand.folder, 'bare')}`, 'anchor.empty', 7],
      [join(stand.folder, 'folder'), 'anchor.unreachable', 1],
      [`git:${join(stand.folder, 'folder')}`, 'anchor.unreachable', 1],
      ['https://127.0.0.1:1/', 'anchor.unreachable', 1],
    ] as const) {
      const { lines, exit: ended } = await stand.json(['verify', '--against', place]);
      expect({ place, ended, lines }).toMatchObject({
        ended: exit,
        lines: [
          { ok: false, findings: [{ code, message: expect.stringContaining(place) as string }] },
        ],
      });
      expect(Number(lines[0]?.['entries'])).toBeGreaterThan(0);
    }
    const unusable = [
      '',
      'git:',
      'ftp://localhost/',
      'http://example.com/',
      'https://a:b@example.com/',
    ];
    for (const place of unusable) {
      expect(await against(place)).toMatchObject({ exit: 2, refused: 'usage.invalid' });
    }
  });

  it('counts once where it is named twice, however it is written', async () => {
    const place = join(stand.folder, 'twice');
    const { exit, lines } = await stand.json([
      'anchor',
      place,
      `file:${place}`,
      `${place}/../twice`,
    ]);
    expect([exit, lines.map((line) => line['type'])]).toEqual([0, ['anchored']]);
    rmSync(place);
    expect((await against(place, `file:${place}`)).codes).toEqual(['anchor.lost']);
  });

  it('is broken when what it keeps was changed, and takes nothing more then', async () => {
    expect((await stand.json(['anchor', file()])).exit).toBe(0);
    const note = readFileSync(file(), 'utf8');
    writeFileSync(file(), note.slice(0, -3));
    expect(await against(file())).toMatchObject({ exit: 7, codes: ['anchor.broken'] });
    const left = await stand.json(['anchor', file()]);
    expect({ exit: left.exit, code: left.lines.at(-1)?.['code'] }).toEqual({
      ...{ exit: 7, code: 'anchor.broken' },
    });
    writeFileSync(file(), note.replace(/\n\d+\n/, '\n1\n'));
    const foreign = ['checkpoint.invalid', 'anchor.lost'];
    expect(await against(file())).toMatchObject({ exit: 7, codes: foreign });
  });

  it('that cannot be compared with is told beside what others and the entries show', async () => {
    await work('The answer.');
    expect((await stand.json(['anchor', file()])).exit).toBe(0);
    const broken = join(stand.folder, 'broken');
    writeFileSync(broken, 'no note');
    const folder = join(stand.folder, 'folder');
    mkdirSync(folder);
    const places = ['/nowhere', broken, folder, file()];
    expect(await against(...places)).toMatchObject({
      ...{ exit: 7, codes: ['anchor.empty', 'anchor.broken', 'anchor.unreachable'] },
    });
    rewrite('The answer.', 'Another one.');
    const { exit, codes } = await against(...places);
    const told = ['checkpoint.mismatch', 'checkpoint.mismatch', 'anchor.misstated'];
    expect([exit, codes.slice(-6)]).toEqual([
      7,
      [...told, 'anchor.empty', 'anchor.broken', 'anchor.unreachable'],
    ]);
    const words = places.flatMap((place) => ['--against', place]);
    const { stdout } = await stand.run(['verify', ...words]);
    for (const place of [...places, join(stand.home, 'tiles', 'checkpoint')]) {
      expect(stdout).toContain(place);
    }
    expect(stdout).toContain('NOT verified');
  });

  it('shows that the home has lost its checkpoint, and so does the ledger itself', async () => {
    expect((await stand.json(['anchor', file()])).exit).toBe(0);
    const checkpoint = join(stand.home, 'tiles', 'checkpoint');
    rmSync(checkpoint);
    for (const places of [[], ['--against', file()]]) {
      const { exit, lines } = await stand.json(['verify', ...places]);
      expect({ exit, lines }).toMatchObject({
        exit: 0,
        lines: [{ ok: true, findings: [{ severity: 'drift', code: 'checkpoint.missing' }] }],
      });
      expect(JSON.stringify(lines[0]?.['findings'])).toContain(
        `${checkpoint} is not there, and entry 0 of anchor says that one was published at file:${file()}`,
      );
    }
    const { stdout } = await stand.run(['verify']);
    expect(stdout).toMatch(/^drift checkpoint\.missing {2}the ledger as a whole$/m);
    expect(stdout).toContain('verified');
  });

  it('shows it where nothing is recorded, and so do the tiles that are left', async () => {
    expect((await stand.json(['anchor', file()])).exit).toBe(0);
    forget();
    rmSync(join(stand.home, 'tiles'), { recursive: true });
    expect(await against()).toEqual({ exit: 0, codes: [], refused: undefined });
    const told = await stand.run(['verify', '--against', file()]);
    expect(told.stdout).toContain(`is not there, and file:${file()} keeps one`);
    expect((await stand.json(['checkpoint'])).exit).toBe(0);
    rmSync(join(stand.home, 'tiles', 'checkpoint'));
    expect(await against()).toEqual({ exit: 0, codes: ['checkpoint.missing'], refused: undefined });
    expect((await stand.run(['verify'])).stdout).toContain('the tiles of one are there');
  });

  it('is recorded with what it keeps, and a record that lies is found', async () => {
    expect((await stand.json(['anchor', file()])).exit).toBe(0);
    const note = readFileSync(file(), 'utf8');
    const entry = JSON.parse(String(lastOf('anchor'))) as { readonly body: object };
    expect(entry.body).toEqual({ place: `file:${file()}`, note });
    expect((await stand.json(['verify'])).exit).toBe(0);
    const whole = `${stand.home}.whole`;
    cpSync(stand.home, whole, { recursive: true });
    const size = note.split('\n')[1] ?? '';
    const root = note.split('\n')[2] ?? '';
    rewrite(
      JSON.stringify(note).slice(1, -1),
      JSON.stringify(note.replace(root, 'A'.repeat(43) + '=')).slice(1, -1),
    );
    rmSync(join(stand.home, 'tiles'), { recursive: true });
    const lost = ['anchor.misstated', 'checkpoint.missing'];
    expect(found(await stand.json(['verify'])).codes).toEqual(lost);
    expect(size).toMatch(/^\d+$/);
    rmSync(stand.home, { recursive: true });
    renameSync(whole, stand.home);
    expect((await stand.json(['verify'])).exit).toBe(0);
  });

  it('is contradicted by its own entry when what came before it was written anew', async () => {
    await work('The first answer.');
    expect((await stand.json(['anchor', file()])).exit).toBe(0);
    rewrite('The first answer.', 'Another answer..');
    await signAnew();
    expect(await foundBy()).toEqual({ exit: 7, told: ['anchor.misstated of anchor/0'] });
  });

  it('that fails keeps nobody from the others', async () => {
    const { exit, lines } = await stand.json(['anchor', 'git:/nowhere', file()]);
    expect(exit).toBe(1);
    expect(lines.map(({ type, code }) => code ?? type)).toEqual(['anchored', 'anchor.unreachable']);
    expect((await against(file())).exit).toBe(0);
  });
});
