import { expect, test } from 'vitest';
import { Fault } from '@chancery/kernel/refusal';
import { compileSchema } from './index.ts';

const schema = {
  type: 'object',
  additionalProperties: false,
  required: ['path'],
  properties: {
    path: { type: 'string', minLength: 1 },
    mode: { enum: ['once', 'all'] },
    lines: { type: 'array', items: { type: 'integer', minimum: 1 } },
  },
};

test.each([
  [{ path: 'a' }, undefined],
  [{ path: 'a', mode: 'all', lines: [1, 2] }, undefined],
  [{}, "the object must have required property 'path'"],
  ['text', 'the object must be object'],
  [{ path: '' }, '/path must NOT have fewer than 1 characters'],
  [{ path: 'a', more: 1 }, 'the object must NOT have additional properties: "more"'],
  [{ path: 'a', mode: 'x' }, '/mode must be equal to one of the allowed values: "once", "all"'],
  [{ path: 'a', lines: [1, 0] }, '/lines/1 must be >= 1'],
  [{ path: 'a', lines: ['1'] }, '/lines/0 must be integer'],
])('of %j it says %j', (value, lack) => {
  expect(compileSchema(schema)(value)).toBe(lack);
});

test('it does not change what it checks', () => {
  const value = { path: 'a', more: '1' };
  compileSchema({ type: 'object', properties: { more: { type: 'integer', default: 3 } } })(value);
  expect(value).toEqual({ path: 'a', more: '1' });
});

test('equal schemas have one check', () => {
  expect(compileSchema({ type: 'object', properties: {} })).toBe(
    compileSchema({ properties: {}, type: 'object' }),
  );
});

test('an inherited member does not count as present', () => {
  expect(compileSchema({ type: 'object', required: ['toString'] })({})).toBeDefined();
});

test.each([{ type: 'objekt' }, { tpye: 'object' }, { type: 'object', minimum: 3 }])(
  'the schema %j is a fault',
  (broken) => {
    expect(() => compileSchema(broken)).toThrow(Fault);
  },
);
