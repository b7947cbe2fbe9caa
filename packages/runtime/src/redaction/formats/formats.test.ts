import { expect, test } from 'vitest';
import { allDetectors } from '../detectors.ts';
import { alternativesOf, charsOf, runsOf, sourceOf } from '../shape.ts';
import { formats, nearFormats, patterns, secretNames } from './index.ts';

const nearShapes = nearFormats.flatMap(([kind, words, ...shapes]) =>
  shapes.map((shape) => `${kind} ${words} ${shape}`),
);

test('more than two hundred formats are known by their look, and more by a name beside them', () => {
  expect(new Set(formats.map(([, shape]) => shape)).size).toBeGreaterThanOrEqual(200);
  expect(new Set(nearShapes).size).toBeGreaterThanOrEqual(150);
});

test('no format is written down twice', () => {
  const shapes = formats.flatMap(([, shape]) => alternativesOf(shape));
  expect(shapes.filter((shape, at) => shapes.indexOf(shape) !== at)).toEqual([]);
  expect(nearShapes.filter((shape, at) => nearShapes.indexOf(shape) !== at)).toEqual([]);
  const words = secretNames.map(([word]) => word);
  expect(words.filter((word, at) => words.indexOf(word) !== at)).toEqual([]);
});

test('every kind can stand in a mark', () => {
  const kinds = [...formats, ...nearFormats].map(([kind]) => kind);
  const odd = [...kinds, ...patterns.map(({ kind }) => kind)].filter(
    (kind) => !/^[a-z0-9-]{1,32}$/.test(kind),
  );
  expect(odd).toEqual([]);
});

test('every format finds what has its shape, in front of a text and within one', () => {
  const missed = formats.flatMap(([, shape]) =>
    alternativesOf(shape).filter((alternative) => {
      const sample = sampleOf(alternative);
      return !allDetectors().some(({ pattern, before, signs }) => {
        pattern().lastIndex = 4;
        return signs.length > 0 && before >= 0 && pattern().test(`x = ${sample}\n`);
      });
    }),
  );
  expect(missed).toEqual([]);
});

test('a shape that is none is told as such', () => {
  expect(() => runsOf('key-<z4>')).toThrow('is not the shape of a token');
  expect(() => runsOf('key-<h4')).toThrow('is not the shape of a token');
  expect(sourceOf(runsOf('a.<h2>[xy]<d1-3>'))).toBe('a\\.[0-9a-f]{2}[xy]{1}[0-9]{1,3}');
});

/** The shortest text of a shape, of different characters. */
function sampleOf(shape: string): string {
  let nth = 0;
  return runsOf(shape)
    .map(({ set, least }) => {
      const chars = charsOf(set);
      return Array.from({ length: least }, () => chars[(nth += 7) % chars.length]).join('');
    })
    .join('');
}
