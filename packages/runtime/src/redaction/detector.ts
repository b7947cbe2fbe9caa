/** Finds secrets of one look. */
export interface Detector {
  readonly kind: string;
  /** Signs at which it is tried; see `SignTable`. */
  readonly signs: readonly number[];
  /** How far before the sign the match begins. */
  readonly before: number;
  /**
   * Sticky. It looks at no more than `reach` characters from where it is tried, and at none more
   * than `context` before. When it has a group `secret`, that alone is the secret, and
   * the match ends with it.
   */
  readonly pattern: () => RegExp;
  readonly reach: number;
  /** Whether what was found is one, and no placeholder or sample. */
  readonly judge: (found: Found) => boolean;
}

export interface Found {
  readonly text: string;
  readonly match: RegExpExecArray;
  readonly secret: string;
}

/** Characters before a place that a detector may look at. */
export const context = 96;

/** A pattern that is made when it is first tried: most never are. */
export function patternOf(source: string, flags = ''): Pick<Detector, 'pattern'> {
  let made: RegExp | undefined;
  return { pattern: () => (made ??= new RegExp(source, `y${flags}`)) };
}
