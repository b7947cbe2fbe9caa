import { describe, expect, it } from 'vitest';
import { grantText, readEffects, readGrants } from './grants.ts';

const offered = ['fs.read', 'fs.write', 'shell.run'];

describe('grants as they are typed', () => {
  it('are in the order of a writ, those of one capability together', () => {
    const read = readGrants(
      ['shell.run', 'fs.write path under ./docs/ and text is x', 'fs.write size at-most 10'],
      offered,
    );
    expect(read).toEqual({
      ok: true,
      value: [
        {
          capability: 'fs.write',
          where: [
            { arg: 'path', op: 'under', value: 'docs' },
            { arg: 'size', op: 'at-most', value: 10 },
            { arg: 'text', op: 'is', value: 'x' },
          ],
        },
        { capability: 'shell.run', where: [] },
      ],
    });
    if (!read.ok) return;
    expect(read.value.map(grantText)).toEqual([
      'fs.write path under docs and size at-most 10 and text is x',
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
    'fs.read size at-most many',
  ])('%j is refused, with what to write', (text) => {
    const read = readGrants([text], offered);
    expect(read).toMatchObject({ ok: false, refusal: { code: 'usage.invalid' } });
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
