import {
  chmodSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Stand, type JsonLine } from '../cli-fixture.ts';

let stand: Stand;

beforeEach(async () => {
  stand = new Stand();
  await stand.init();
});

afterEach(async () => {
  expect((await stand.run(['verify'])).exit).toBe(0);
  stand.remove();
});

const trusted = ['--label', 'deputy', '--purpose', 'approve', '--purpose', 'run'];

async function keys(): Promise<readonly JsonLine[]> {
  const { exit, lines } = await stand.json(['keys', 'list']);
  expect(exit).toBe(0);
  return lines;
}

async function make(name: string): Promise<string> {
  const { exit, lines } = await stand.json(['keys', 'create', name]);
  expect(exit).toBe(0);
  return String(lines[0]?.['key']);
}

describe('keys trust', () => {
  it.each([`01${'00'.repeat(31)}`, '00'.repeat(32), 'deadbeef'.repeat(8)])(
    'refuses what nobody can sign with: %s',
    async (hex) => {
      const before = await keys();
      const said = await stand.json(['keys', 'trust', `ed25519:${hex}`, ...trusted]);
      expect(said).toMatchObject({ exit: 2, lines: [{ code: 'key.invalid' }] });
      expect(await keys()).toEqual(before);
    },
  );
});

describe('keys list', () => {
  it('tells roots, what each key may, and which are here', async () => {
    const spare = await make('spare');
    expect(await keys()).toMatchObject([
      { label: 'owner', root: true, purposes: ['issue', 'approve', 'sign-policy'] },
      { label: 'runtime', root: false, purposes: ['run', 'work'] },
      { key: spare, label: 'spare', root: false, purposes: [] },
    ]);
    for (const { file } of await keys()) expect(String(file)).toContain(stand.home);
    const { stdout } = await stand.run(['keys', 'list']);
    expect(stdout).toContain('root issue approve sign-policy');
    expect(stdout).toContain('Its root says whom the ledger trusts.');
  });

  it('refuses a key file that others may read', async () => {
    chmodSync(join(stand.home, 'keys', 'owner.key.json'), 0o644);
    const { exit, lines } = await stand.json(['keys', 'list']);
    expect({ exit, lines }).toMatchObject({ exit: 2, lines: [{ code: 'key.exposed' }] });
  });
});

describe('keys create', () => {
  it('makes a key for its owner alone, and never overwrites one', async () => {
    await make('second');
    const file = join(stand.home, 'keys', 'second.key.json');
    const before = readFileSync(file);
    const { exit, lines } = await stand.json(['keys', 'create', 'second']);
    expect({ exit, lines }).toMatchObject({ exit: 8, lines: [{ code: 'key.exists' }] });
    expect(readFileSync(file)).toEqual(before);
  });

  it.each(['', '../up', 'a/b', 'Ü'])('refuses the name %j', async (name) => {
    const { exit, lines } = await stand.json(['keys', 'create', name]);
    expect({ exit, lines }).toMatchObject({ exit: 2, lines: [{ code: 'key.invalid' }] });
  });
});

