import { type Body } from '@chancery/kernel/ledger';
import { readContent } from './content.ts';
import { type RunContext } from './run-context.ts';
import { type Submission } from './submit.ts';

/**
 * The submission of an intent that is on the ledger.
 * @throws {RefusalError} `ledger.corrupt` where it stands outside its entry and is gone.
 */
export async function readSubmission(
  { journal }: Pick<RunContext, 'journal'>,
  { origin, turn, callId, intent }: Body<'intent.proposed'>,
): Promise<Submission> {
  return { origin, turn, callId, intent: await readContent(journal.store, intent) };
}
