import { checkChain } from '../../writ/index.ts';
import { passUnless, refuse, type Stage } from '../compilation.ts';

/** Stage 3: the writ chain: ledger, roots, signatures, coverage of every edge, subject. */
export const writ: Stage = (compilation) => {
  const { ledger, trust, chain, actor, issuedAt } = compilation.input;
  if (trust.ledger !== ledger) return refuse('writ.void', 'the trusted keys are of another ledger');
  compilation.writ = chain[0];
  return passUnless(checkChain(chain, trust, actor, issuedAt));
};