describe('keys trust', () => {
  it('gives a key purposes beside those that it has, and says so once', async () => {
    const key = await make('deputy');
    const first = await stand.json(['keys', 'trust', key, ...trusted]);
    expect(first.lines).toMatchObject([{ key, label: 'deputy', purposes: ['approve', 'run'] }]);
    const entries = (await stand.json(['verify'])).lines[0]?.['entries'];
    const again = await stand.json(['keys', 'trust', key, ...trusted]);
    expect(again.lines).toEqual(first.lines);
    expect((await stand.json(['verify'])).lines[0]?.['entries']).toBe(entries);
    const more = ['keys', 'trust', key, '--label', 'another', '--purpose', 'issue'];
    expect((await stand.json(more)).lines).toMatchObject([
      { key, label: 'deputy', purposes: ['issue', 'approve', 'run'] },
    ]);
  });

  it('lets a key that approves vote and halt', async () => {
    const key = await make('deputy');
    const file = join(stand.home, 'keys', 'deputy.key.json');
    const halt = ['halt', '--key', file];
    expect((await stand.json(halt)).lines).toMatchObject([{ code: 'approval.not-approver' }]);
    await stand.run(['keys', 'trust', key, ...trusted]);
    expect((await stand.json(halt)).lines).toMatchObject([{ type: 'halted', by: key }]);
  });

  it('refuses whoever is no root, and records nothing', async () => {
    const key = await make('deputy');
    const entries = (await stand.json(['verify'])).lines[0]?.['entries'];
    const own = ['--key', join(stand.home, 'keys', 'deputy.key.json')];
    const { exit, lines } = await stand.json(['keys', 'trust', key, ...trusted, ...own]);
    expect({ exit, lines }).toMatchObject({ exit: 3, lines: [{ code: 'key.not-root' }] });
    expect((await stand.json(['verify'])).lines[0]?.['entries']).toBe(entries);
  });

  it.each([
    ['what is no key', ['ed25519:ab', '--label', 'x', '--purpose', 'run']],
    ['an unknown purpose', [`ed25519:${'a'.repeat(64)}`, '--label', 'x', '--purpose', 'rule']],
    ['no purpose', [`ed25519:${'a'.repeat(64)}`, '--label', 'x']],
    ['no label', [`ed25519:${'a'.repeat(64)}`, '--purpose', 'run']],
    ['an empty label', [`ed25519:${'a'.repeat(64)}`, '--label', '', '--purpose', 'run']],
  ])('refuses %s', async (_, words) => {
    const { exit, lines } = await stand.json(['keys', 'trust', ...words]);
    expect({ exit, lines }).toMatchObject({ exit: 2, lines: [{ code: 'usage.invalid' }] });
  });

  it('refuses a file that is no key', async () => {
    const file = join(stand.folder, 'note.json');
    writeFileSync(file, '{}', { mode: 0o600 });
    const words = ['keys', 'trust', `ed25519:${'a'.repeat(64)}`, ...trusted, '--key', file];
    const { exit, lines } = await stand.json(words);
    expect({ exit, lines }).toMatchObject({ exit: 2, lines: [{ code: 'key.invalid' }] });
  });
});

