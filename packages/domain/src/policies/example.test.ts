import { expect, it } from 'vitest';
import { doubtfulExamples, readExamples } from './example.ts';

it('reads the cases that stand in comments, with their lines', () => {
  const text = [
    '// A policy.',
    '// example: permit fs.read',
    '  //example:  hold by hold-x fs.write {"path": "a // b"}  ',
    '@id("a") permit (principal, action, resource); // example: deny not.this',
  ].join('\r\n');
  expect(readExamples(text)).toEqual({
    ok: true,
    value: [
      { line: 2, expected: 'permit', rule: undefined, capability: 'fs.read', situation: {} },
      {
        line: 3,
        expected: 'hold',
        rule: 'hold-x',
        capability: 'fs.write',
        situation: { path: 'a // b' },
      },
    ],
  });
});

it.each([
  ['another verdict', 'allow fs.read'],
  ['no capability', 'deny'],
  ['a member twice', 'deny fs.read {"path": "a", "path": "b"}'],
  ['a fraction', 'deny fs.read {"depth": 1.5}'],
  ['a list', 'deny fs.read [1]'],
  ['text behind', 'deny fs.read {} and so on'],
])('refuses %s, naming the line', (_what, example) => {
  const read = readExamples(`//\n// example: ${example}`);
  expect(read.ok ? undefined : [read.refusal.code, read.refusal.details]).toEqual([
    'policy.invalid',
    { line: 2 },
  ]);
});

it('warns of comments that are meant to be examples and are none, and of no others', () => {
  const meant = [
    ...['// exmaple: deny fs.read', '// Example: allow it', '/// example: deny fs.read'],
    ...['// example deny fs.read', '//EXAMPLES: hold fs.read', '// example : permit fs.read'],
  ];
  const others = [
    ...['// example: permit fs.read', '// For example: whatever', '// exceptions deny nothing'],
    ...['// expected of all', '@id("example: deny x")', '// deny fs.read'],
  ];
  const lines = doubtfulExamples([...meant, ...others].join('\n')).map(({ line }) => line);
  expect(lines).toEqual(meant.map((_, index) => index + 1));
});
