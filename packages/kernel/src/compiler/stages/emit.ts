import { established, pass, type Stage } from '../compilation.ts';

/** Stage 13: all that a staged outcome tells is established, the reservation included. */
export const emit: Stage = ({ action, actionDigest, normalised, verdict }) => {
  established(action);
  established(actionDigest);
  established(normalised);
  established(verdict);
  return pass;
};
