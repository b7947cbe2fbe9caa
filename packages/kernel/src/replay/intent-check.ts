import { intentDigest } from '../compiler/index.ts';
import { isJsonObject, textDigest, type Json } from '../encoding/index.ts';
import type { Entry } from '../ledger/index.ts';
import { readContent } from './blob-reader.ts';
import { inlineText } from './named-text.ts';
import type { RunContext } from './run-context.ts';

/** An intent is named by the digest and the nonce of what it holds, and follows from an answer. */
export function checkIntent(entry: Entry<'intent.proposed'>, context: RunContext): void {
  const { body, cause } = entry;
  const { actions, blobs, tell } = context;
  const { origin } = body;
  if ((origin === 'model' || origin === 'rollback') !== (cause !== null)) {
    tell('cause.misplaced', 'what a model or a plan wants follows from it, and nothing else does');
  }
  const intent = readContent(body.intent, blobs);
  if (intent === undefined) {
    tell('content.unread', 'the intent was not given');
    actions.propose(body.digest, {
      ...{ origin, kind: undefined },
      capability: undefined,
      command: undefined,
    });
    return;
  }
  const text = context.named === undefined ? undefined : inlineText(context.named);
  const digest = text === undefined ? intentDigest(intent) : textDigest('intent', text);
  if (digest !== body.digest) tell('action.mismatch', `the intent has the digest ${digest}`);
  if (textIn(intent, 'nonce') !== body.nonce) tell('action.mismatch', 'it has another nonce');
  const args = isJsonObject(intent) ? intent['args'] : undefined;
  const command = origin === 'gate' ? textIn(args, 'command') : null;
  const [kind, capability] = [textIn(intent, 'kind'), textIn(intent, 'capability')];
  actions.propose(body.digest, { origin, kind, capability, command });
}

function textIn(value: Json | undefined, member: string): string | null {
  const text = isJsonObject(value) ? value[member] : undefined;
  return typeof text === 'string' ? text : null;
}
