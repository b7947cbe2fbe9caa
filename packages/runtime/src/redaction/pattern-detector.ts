import { patternOf, type Detector, type Found } from './detector.ts';
import { isPlaceholder } from './placeholder.ts';
import { anyChars, rarestSigns } from './signs.ts';

/** A look that no shape can tell. */
export interface Pattern {
  readonly kind: string;
  /** Three or four characters, in either case, that stand `before` characters after the start of the match. */
  readonly sign: string;
  readonly before?: number;
  /** Source of a regular expression; see `Detector` for what it may look at. */
  readonly source: string;
  readonly flags?: 'i';
  readonly reach: number;
  readonly judge?: (secret: string, found: Found) => boolean;
}

export function patternDetector(pattern: Pattern): Detector {
  const { kind, sign, before = 0, source, flags = '', reach } = pattern;
  return {
    kind,
    signs: rarestSigns([...Array.from(sign, (char) => [char]), anyChars].slice(0, 4)).signs,
    before,
    ...patternOf(source, flags),
    reach,
    judge: (found) =>
      !isPlaceholder(found.secret) && (pattern.judge?.(found.secret, found) ?? true),
  };
}
