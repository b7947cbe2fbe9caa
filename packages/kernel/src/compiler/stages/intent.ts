import { pass, refuse, type Stage } from '../compilation.ts';
import { intentDigest, parseIntent } from '../intent.ts';

/** Stage 2: shape and kind of the intent; its nonce is unused, or used by this very intent. */
export const intent: Stage = (compilation) => {
  const { input } = compilation;
  const parsed = parseIntent(input.intent);
  if (!parsed.ok) return { kind: 'refuse', refusal: parsed.refusal };
  const { kind, nonce } = parsed.value;
  compilation.intent = parsed.value;
  compilation.intentDigest = intentDigest(parsed.value);
  if (kind !== 'act' && kind !== 'query') {
    return refuse('intent.malformed', `an intent of the kind "${kind}" cannot be executed`);
  }
  const usedBy = input.nonceUsedBy(nonce);
  if (usedBy === undefined || usedBy === compilation.intentDigest) return pass;
  return refuse('intent.replayed', 'another intent of this trajectory has used the nonce');
};
