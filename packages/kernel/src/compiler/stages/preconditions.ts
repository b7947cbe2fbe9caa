import { established, passUnless, type Stage } from '../compilation.ts';

/** Stage 9: conditions of the capability on the world. */
export const preconditions: Stage = (compilation) => {
  const { checkPreconditions, world } = compilation.input;
  return passUnless(checkPreconditions(established(compilation.normalised).args, world));
};
