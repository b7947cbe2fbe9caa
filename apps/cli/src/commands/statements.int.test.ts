import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Stand, type JsonLine } from '../cli-fixture.ts';

let stand: Stand;
let roots: readonly Root[];

interface Root {
  readonly id: string;
  readonly file: string;
}

beforeEach(async () => {
  stand = new Stand();
  roots = [await rootOf('ann'), await rootOf('ben'), await rootOf('cleo')];
});

afterEach(() => {
  stand.remove();
});

const at = (name: string): string => join(stand.folder, name);

/** A key on another machine: in a home that has no ledger. */
async function rootOf(name: string): Promise<Root> {
  const elsewhere = { CHANCERY_HOME: at(name) };
  const { lines } = await stand.json(['keys', 'create', name], elsewhere);
  return { id: String(lines[0]?.['key']), file: at(`${name}/keys/${name}.key.json`) };
}

const named = (): readonly string[] => roots.flatMap(({ id }) => ['--root', id]);

function root(index: number): Root {
  const found = roots[index];
  if (found === undefined) throw new Error(`there are ${roots.length} roots`);
  return found;
}

/** Has roots sign a file, each in a home that has no ledger. */
async function sign(file: string, ...signers: readonly number[]): Promise<readonly JsonLine[]> {
  let last: readonly JsonLine[] = [];
  for (const index of signers) {
    const { exit, lines } = await stand.json(
      ['keys', 'sign', at(file), '--key', root(index).file],
      { CHANCERY_HOME: at('nowhere') },
    );
    expect(exit).toBe(0);
    last = lines;
  }
  return last;
}

async function ok(...words: readonly string[]): Promise<readonly JsonLine[]> {
  const { exit, lines, stderr } = await stand.json(words);
  expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' });
  return lines;
}

async function codeOf(...words: readonly string[]): Promise<unknown> {
  const { exit, lines } = await stand.json(words);
  expect(exit).not.toBe(0);
  return lines.at(-1)?.['code'];
}

/** Founds the ledger of two of three roots who never meet. */
async function foundElsewhere(): Promise<void> {
  await ok('init', '--name', 'team', ...named(), '--threshold', '2', '--unsigned', at('genesis'));
  await sign('genesis', 2, 0);
  await ok('init', '--signed', at('genesis'), '--unsigned', at('keys'));
  await sign('keys', 0, 1);
  await ok('init', '--signed', at('keys'));
}