describe('keys retire and compromise', () => {
  const deputy = (): string => join(stand.home, 'keys', 'deputy.key.json');
  const size = async (): Promise<number> =>
    Number((await stand.json(['verify'])).lines[0]?.['entries']);

  it('takes everything from a key, tells since when, and lets it be trusted anew', async () => {
    const key = await make('deputy');
    await stand.run(['keys', 'trust', key, ...trusted]);
    const at = await size();
    const retired = await stand.json(['keys', 'retire', key, '--reason', 'left']);
    const standing = { key, state: 'retired', since: at, voidFrom: null, purposes: [] };
    expect(retired).toMatchObject({ exit: 0, lines: [standing] });
    expect((await keys()).find((each) => each['key'] === key)).toMatchObject(standing);
    expect((await stand.run(['keys', 'list'])).stdout).toContain(`retired at entry ${at}`);
    const halt = ['halt', '--key', deputy()];
    expect((await stand.json(halt)).lines).toMatchObject([{ code: 'approval.not-approver' }]);
    expect((await stand.json(['keys', 'retire', key])).lines).toMatchObject([
      { code: 'key.ended' },
    ]);
    await stand.run(['keys', 'trust', key, ...trusted]);
    expect((await stand.json(halt)).lines).toMatchObject([{ type: 'halted', by: key }]);
  });

  it('voids what a compromised key has cleared, keeps what it halted, and lists both', async () => {
    const key = await make('deputy');
    await stand.run(['keys', 'trust', key, ...trusted]);
    const from = await size();
    await stand.run(['halt']);
    await stand.run(['clear', '--key', deputy(), '--yes']);
    await stand.run(['halt', '--key', deputy()]);
    const words = ['keys', 'compromise', key, '--from-size', String(from)];
    const asked = await stand.json(words);
    expect(asked).toMatchObject({
      exit: 4,
      lines: [
        {
          ...{ type: 'key-outlook', key, fromSize: from, policies: [], permitsMore: false },
          signed: [
            { kind: 'control.cleared', count: 1, first: from + 1 },
            { kind: 'control.engaged', count: 1, first: from + 2 },
          ],
          ...{ upon: [], channels: [], prices: [], grantsMore: [] },
          engagedAgain: [expect.stringMatching(/^[0-9a-f]{64}$/)],
        },
      ],
    });
    const shown = await stand.run(words);
    expect(shown.exit).toBe(4);
    expect(shown.stdout).toContain(`     1  control.cleared, from entry ${from + 1} on\n`);
    expect(shown.stdout).toContain('Halts that it has cleared count again: 1.');
    expect(shown.stdout).toContain('Nothing was recorded: pass --yes to do it.');
    expect(await size()).toBe(from + 3);
    const said = await stand.json([...words, '--yes']);
    expect(said).toMatchObject({
      exit: 0,
      lines: [{ type: 'key-outlook' }, { key, state: 'compromised', voidFrom: from }],
    });
    const verified = await stand.json(['verify']);
    expect(verified).toMatchObject({ exit: 0, lines: [{ ok: true }] });
    const findings = verified.lines[0]?.['findings'] as readonly JsonLine[];
    expect(findings).toMatchObject([
      { code: 'key.compromised', severity: 'drift', position: from + 1 },
      { code: 'key.compromised', severity: 'drift', position: from + 2 },
    ]);
    const cleared = await stand.json(['clear', '--yes']);
    expect(cleared.exit).toBe(0);
    expect(await size()).toBe(from + 6);
    for (const again of [words, ['keys', 'trust', key, ...trusted]]) {
      expect((await stand.json(again)).lines).toMatchObject([{ code: 'key.ended' }]);
    }
  });

  it('foretells what remains of policies, channels and prices that a key has signed', async () => {
    stand.makeRepo();
    const key = await make('lawyer');
    const file = join(stand.home, 'keys/lawyer.key.json');
    const purposes = ['--purpose', 'sign-policy', '--purpose', 'approve'];
    await stand.run(['keys', 'trust', key, '--label', 'lawyer', ...purposes]);
    const write = (name: string, text: string): string => {
      const path = join(stand.folder, name);
      writeFileSync(path, text);
      return path;
    };
    const by = ['--key', file];
    const own = write('own.cedar', '@id("a") permit (principal, action, resource);\n');
    const own_ = ['--level', 'repository', '--name', 'own', '--yes'];
    await stand.run(['policy', 'activate', own, ...own_]);
    await stand.run(['policy', 'retire', 'own', '--level', 'repository', '--yes']);
    const from = await size();
    const said = await stand.json([
      'policy',
      'activate',
      own,
      ...own_,
      '--repo',
      stand.repo,
      ...by,
    ]);
    expect(said.exit).toBe(0);
    const desk = ['desk', '--approver', key, '--within', '30m', ...by];
    const defined = await stand.json(['channels', 'define', ...desk]);
    expect(defined.exit).toBe(0);
    const cost = { inputMicrousd: 1, cachedInputMicrousd: 0, outputMicrousd: 1 };
    const model = { model: 'scripted:test', ...cost };
    const table = { v: 1, source: 'the shop', models: [model], fallback: null };
    const prices = write('prices.json', JSON.stringify(table));
    const declared = await stand.json(['prices', 'declare', prices, ...by]);
    expect(declared.exit).toBe(0);
    const words = ['keys', 'compromise', key, '--from-size', String(from)];
    const [outlook] = (await stand.json(words)).lines;
    expect(outlook).toMatchObject({
      policies: [{ name: 'repository/own', before: { repository: stand.repo }, after: null }],
      ...{ channels: ['desk'], grantsMore: ['desk'], permitsMore: true },
      prices: [expect.stringMatching(/^[0-9a-f]{64}$/)],
    });
    const shown = (await stand.run(words)).stdout;
    expect(shown).toContain('More may be granted than now, or later, on: desk.');
    expect(shown).toContain('The policy repository/own decides no more');
    expect(shown).toMatch(/The price table [0-9a-f]{12} counts no more/);
  });

  it('refuses roots, strangers, the last key that runs, and a size that is not reached', async () => {
    const [owner, runtime] = await keys();
    const unknown = `ed25519:${'a'.repeat(64)}`;
    const before = await size();
    const from = ['--from-size', String(before + 1)];
    const attempts: readonly (readonly [readonly string[], string, number])[] = [
      [['retire', String(owner?.['key'])], 'key.is-root', 3],
      [['compromise', String(owner?.['key']), '--from-size', '1'], 'key.is-root', 3],
      [['retire', unknown], 'key.unknown', 2],
      [['compromise', unknown, '--from-size', '1'], 'key.unknown', 2],
      [['retire', String(runtime?.['key'])], 'key.needed', 3],
      [['compromise', String(runtime?.['key']), ...from], 'key.not-yet', 2],
      [['compromise', String(runtime?.['key']), '--from-size', 'x'], 'usage.invalid', 2],
      [['retire', 'ed25519:ab'], 'usage.invalid', 2],
    ];
    for (const [words, code, exit] of attempts) {
      expect(await stand.json(['keys', ...words])).toMatchObject({ exit, lines: [{ code }] });
    }
    expect(await size()).toBe(before);
  });
});

