import { expect, test } from 'vitest';
import { ruleTexts } from './rule-text.ts';

const policy = `// A preface that is nobody's.

// What the first is for.
@id("first")
permit (principal, action, resource)
when { context.path == "a;b" };

@id("second") // a remark; with a semicolon and @id("none")
forbid (principal, action, resource);

permit (principal, action, resource);
`;

test('every rule with an id has its own text, with the comment right before it', () => {
  expect([...ruleTexts(policy)]).toEqual([
    [
      'first',
      '// What the first is for.\n@id("first")\npermit (principal, action, resource)\nwhen { context.path == "a;b" };',
    ],
    [
      'second',
      '@id("second") // a remark; with a semicolon and @id("none")\nforbid (principal, action, resource);',
    ],
  ]);
});

test('a text without rules has none', () => {
  expect(ruleTexts('// nothing')).toEqual(new Map());
});

test('a preface is not of the first rule where the formatter left no blank line after it', () => {
  const formatted = `// A preface.
//
// More of it.
//
// What the rule is for,
// in two lines.
@id("first")
permit (principal, action, resource)
when
{
  // A remark inside.

  context.depth == 0
};
`;
  expect(ruleTexts(formatted).get('first')).toBe(
    formatted.slice(formatted.indexOf('// What')).trimEnd(),
  );
});