describe('a ledger of roots who are elsewhere', () => {
  it('is founded in rounds, and trusts the keys of this home', async () => {
    await foundElsewhere();
    expect((await stand.run(['verify'])).exit).toBe(0);
    const keys = await ok('keys', 'list');
    expect(keys.filter(({ root: isRoot }) => isRoot).map(({ key }) => key)).toEqual(
      roots.map(({ id }) => id).sort(),
    );
    expect(keys.map(({ label, purposes }) => [label, purposes])).toEqual([
      ...roots.map(() => ['', []]),
      ['owner', ['issue', 'approve', 'sign-policy']],
      ['runtime', ['run', 'work']],
    ]);
    expect(await codeOf('init', ...named(), '--unsigned', at('another'))).toBe('ledger.exists');
  });

  it('is founded at once where enough of them are here', async () => {
    const [first, second, third] = [root(0), root(1), root(2)];
    const here = ['--root', first.file, '--root', second.id, '--root', third.file];
    expect(await codeOf('init', ...here)).toBe('key.not-root');
    await ok('init', ...here, '--threshold', '2', '--name', 'team');
    expect((await stand.run(['verify'])).exit).toBe(0);
  });

  it('does not begin with more than a genesis', async () => {
    await ok('init', ...named(), '--unsigned', at('f'));
    const file = JSON.parse(readFileSync(at('f'), 'utf8')) as Members;
    const [statement] = file['statements'] as readonly Members[];
    writeFileSync(at('f'), JSON.stringify({ ...file, statements: [statement, statement] }));
    expect(await codeOf('init', '--signed', at('f'), '--unsigned', at('g'))).toBe(
      'envelope.invalid',
    );
  });

  it('does not begin, and is not whole, with what too few have signed', async () => {
    await ok('init', ...named(), '--threshold', '2', '--unsigned', at('genesis'));
    await sign('genesis', 1);
    const begin = ['init', '--signed', at('genesis'), '--unsigned', at('keys')];
    expect(await codeOf(...begin)).toBe('key.not-root');
    expect(await codeOf('runs')).toBe('ledger.missing');
    await sign('genesis', 0);
    expect(await codeOf('init', '--signed', at('genesis'))).toBe('usage.invalid');
    expect(await codeOf('keys', 'record', at('genesis'))).toBe('usage.invalid');
    await ok(...begin);
    expect(await codeOf('init', '--signed', at('keys'))).toBe('key.not-root');
    await sign('keys', 1);
    expect(await codeOf('init', '--signed', at('keys'))).toBe('key.not-root');
    await sign('keys', 2);
    await ok('init', '--signed', at('keys'));
  });

  it.each<[string, readonly string[]]>([
    ['a threshold that the roots cannot meet', ['--threshold', '4', '--unsigned', 'x']],
    ['a threshold of none', ['--threshold', '0', '--unsigned', 'x']],
  ])('is not drafted with %s', async (_, flags) => {
    expect(await codeOf('init', ...named(), ...flags)).toBe('usage.invalid');
  });

  it('is not drafted without its roots, with one twice, or with what is no key', async () => {
    const [first] = roots;
    const unsigned = ['--unsigned', at('x')];
    expect(await codeOf('init', ...unsigned)).toBe('usage.invalid');
    expect(await codeOf('init', ...named(), '--root', first?.id ?? '', ...unsigned)).toBe(
      'usage.invalid',
    );
    expect(await codeOf('init', '--root', at('nothing'), ...unsigned)).toBe('key.missing');
    expect(await codeOf('init', '--signed', at('nothing'))).toBe('usage.invalid');
    expect(await codeOf('init', '--signed', at('x'), '--threshold', '1')).toBe('usage.invalid');
    expect(await codeOf('init', '--name', '', ...named(), ...unsigned)).toBe('usage.invalid');
    expect(await codeOf('init', '--runtime-role', 'x')).toBe('usage.invalid');
  });
});

