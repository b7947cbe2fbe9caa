import type { Effect } from '@chancery/kernel/contract';
import type { McpExecutor } from '@chancery/kernel/manifest';
import type { ExecutionContext, McpCaller } from '@chancery/runtime/broker';
import { failed, type Answered } from './answered.ts';
import type { PlannedTool } from './plan.ts';

/** Calls the tool. What it says of an error is a failure; where nothing takes it back, nobody knows of what. */
export async function callTool(
  executor: McpExecutor,
  { args }: PlannedTool,
  given: {
    readonly call: McpCaller;
    readonly effect: Effect;
    readonly context: ExecutionContext;
  },
): Promise<Answered> {
  const { call, effect, context } = given;
  const used = { bytesOut: Buffer.byteLength(JSON.stringify(args)) };
  const answered = await call({ executor, args, idempotencyKey: context.actionDigest }, context);
  if (answered.kind === 'failed') return { ...answered, used };
  const { isError, structuredContent, content } = answered;
  if (isError) {
    const kind = effect === 'irreversible' ? 'unknown' : 'terminal';
    return { ...failed(kind, 'mcp.failed', 'the tool answered with an error'), used };
  }
  return { kind: 'answered', answer: { isError, structuredContent, content }, used };
}
