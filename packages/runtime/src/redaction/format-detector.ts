import { isChecksummed } from './checksum.ts';
import { patternOf, type Detector } from './detector.ts';
import { gluedJudge } from './glued.ts';
import { isPlaceholder } from './placeholder.ts';
import { alternativesOf, charsOf, runsOf, sourceOf, type Run } from './shape.ts';
import { rarestSigns } from './signs.ts';

/** Kind and shape of a token that is known by itself. */
export type Format = readonly [kind: string, shape: string, checksum?: 'crc32-base62'];

/**
 * Before a token that begins like a word: no letter or digit, but for the end of an escape (of
 * JSON, of a URL, of a terminal's colours).
 */
const wordStart = String.raw`(?:(?<![A-Za-z0-9+])|(?<=\\[nrtbf])|(?<=%[0-9A-Fa-f]{2})|(?<=\x1b\[[0-9;]{0,12}m))`;

export function formatDetectors([kind, shape, checksum]: Format): readonly Detector[] {
  return alternativesOf(shape).map((alternative): Detector => {
    const runs = openEnded(runsOf(alternative));
    const { at, signs } = rarestSigns(firstPlaces(runs));
    const free = isDistinctive(runs);
    const last = runs.at(-1);
    const end =
      free || last === undefined ? '' : `(?![A-Za-z0-9${last.isLiteral ? '' : last.set}])`;
    const glued = free ? undefined : gluedJudge(runs);
    const start = free ? '' : `(?:(?<word>${wordStart})${glued === undefined ? '' : '|'})`;
    return {
      kind,
      signs,
      before: at,
      ...patternOf(`${start}${sourceOf(runs)}${end}`),
      reach: runs.reduce((sum, { most }) => sum + most, 1),
      judge: (found) => {
        const { secret, match } = found;
        const begins = free || match.groups?.['word'] !== undefined || glued?.(found) === true;
        return (
          begins && ((checksum !== undefined && isChecksummed(secret)) || !isPlaceholder(secret))
        );
      },
    };
  });
}

/** Whether nothing but a token begins like this, whatever stands before it. */
function isDistinctive(runs: readonly Run[]): boolean {
  const literal = runs.findIndex(({ isLiteral }) => !isLiteral);
  const prefix = runs.slice(0, literal < 0 ? runs.length : literal).map(({ set }) => set);
  return (
    prefix.length >= 7 || (prefix.length >= 4 && prefix.some((char) => !/[A-Za-z0-9]/.test(char)))
  );
}

/** Providers make tokens longer; what follows one within its run belongs to it. */
function openEnded(runs: readonly Run[]): readonly Run[] {
  const last = runs.at(-1);
  if (last === undefined || last.isLiteral || !isDistinctive(runs)) return runs;
  return [...runs.slice(0, -1), { ...last, most: Math.max(last.most, 512) }];
}

/** Sets of the places that stand where they do in whatever has the shape. */
function firstPlaces(runs: readonly Run[]): readonly (readonly string[])[] {
  const places: (readonly string[])[] = [];
  for (const { set, least, most } of runs) {
    const chars = charsOf(set);
    places.push(...Array.from({ length: least }, () => chars));
    if (most > least) break;
  }
  return places;
}