describe('what goes round the roots', () => {
  it('is shown as what is signed, without a ledger', async () => {
    await foundElsewhere();
    await ok(
      'keys',
      'trust',
      root(0).id,
      '--label',
      'ann',
      '--purpose',
      'approve',
      '--unsigned',
      at('f'),
    );
    const before = readFileSync(at('f'), 'utf8');
    const { stdout } = await stand.run(['keys', 'sign', at('f'), '--show'], {
      CHANCERY_HOME: at('nowhere'),
    });
    expect(stdout).toContain(`${root(0).id} is trusted`);
    expect(stdout).toContain('approve');
    expect(stdout).toContain('by 0 of the 2 roots that must');
    expect(readFileSync(at('f'), 'utf8')).toBe(before);
    const [statement] = await sign('f', 2);
    expect(statement).toMatchObject({ kind: 'key.trusted', threshold: 2, signers: [root(2).id] });
  });

  it('is recorded by who has no key, once, and changes what a ledger trusts', async () => {
    await foundElsewhere();
    const trusting = ['keys', 'trust', root(0).id, '--label', 'ann', '--purpose', 'approve'];
    await ok(...trusting, '--unsigned', at('f'));
    expect(await codeOf('keys', 'record', at('f'))).toBe('key.not-root');
    await sign('f', 0, 2);
    await ok('keys', 'record', at('f'));
    expect(await codeOf('keys', 'record', at('f'))).toBe('envelope.invalid');
    const halted = await stand.run(['halt', '--key', root(0).file]);
    expect(halted.exit).toBe(0);
    expect((await stand.run(['verify'])).exit).toBe(0);
  });

  it('replaces the key of a runtime, which takes its place when it is recorded', async () => {
    await foundElsewhere();
    const [before] = (await ok('keys', 'list')).filter(({ label }) => label === 'runtime');
    await ok('keys', 'rotate', 'runtime', '--unsigned', at('f'));
    await sign('f', 0, 1);
    await ok('keys', 'record', at('f'));
    const [rotated] = await ok('keys', 'rotate', 'runtime');
    expect(rotated).toMatchObject({ type: 'rotated', before: before?.['key'] });
    const keys = await ok('keys', 'list');
    expect(keys.find(({ key }) => key === rotated?.['key'])).toMatchObject({
      ...{ purposes: ['run', 'work'], state: 'trusted' },
    });
    expect(keys.find(({ key }) => key === rotated?.['before'])).toMatchObject({ state: 'retired' });
    expect((await stand.run(['verify'])).exit).toBe(0);
  });

  it('is signed by roots alone', async () => {
    await foundElsewhere();
    await ok(
      'keys',
      'trust',
      root(0).id,
      '--label',
      'a',
      '--purpose',
      'work',
      '--unsigned',
      at('g'),
    );
    const before = readFileSync(at('g'), 'utf8');
    expect(await codeOf('keys', 'sign', at('g'))).toBe('key.not-root');
    expect(readFileSync(at('g'), 'utf8')).toBe(before);
  });

  it('is drafted with no key, and not over a file that is there', async () => {
    await foundElsewhere();
    const trusting = ['keys', 'trust', root(0).id, '--label', 'ann', '--purpose', 'approve'];
    expect(await codeOf(...trusting, '--unsigned', at('f'), '--key', root(0).file)).toBe(
      'usage.invalid',
    );
    writeFileSync(at('f'), 'mine');
    expect(await codeOf(...trusting, '--unsigned', at('f'))).toBe('usage.invalid');
    expect(readFileSync(at('f'), 'utf8')).toBe('mine');
  });

  it.each<[string, (file: Readonly<Record<string, unknown>>) => unknown]>([
    ['is of another form', (file) => ({ ...file, v: 2 })],
    ['has more members', (file) => ({ ...file, more: 1 })],
    ['names no statement', (file) => ({ ...file, statements: [] })],
    ['names what is no statement of roots', (file) => changed(file, { kind: 'commit' })],
    ['holds a statement of another kind', (file) => changed(file, { kind: 'key.retired' })],
    ['bears a signature of something else', (file) => changed(file, forgedSignature(file))],
    ['says that nobody must sign', (file) => ({ ...file, threshold: 0 })],
    ['is not of the roots', (file) => ({ ...file, roots: ['me'] })],
    ['is text', () => 'genesis'],
  ])('is refused where it %s, and stays as it is', async (_, edit) => {
    await ok('init', ...named(), '--unsigned', at('f'));
    await sign('f', 1);
    const text = JSON.stringify(edit(JSON.parse(readFileSync(at('f'), 'utf8')) as Members));
    writeFileSync(at('f'), text);
    for (const flags of [['--show'], ['--key', root(0).file]]) {
      expect(await codeOf('keys', 'sign', at('f'), ...flags)).toBe('envelope.invalid');
    }
    expect(await codeOf('init', '--signed', at('f'), '--unsigned', at('g'))).toBe(
      'envelope.invalid',
    );
    expect(readFileSync(at('f'), 'utf8')).toBe(text);
  });
});

type Members = Readonly<Record<string, unknown>>;

/** The file with other members in its one statement. */
function changed(file: Members, members: Members): Members {
  const [statement] = file['statements'] as readonly Members[];
  return { ...file, statements: [{ ...statement, ...members }] };
}

/** The one signature, as if it were another root's. */
function forgedSignature(file: Members): Members {
  const [statement] = file['statements'] as readonly { readonly envelope: Members }[];
  const [signature] = (statement?.envelope['signatures'] ?? []) as readonly Members[];
  const signatures = [{ ...signature, keyid: root(0).id }];
  return { envelope: { ...statement?.envelope, signatures } };
}
