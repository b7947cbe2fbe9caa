import { describe, expect, it } from 'vitest';
import { offeredContracts } from '../compose/capabilities.ts';
import { grantText, readEffects, readGrants } from './grants.ts';

const offered = await offeredContracts();

describe('grants as they are typed', () => {
  it('are in the order of a writ, those of one capability together', () => {
    const read = readGrants(
      ['shell.run', 'fs.write path under ./docs/ and text is x', 'fs.write expect is absent'],
      offered,
    );
    expect(read).toEqual({
      ok: true,
      value: [
        {
          capability: 'fs.write',
          where: [
            { arg: 'expect', op: 'is', value: 'absent' },
            { arg: 'path', op: 'under', value: 'docs' },
            { arg: 'text', op: 'is', value: 'x' },
          ],
        },
        { capability: 'shell.run', where: [] },
      ],
    });
    if (!read.ok) return;
    expect(read.value.map(grantText)).toEqual([
      'fs.write expect is absent and path under docs and text is x',
      'shell.run',
    ]);
  });

  it('have sets in their one order', () => {
    expect(readGrants(['fs.read path in b,a,b'], offered)).toMatchObject({
      value: [{ where: [{ op: 'in', values: ['a', 'b'] }] }],
    });
  });

  it.each([
    'fs.erase',
    '',
    'fs.read path',
    'fs.read path below docs',
    'fs.read path under /etc',
    'fs.read path under ../x',
    'shell.run timeoutMs at-most many',
    'shell.run programs in unknown',
    'shell.run programs in npm test',
    'shell.run programs in ./npm',
    'shell.run programs is npm',
    'shell.run cwd host in https://a.b',
    'shell.run hosts in https://a.b',
    'shell.run hosts in a.b:0',
    'shell.run hosts in *.com',
    'http.fetch url host in a.org,*.co.uk',
    'http.fetch url host in *.github.io:443',
  ])('%j is refused, with what to write', (text) => {
    const read = readGrants([text], offered);
    expect(read).toMatchObject({ ok: false, refusal: { code: 'usage.invalid' } });
  });
});

describe('a grant that could admit nothing', () => {
  it.each([
    ['fs.write place under docs', 'it has no argument "place"'],
    ['fs.write constructor is x', 'it has no argument "constructor"'],
    ['fs.write path at-most 5', 'no value of the argument "path" satisfies `at-most NUMBER`'],
    [
      'fs.write path host in a.b',
      'no value of the argument "path" satisfies `host in HOST,*.HOST`',
    ],
    ['fs.write text under docs', 'no value of the argument "text" satisfies `under PATH`'],
    ['fs.write executable is true', 'no value of the argument "executable" satisfies `is TEXT`'],
    ['fs.write programs in npm', 'it runs no programs'],
    ['fs.write hosts in a.org', 'it reaches no hosts'],
    ['shell.run timeoutMs is 5', 'no value of the argument "timeoutMs" satisfies `is TEXT`'],
    ['shell.run timeoutMs at-most 0', 'the argument "timeoutMs" is never less than 1'],
    [
      'fs.write path under a and path under b',
      'nothing satisfies all conditions on the argument "path"',
    ],
    [
      'fs.write text in a,b and text is c',
      'nothing satisfies all conditions on the argument "text"',
    ],
    [
      'shell.run programs in a and programs in b',
      'nothing satisfies all conditions on the programs',
    ],
  ])('%j is refused: %s', (text, message) => {
    const read = readGrants([text], offered);
    const capability = text.split(' ', 1)[0] ?? '';
    expect(read).toMatchObject({
      ok: false,
      refusal: { code: 'usage.invalid', message: `--grant ${capability}: ${message}` },
    });
  });

  it('is told with the conditions that there are', () => {
    const refused = (text: string) => {
      const read = readGrants([text], offered);
      return read.ok ? undefined : read.refusal.remedy;
    };
    expect(refused('fs.read place is x')).toBe(
      'Conditions of fs.read: path under PATH; path is TEXT; path in TEXT,TEXT; ' +
        'offset at-most NUMBER; limit at-most NUMBER.',
    );
    expect(refused('shell.run x is y')).toContain('; programs in PROGRAM,PROGRAM.');
    expect(refused('git.status x is y')).toBe(
      'No condition can be put on git.status: grant it by its name alone.',
    );
  });

  it('is only what truly can admit nothing: conditions on any argument are taken', () => {
    const texts = [
      ...['shell.run programs in node,npm and timeoutMs at-most 1', 'shell.run argv is npm'],
      ...['shell.run command in a,b and cwd under src', 'shell.run stdin host in *.a.b,c'],
      ...['http.fetch hosts in *.a.co.uk,b.org:443', 'http.fetch url host in com'],
      'fs.write expect at-most 5',
    ];
    for (const text of texts) {
      const read = readGrants([text], offered);
      expect(read.ok ? read.value.map(grantText) : read.refusal).toEqual([
        text.startsWith('shell.run command') ? text : expect.any(String),
      ]);
      const again = read.ok ? readGrants(read.value.map(grantText), offered) : undefined;
      expect(again).toEqual(read);
    }
  });
});

describe('effects as they are typed', () => {
  it('are in the order of a writ, and known', () => {
    expect(readEffects(['write', 'pure,read'])).toEqual({
      ok: true,
      value: ['pure', 'read', 'write'],
    });
    expect(readEffects(['boom'])).toMatchObject({ refusal: { code: 'usage.invalid' } });
  });
});
