import { pass, refuse, type Stage } from '../compilation.ts';

/** Stage 4: neither the writ nor an ancestor of it is revoked. */
export const revocation: Stage = ({ input }) => {
  for (const [generation, read] of input.chain.entries()) {
    if (input.isRevoked(read.id)) {
      const what = generation === 0 ? 'the writ' : 'a writ above';
      return refuse('writ.revoked', `${what} is revoked`, { details: { writ: read.id } });
    }
  }
  return pass;
};
