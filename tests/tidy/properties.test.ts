import { expect, test } from 'vitest';
import { read, sources } from './tree.ts';

test('every suite of laws is tried with as many cases as somebody asks for', () => {
  const suites = sources.filter((file) => file.endsWith('.prop.test.ts'));
  expect(suites.length).toBeGreaterThan(40);
  const fixed = suites.filter((file) => {
    const text = read(file);
    return !text.includes('@chancery/testkit/properties') || /numRuns: \d/.test(text);
  });
  expect(fixed).toEqual([]);
});
