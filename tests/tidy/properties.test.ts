import ts from 'typescript';
import { expect, test } from 'vitest';
import { read, sources } from './tree.ts';

/** The calls of `fc.assert` in a source. */
function lawsIn(file: string): readonly ts.CallExpression[] {
  const found: ts.CallExpression[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && node.expression.getText() === 'fc.assert') found.push(node);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, read(file), ts.ScriptTarget.Latest, true));
  return found;
}

test('every law is tried with as many cases as somebody asks for, and else with the same ones', () => {
  const suites = sources.filter((file) => file.endsWith('.test.ts') && lawsIn(file).length > 0);
  expect(suites.length).toBeGreaterThan(70);
  const others = suites.filter((file) => {
    const laws = lawsIn(file);
    const text = read(file).replaceAll(/fc\.sample\([^;]*;/g, '');
    return (
      laws.some((law) => law.arguments.length < 2) ||
      !text.includes('@chancery/testkit/properties') ||
      /numRuns: \d|seed: /.test(text)
    );
  });
  expect(others).toEqual([]);
});
