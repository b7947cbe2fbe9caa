import type { Body } from '@chancery/kernel/ledger';
import { readContent } from './content.ts';
import type { RunContext } from './run-context.ts';
import type { Submission } from './submit.ts';

/**
 * The submission of an intent that is on the ledger.
 * @throws {RefusalError} as `readContent` does.
 */
export async function readSubmission(
  { contents }: Pick<RunContext, 'contents'>,
  { origin, turn, callId, intent }: Body<'intent.proposed'>,
): Promise<Submission> {
  return { origin, turn, callId, intent: await readContent(contents, intent) };
}
