import { isJsonObject, type Json } from '../encoding/index.ts';
import type { Body, Content } from '../ledger/index.ts';
import type { Action } from './model.ts';

/** An action as its proposal records it: what is large of it stands outside the entry. */
export type RecordedAction = Body<'proposal.staged'>['action'];

/**
 * The action whose digest the proposal names; undefined where `read` does not know one of its
 * contents, or where its arguments are no object.
 */
export function actionFrom(
  recorded: RecordedAction,
  read: (content: Content) => Json | undefined,
): Action | undefined {
  const normalisedArgs = read(recorded.normalisedArgs);
  const resolved = read(recorded.resolved);
  if (resolved === undefined || !isJsonObject(normalisedArgs)) return undefined;
  return { ...recorded, normalisedArgs, resolved };
}