describe('keys rotate', () => {
  const folder = (): string => join(stand.home, 'keys');
  const fileOf = (name: string): string => join(folder(), name);
  const idIn = (name: string): string => {
    const { publicKey } = JSON.parse(readFileSync(fileOf(name), 'utf8')) as JsonLine;
    return `ed25519:${String(publicKey)}`;
  };

  it('puts a new key in the place of the runtime’s, which runs on, and keeps the old', async () => {
    stand.makeRepo();
    const before = idIn('runtime.key.json');
    const { exit, lines } = await stand.json(['keys', 'rotate', 'runtime']);
    const key = idIn('runtime.key.json');
    const kept = `runtime.${before.slice(8, 20)}.old.json`;
    const told = { type: 'rotated', key, before, label: 'runtime', kept: fileOf(kept) };
    expect({ exit, lines }).toMatchObject({ exit: 0, lines: [told] });
    expect(key).not.toBe(before);
    expect(idIn(kept)).toBe(before);
    expect(statSync(fileOf(kept)).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder()).sort()).toEqual(['owner.key.json', kept, 'runtime.key.json']);
    expect(await keys()).toMatchObject([
      { label: 'owner' },
      { key: before, state: 'retired', purposes: [], file: null },
      { key, state: 'trusted', purposes: ['run', 'work'], file: fileOf('runtime.key.json') },
    ]);
    const checkpoint = await stand.run(['checkpoint']);
    expect(checkpoint.exit).toBe(0);
    const again = await stand.json(['keys', 'rotate', 'runtime']);
    expect(again.lines).toMatchObject([{ before: key }]);
    expect((await stand.run(['checkpoint'])).exit).toBe(0);
  });

  it('goes on wherever it was cut off, with the key that the ledger knows', async () => {
    const before = readFileSync(fileOf('runtime.key.json'));
    const id = idIn('runtime.key.json');
    await stand.json(['keys', 'rotate', 'runtime']);
    const kept = `runtime.${id.slice(8, 20)}.old.json`;
    const key = idIn('runtime.key.json');
    const entries = (await stand.json(['verify'])).lines[0]?.['entries'];
    // As after the entries, before any file was touched.
    renameSync(fileOf('runtime.key.json'), fileOf('runtime.next.json'));
    renameSync(fileOf(kept), fileOf('runtime.key.json'));
    expect((await stand.json(['keys', 'rotate', 'runtime'])).lines).toMatchObject([{ key }]);
    // As after the old one was put aside.
    renameSync(fileOf('runtime.key.json'), fileOf('runtime.next.json'));
    writeFileSync(fileOf('runtime.key.json'), before, { mode: 0o600 });
    expect((await stand.json(['keys', 'rotate', 'runtime'])).lines).toMatchObject([{ key }]);
    expect(readFileSync(fileOf(kept))).toEqual(before);
    expect(idIn('runtime.key.json')).toBe(key);
    expect((await stand.json(['verify'])).lines[0]?.['entries']).toBe(entries);
    // As after the new one was made, before any entry.
    writeFileSync(fileOf('runtime.next.json'), readFileSync(fileOf('runtime.key.json')), {
      mode: 0o600,
    });
    const known = await stand.json(['keys', 'rotate', 'runtime']);
    expect(known.lines).toMatchObject([{ code: 'key.exists' }]);
    rmSync(fileOf('runtime.next.json'));
    await make('spare');
    renameSync(fileOf('spare.key.json'), fileOf('runtime.next.json'));
    const spare = idIn('runtime.next.json');
    expect((await stand.json(['keys', 'rotate', 'runtime'])).lines).toMatchObject([
      { key: spare, before: key },
    ]);
  });

  it('refuses a root, a key that no ledger trusts, and one that is not here', async () => {
    await make('spare');
    for (const [name, code] of [
      ['owner', 'key.is-root'],
      ['spare', 'key.unknown'],
      ['none', 'key.missing'],
    ]) {
      expect((await stand.json(['keys', 'rotate', String(name)])).lines).toMatchObject([{ code }]);
    }
    expect(readdirSync(folder()).filter((name) => name.includes('next'))).toEqual([]);
  });
});

it('keys alone says what there is to do', async () => {
  const { exit, lines } = await stand.json(['keys']);
  expect({ exit, lines }).toMatchObject({ exit: 2, lines: [{ code: 'usage.invalid' }] });
});
