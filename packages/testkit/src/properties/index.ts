/** How many cases a law is tried with: so many, or as many as CHANCERY_PROPERTY_RUNS says, for a long run. */
export function cases(usual: number): { readonly numRuns: number } {
  const asked = process.env['CHANCERY_PROPERTY_RUNS'];
  return { numRuns: asked === undefined ? usual : Number(asked) };
}
