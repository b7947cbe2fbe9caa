import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Stand, type JsonLeft, type JsonLine, type Turn } from '../cli-fixture.ts';

let stand: Stand;
let files = 0;

beforeAll(async () => {
  stand = new Stand();
  stand.makeRepo();
  await stand.init();
});

afterAll(async () => {
  expect((await stand.run(['verify'])).exit).toBe(0);
  stand.remove();
});

function newFile(): string {
  files += 1;
  return join(stand.folder, `${files}.writ`);
}

async function issued(...flags: readonly string[]): Promise<{ file: string; writ: JsonLine }> {
  const file = newFile();
  const { exit, lines, stderr } = await stand.json(['writ', 'issue', file, ...flags]);
  const [writ] = lines;
  if (exit !== 0 || writ === undefined) throw new Error(JSON.stringify({ lines, stderr }));
  return { file, writ };
}

const call = (name: string, args: object) => ({ calls: [{ name, args }] });

async function runUnder(file: string, ...turns: readonly Turn[]): Promise<JsonLeft> {
  const model = stand.script(...turns, { say: 'Done.' });
  return stand.json(['run', 'Write', '--repo', stand.repo, '--model', model, '--writ', file]);
}

describe('a writ that is issued', () => {
  it('has the terms of a run of its own where nothing else is said, and is recorded', async () => {
    const { file, writ } = await issued();
    const run = await runUnder(file, call('shell.run', { command: 'true' }));
    const started = run.lines.find(({ entry }) => kindOf(entry) === 'writ.issued');
    expect(run.exit).toBe(0);
    expect(started).toBeDefined();
    expect(run.lines.map(({ entry }) => kindOf(entry)).slice(0, 3)).toEqual([
      'writ.carved',
      'writ.issued',
      'run.started',
    ]);
    expect(writ).toMatchObject({
      type: 'writ',
      parent: null,
      effects: ['pure', 'read', 'write'],
      budget: { costMicrousd: 2_000_000, tokens: 2_000_000, calls: 1_000 },
      delegation: { depth: 1, children: 10 },
    });
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('bounds the runs under it by what was asked for', async () => {
    const { file } = await issued('--grant', 'fs.write path under docs', '--budget', '0.50usd');
    const { exit, lines } = await runUnder(
      file,
      call('fs.write', { path: 'docs/a.md', text: 'a\n' }),
      call('fs.write', { path: 'a.md', text: 'a\n' }),
      call('shell.run', { command: 'true' }),
    );
    expect(exit).toBe(0);
    expect(lines.at(-1)).toMatchObject({ commits: 1, refusals: 2 });
  });

  it('below another is no wider than that, and takes its budget from it', async () => {
    const above = await issued('--depth', '2', '--grant', 'fs.read', '--budget', '1usd,100calls');
    const flags = ['--parent', above.file, '--budget', '0.75usd,50calls'];
    const { writ, file } = await issued(...flags, '--for', '48h', '--depth', '5');
    expect(writ).toMatchObject({
      parent: above.writ['id'],
      grants: [{ capability: 'fs.read', where: [] }],
      budget: { costMicrousd: 750_000, calls: 50 },
      window: { notAfter: (above.writ['window'] as { notAfter: number }).notAfter },
      delegation: { depth: 1, children: 10 },
    });
    const { lines } = await stand.json(['writ', 'inspect', above.file]);
    expect(lines).toMatchObject([{ ok: true, issued: 1, left: { costMicrousd: 250_000 } }]);
    const tooMuch = newFile();
    const second = await stand.json(['writ', 'issue', tooMuch, ...flags]);
    expect({ exit: second.exit, code: second.lines[0]?.['code'] }).toEqual({
      exit: 6,
      code: 'budget.exhausted',
    });
    expect(existsSync(tooMuch)).toBe(false);
    expect((await runUnder(file)).exit).toBe(0);
  });

  it('gives a run all that it has left where nothing else is asked for, and no run nothing', async () => {
    const flags = ['--depth', '2', '--budget', '1usd,1000000tokens,100calls,2h'];
    const { file } = await issued(...flags);
    const part = ['--budget', '0.25usd,250000tokens,25calls,30m'];
    await issued('--parent', file, ...part);
    const run = await runUnder(file);
    const carved = run.lines.find(({ entry }) => kindOf(entry) === 'writ.carved')?.['entry'];
    expect({ exit: run.exit, carved }).toMatchObject({
      exit: 0,
      carved: {
        body: {
          budget: { costMicrousd: 750_000, tokens: 750_000, calls: 75, wallMs: 5_400_000 },
        },
      },
    });
    await issued('--parent', file);
    const none = await runUnder(file);
    expect({ exit: none.exit, lines: none.lines }).toMatchObject({
      exit: 6,
      lines: [{ code: 'budget.exhausted' }],
    });
  });

  it('may be carved as often as it says, by runs and writs together', async () => {
    const flags = [
      '--depth',
      '2',
      '--children',
      '2',
      '--budget',
      '2usd,2000000tokens,1000calls,9h',
    ];
    const { file } = await issued(...flags);
    await issued('--parent', file, '--budget', '0.10usd,1000tokens,1calls,1m');
    const few = ['--budget', '0.50usd,300000tokens,5calls,1h', '--writ', file];
    const words = ['run', 'x', '--repo', stand.repo, ...few, '--model'];
    expect((await stand.json([...words, stand.script({ say: 'Done.' })])).exit).toBe(0);
    const third = await stand.json([...words, stand.script({ say: 'Done.' })]);
    expect({ exit: third.exit, lines: third.lines }).toMatchObject({
      exit: 6,
      lines: [
        {
          code: 'budget.exhausted',
          message: 'the standing writ has no child left to issue',
          remedy: expect.stringContaining('--children') as string,
        },
      ],
    });
  });

  it.each([
    ['an unknown capability', ['--grant', 'fs.erase'], 'usage.invalid', 2],
    ['an argument that there is not', ['--grant', 'fs.read to under x'], 'usage.invalid', 2],
    ['what nothing satisfies', ['--grant', 'fs.read path is a and path is b'], 'usage.invalid', 2],
    ['a path outside', ['--grant', 'fs.read path is ../x'], 'usage.invalid', 2],
    ['a path of many outside', ['--grant', 'fs.read path in a,/etc/passwd'], 'usage.invalid', 2],
    ['what leaves the machine unsaid', ['--grant', 'http.fetch'], 'usage.invalid', 2],
    [
      'what writes, and may look alone',
      ['--effect', 'read', '--grant', 'fs.write'],
      'usage.invalid',
      2,
    ],
    ['an unknown effect', ['--effect', 'boom'], 'usage.invalid', 2],
    ['a subject that is no key', ['--subject', 'me'], 'usage.invalid', 2],
    ['a time that is over', ['--from', '2020-01-01'], 'usage.invalid', 2],
    ['a beginning that is no time', ['--from', 'soon'], 'usage.invalid', 2],
    ['no depth', ['--depth', '0'], 'usage.invalid', 2],
    ['a parent that is not there', ['--parent', '/nowhere/at/all'], 'usage.invalid', 2],
  ])('is refused for %s, and no file is left', async (_, flags, code, exit) => {
    const file = newFile();
    const left = await stand.json(['writ', 'issue', file, ...flags]);
    expect({ exit: left.exit, codes: left.lines.map((line) => line['code']) }).toEqual({
      exit,
      codes: [code],
    });
    expect(existsSync(file)).toBe(false);
  });

  it('is refused below one that only runs may stand below, and by a key it does not name', async () => {
    const { file } = await issued();
    const shallow = await stand.json(['writ', 'issue', newFile(), '--parent', file]);
    expect(shallow).toMatchObject({ exit: 3, lines: [{ code: 'writ.widened' }] });
    const deep = await issued('--depth', '2');
    const key = ['--key', join(stand.home, 'keys/owner.key.json')];
    const other = await stand.json(['writ', 'issue', newFile(), '--parent', deep.file, ...key]);
    expect(other).toMatchObject({ exit: 3, lines: [{ code: 'writ.not-yours' }] });
    const runtime = ['--key', join(stand.home, 'keys/runtime.key.json')];
    const root = await stand.json(['writ', 'issue', newFile(), ...runtime]);
    expect(root).toMatchObject({ exit: 3, lines: [{ code: 'writ.untrusted' }] });
  });

  it('has every dimension of its budget as asked for, and begins when it is said', async () => {
    const flags = ['--budget', '1usd,5calls,7000tokens,3h', '--budget', '2hcpu,10000bytes'];
    const { file, writ } = await issued(...flags, '--from', '2100-01-02T03:04:05Z', '--for', '1h');
    const notBefore = Date.parse('2100-01-02T03:04:05Z');
    expect(writ).toMatchObject({
      budget: {
        ...{ costMicrousd: 1_000_000, calls: 5, tokens: 7_000, wallMs: 10_800_000 },
        ...{ cpuMs: 7_200_000, bytesOut: 10_000 },
      },
      window: { notBefore, notAfter: notBefore + 3_600_000 },
    });
    expect((await stand.run(['writ', 'inspect', file])).stdout).toContain('2 h of processors');
    expect(await runUnder(file)).toMatchObject({ exit: 3, lines: [{ code: 'writ.early' }] });
  });

  it('bounds the programs that the runs under it may start', async () => {
    const { file, writ } = await issued('--grant', 'shell.run programs in true,echo');
    expect(writ['grants']).toEqual([
      { capability: 'shell.run', where: [{ op: 'programs-in', values: ['echo', 'true'] }] },
    ]);
    const commands = ['true && echo x', 'true; rm -f x', 'echo $(date)', '$X', 'echo x > y'];
    const calls = commands.map((command) => call('shell.run', { command }));
    const { lines } = await runUnder(file, ...calls);
    expect(lines.at(-1)).toMatchObject({ commits: 2, refusals: 3 });
    const inspected = await stand.run(['writ', 'inspect', file]);
    expect(inspected.stdout).toContain('shell.run programs in echo,true');
  });

  it('below another is refused where it would leave nothing, and nothing is recorded', async () => {
    const grants = ['--grant', 'fs.read path under docs', '--grant', 'shell.run programs in ls'];
    const above = await issued('--depth', '2', '--budget', '1usd', ...grants);
    const refusals = async (...flags: readonly string[]) => {
      const file = newFile();
      const left = await stand.json(['writ', 'attenuate', above.file, file, ...flags]);
      expect(existsSync(file)).toBe(false);
      return [left.exit, left.lines[0]?.['code'], left.lines[0]?.['message']];
    };
    expect([
      await refusals('--grant', 'fs.read path under src'),
      await refusals('--grant', 'shell.run programs in rm'),
      await refusals('--grant', 'fs.write path under docs'),
      await refusals('--budget', '2usd'),
    ]).toEqual([
      [3, 'writ.widened', expect.stringContaining('fs.read on the argument "path"')],
      [3, 'writ.widened', expect.stringContaining('shell.run on the programs')],
      [3, 'writ.widened', 'the writ above does not grant fs.write'],
      [6, 'budget.exhausted', expect.stringContaining('1000000 costMicrousd left, and 2000000')],
    ]);
    const run = ['run', 'x', '--repo', stand.repo, '--model', stand.script({ say: 'Done.' })];
    const more = await stand.json([...run, '--writ', above.file, '--budget', '2usd']);
    expect(more).toMatchObject({ exit: 6, lines: [{ code: 'budget.exhausted' }] });
    expect((await stand.json(['writ', 'inspect', above.file])).lines).toMatchObject([
      { issued: 0 },
    ]);
  });

  it('never takes the place of a file', async () => {
    const { file } = await issued();
    const before = readFileSync(file, 'utf8');
    const again = await stand.json(['writ', 'issue', file]);
    expect(again).toMatchObject({ exit: 2, lines: [{ code: 'usage.invalid' }] });
    expect(readFileSync(file, 'utf8')).toBe(before);
  });
});

describe('a writ that is revoked', () => {
  it('gives no authority to a run, nor does a writ below it', async () => {
    const above = await issued('--depth', '2');
    const below = await issued('--parent', above.file, '--budget', '0.10usd,1000tokens,1calls,1m');
    const words = ['writ', 'revoke', above.file, '--reason', 'enough'];
    const writ = above.writ['id'];
    expect(await stand.json(words)).toMatchObject({
      exit: 0,
      lines: [{ type: 'revoked', writ, reason: 'enough' }],
    });
    for (const { file } of [above, below]) {
      const run = await runUnder(file);
      expect(run).toMatchObject({ exit: 3, lines: [{ code: 'writ.revoked' }] });
      const { exit, lines } = await stand.json(['writ', 'inspect', file]);
      expect({ exit, lines }).toMatchObject({ exit: 3, lines: [{ ok: false }] });
    }
    expect(await stand.json(words)).toMatchObject({ exit: 3, lines: [{ code: 'writ.revoked' }] });
  });

  it('ends what a run under it is doing at once', async () => {
    const { file, writ } = await issued();
    const model = stand.script(call('shell.run', { command: 'sleep 60' }), { say: 'Done.' });
    const words = ['run', 'Wait', '--repo', stand.repo, '--model', model, '--writ', file, '--json'];
    const driver = stand.start(words);
    await driver.says('"execution.started"');
    await stand.run(['writ', 'revoke', String(writ['id']).slice(0, 12)]);
    const { exit, stdout } = await driver.ended;
    expect(exit).toBe(5);
    expect(stdout).toContain('"reason":"the writ is revoked"');
  });

  it('is so by its issuer or a root alone, and where it is recorded', async () => {
    const { file } = await issued();
    const key = join(stand.home, 'keys/runtime.key.json');
    for (const verb of ['revoke', 'close']) {
      const unknown = await stand.json(['writ', verb, 'abcdef']);
      expect(unknown).toMatchObject({ exit: 2, lines: [{ code: 'usage.invalid' }] });
    }
    const refused = await stand.json(['writ', 'revoke', file, '--key', key]);
    expect(refused).toMatchObject({ exit: 3, lines: [{ code: 'writ.not-yours' }] });
    expect((await runUnder(file)).exit).toBe(0);
  });
});

describe('a writ that is closed', () => {
  const close = (file: string, ...flags: readonly string[]) =>
    stand.json(['writ', 'close', file, ...flags]);
  const all = ['--budget', '1usd,1000000tokens,100calls,2h'];

  it('brings what its runs have left back to the writ above, and gives no more authority', async () => {
    const above = await issued('--depth', '2', ...all);
    const below = await issued('--parent', above.file, ...all);
    const taken = await stand.json(['writ', 'inspect', above.file]);
    expect(taken.lines).toMatchObject([{ left: { costMicrousd: 0, calls: 0 } }]);
    const model = stand.script({ say: 'Done.', usage: { inputTokens: 10, outputTokens: 10 } });
    const words = ['run', 'x', '--repo', stand.repo, '--model', model, '--writ', below.file];
    const run = await stand.json(words);
    expect(run.exit).toBe(0);
    const { tokens } = run.lines.at(-1)?.['spent'] as { readonly tokens: number };
    expect(tokens).toBeGreaterThan(0);
    expect(await close(below.file, '--reason', 'over')).toMatchObject({
      exit: 0,
      lines: [{ type: 'closed', parent: above.writ['id'], returned: { calls: 100 } }],
    });
    const { lines } = await stand.json(['writ', 'inspect', above.file]);
    expect(lines).toMatchObject([{ left: { tokens: 1_000_000 - tokens, calls: 100 } }]);
    expect(await stand.json(words)).toMatchObject({ exit: 8, lines: [{ code: 'writ.closed' }] });
    expect(await close(below.file)).toMatchObject({ exit: 8, lines: [{ code: 'writ.closed' }] });
    const inspected = await stand.json(['writ', 'inspect', below.file]);
    expect(inspected).toMatchObject({ exit: 8, lines: [{ ok: false }] });
  });

  it('is not while a run or a writ below it is open, nor is the writ of a run', async () => {
    const above = await issued('--depth', '3', ...all);
    const below = await issued('--parent', above.file, '--depth', '2', ...all);
    const half = ['--budget', '0.50usd,500000tokens,50calls,1h'];
    await issued('--parent', below.file, ...half);
    expect(await close(below.file)).toMatchObject({ exit: 8, lines: [{ code: 'writ.in-use' }] });
    const run = await runUnder(below.file);
    const own = String(run.lines.at(-1)?.['writ']);
    expect(await close(own)).toMatchObject({ exit: 8, lines: [{ code: 'writ.closed' }] });
  });

  it('is not the writ of a run that goes on, whose end closes it', async () => {
    const { file } = await issued();
    const held = call('fs.write', { path: 'CODEOWNERS', text: 'x\n' });
    const run = await runUnder(file, held);
    const own = String(run.lines.at(-1)?.['writ']);
    expect(await close(own)).toMatchObject({ exit: 8, lines: [{ code: 'writ.in-use' }] });
    await stand.run(['cancel', String(run.lines.at(-1)?.['run'])]);
  });

  it('is so by its subject, its issuer or a root, and has one above', async () => {
    const above = await issued('--depth', '2');
    expect(await close(above.file)).toMatchObject({ exit: 3, lines: [{ code: 'writ.void' }] });
    const below = await issued('--parent', above.file);
    const other = { CHANCERY_HOME: join(stand.folder, 'stranger') };
    await stand.run(['init'], other);
    const key = ['--key', join(other.CHANCERY_HOME, 'keys/owner.key.json')];
    const refused = await close(below.file, ...key);
    expect(refused).toMatchObject({ exit: 3, lines: [{ code: 'writ.not-yours' }] });
    const runtime = ['--key', join(stand.home, 'keys/runtime.key.json')];
    expect((await close(below.file, ...runtime)).exit).toBe(0);
  });
});

describe('a writ that is inspected', () => {
  const failing = ({ exit, lines }: JsonLeft) => {
    const checks = (lines[0]?.['checks'] ?? []) as readonly { ok: boolean; name: string }[];
    return { exit, failing: checks.filter(({ ok }) => !ok).map(({ name }) => name) };
  };

  it('is found by its file, by its id, and by the beginning of that', async () => {
    const { file, writ } = await issued();
    const id = String(writ['id']);
    for (const named of [file, id, id.slice(0, 12), `writ:${id}`]) {
      const { exit, lines } = await stand.json(['writ', 'inspect', named]);
      expect({ exit, lines }).toMatchObject({ exit: 0, lines: [{ id, ok: true, recorded: true }] });
    }
    const { stdout } = await stand.run(['writ', 'inspect', file]);
    expect(stdout).toContain(`Writ     ${id}\n`);
    expect(stdout).toMatch(
      /ok +signature\nok +ledger\nok +chain\nok +revocation\nok +closing\nok +window\n$/,
    );
  });

  it('tells a signature that does not hold', async () => {
    const { file } = await issued();
    writeFileSync(file, readFileSync(file, 'utf8').replace(/"sig":"./, '"sig":"_'));
    expect(failing(await stand.json(['writ', 'inspect', file]))).toEqual({
      exit: 3,
      failing: ['signature'],
    });
  });

  it.each([
    'null',
    '[]',
    '{"signatures":[null]}',
    '{"payload":"","payloadType":"","signatures":[{}]}',
    '\u0000',
  ])('tells that %j is no writ', async (text) => {
    const file = newFile();
    writeFileSync(file, text);
    expect(failing(await stand.json(['writ', 'inspect', file]))).toEqual({
      exit: 3,
      failing: ['signature'],
    });
    expect((await runUnder(file)).lines).toMatchObject([{ code: 'writ.void' }]);
  });

  it('tells one of another ledger, and one whose time is over', async () => {
    const { file } = await issued('--for', '1ms');
    expect(failing(await stand.json(['writ', 'inspect', file]))).toEqual({
      exit: 3,
      failing: ['window'],
    });
    const other = { CHANCERY_HOME: join(stand.folder, 'other') };
    await stand.run(['init'], other);
    const elsewhere = await stand.json(['writ', 'inspect', file], other);
    expect(failing(elsewhere).failing).toEqual(['ledger', 'chain', 'window']);
  });

  it.each(['/nowhere/at/all', 'abcdef'])('is refused where there is no %s', async (named) => {
    const { exit, lines } = await stand.json(['writ', 'inspect', named]);
    expect({ exit, lines }).toMatchObject({ exit: 2, lines: [{ code: 'usage.invalid' }] });
  });
});

function kindOf(entry: unknown): unknown {
  return (entry as { readonly kind: unknown } | undefined)?.kind;
}

describe('the tree of writs', () => {
  const windowOf = (writ: JsonLine) => writ['window'] as { readonly notAfter: number };
  const treeOf = async (...named: readonly string[]) => {
    const { exit, lines } = await stand.json(['writ', 'tree', ...named]);
    expect(exit).toBe(0);
    return lines;
  };

  it('tells who carved what out of what, parents first, and what is left', async () => {
    const above = await issued('--depth', '3', '--budget', '4usd');
    const file = newFile();
    const words = ['writ', 'attenuate', above.file, file, '--budget', '1usd', '--depth', '2'];
    const carved = await stand.json(words);
    expect(carved).toMatchObject({ exit: 0, lines: [{ type: 'writ', parent: above.writ['id'] }] });
    const nodes = await treeOf(above.file);
    expect(nodes).toMatchObject([
      {
        ...{ id: above.writ['id'], parent: null, depth: 0, phase: 'open', children: 1, open: 1 },
        budget: { costMicrousd: 4_000_000 },
        carved: { costMicrousd: 1_000_000 },
        left: { costMicrousd: 3_000_000 },
      },
      { id: carved.lines[0]?.['id'], depth: 1, phase: 'open', children: 0 },
    ]);
    expect(await treeOf(file)).toMatchObject([{ id: carved.lines[0]?.['id'], depth: 0 }]);
    const { stdout } = await stand.run(['writ', 'tree', above.file]);
    expect(stdout).toContain('open  until');
    expect(stdout).toContain('1 below, 1 of them open');
    expect(stdout).toContain('left 3.00 USD');
  });

  it('has the writ of a run closed below that of the run, and what is revoked with all below it', async () => {
    const { file } = await issued();
    await runUnder(file, call('shell.run', { command: 'true' }));
    const before = await treeOf(file);
    expect(before.map(({ phase, depth }) => [phase, depth])).toEqual([
      ['open', 0],
      ['closed', 1],
    ]);
    await stand.run(['writ', 'revoke', file]);
    expect((await treeOf(file)).map(({ phase }) => phase)).toEqual(['revoked', 'revoked']);
  });

  it('holds every writ that is recorded, once', async () => {
    const ids = (await treeOf()).map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.length).toBeGreaterThan(3);
  });

  it('has no more time, depth and budget below than above, whatever is asked for', async () => {
    const above = await issued('--depth', '3', '--budget', '1usd', '--effect', 'read');
    const wider = ['--effect', 'read', '--for', '48h'];
    const words = ['writ', 'attenuate', above.file, newFile(), ...wider, '--depth', '9'];
    const { exit, lines } = await stand.json(words);
    expect({ exit, lines }).toMatchObject({
      exit: 0,
      lines: [
        {
          ...{ effects: ['read'], delegation: { depth: 2 } },
          window: { notAfter: windowOf(above.writ).notAfter },
          budget: { costMicrousd: 1_000_000 },
        },
      ],
    });
    const [parent, child] = await treeOf(above.file);
    expect(parent).toMatchObject({ left: { costMicrousd: 0 }, children: 1 });
    expect(child).toMatchObject({ depth: 1, left: { costMicrousd: 1_000_000 } });
  });
});
