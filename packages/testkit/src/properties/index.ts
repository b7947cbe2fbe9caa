/** How a law is tried. */
export interface Cases {
  readonly numRuns: number;
  /** What the cases are drawn with; another one each time where none is told. */
  readonly seed?: number;
}

/** Any number does; another one draws other cases. */
const seed = 20_260_101;

/**
 * With so many cases, the same each time, so that the verdict on a commit depends on the commit alone;
 * or with as many as CHANCERY_PROPERTY_RUNS says, drawn anew, for a long run.
 */
export function cases(usual: number): Cases {
  const asked = process.env['CHANCERY_PROPERTY_RUNS'];
  return asked === undefined ? { numRuns: usual, seed } : { numRuns: Number(asked) };
}
