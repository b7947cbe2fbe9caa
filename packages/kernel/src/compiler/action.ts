import { objectDigest, type Digest } from '../encoding/index.ts';
import { established, type Compilation } from './compilation.ts';
import type { Action } from './model.ts';

/** What is approved and what execution is keyed by. */
export function actionDigest(action: Action): Digest {
  return objectDigest('action', action);
}

/** The action of a compilation whose arguments are normalised. */
export function actionOf(compilation: Compilation): Action {
  const { input } = compilation;
  const capability = established(compilation.capability);
  const normalised = established(compilation.normalised);
  // In the order of the canonical text, which need not be sorted then.
  return {
    capability: capability.contract.name,
    contract: capability.digest,
    intent: established(compilation.intentDigest),
    ledger: input.ledger,
    normalisedArgs: normalised.args,
    resolved: normalised.resolved,
    stream: input.stream,
    writ: established(compilation.writ).id,
  };
}
