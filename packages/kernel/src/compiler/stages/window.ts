import { established, pass, refuse, type Stage } from '../compilation.ts';

/** Stage 5: the window of the writ is open; by coverage, so are those above. */
export const window: Stage = (compilation) => {
  const { nowMs } = compilation.input;
  const { notBefore, notAfter } = established(compilation.writ).writ.window;
  if (nowMs < notBefore) {
    return refuse('writ.early', 'the writ is not yet valid', { details: { notBefore } });
  }
  // Written so that a time which compares with nothing is outside.
  if (!(nowMs <= notAfter)) {
    return refuse('writ.expired', 'the writ is no longer valid', { details: { notAfter } });
  }
  return pass;
};
