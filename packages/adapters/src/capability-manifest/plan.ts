import { isJsonObject, type JsonObject } from '@chancery/kernel/encoding';
import type { Executor, McpExecutor } from '@chancery/kernel/manifest';
import { assert, done, type Result } from '@chancery/kernel/refusal';
import { planCommand, type PlannedCommand } from './command.ts';
import { filledJson, type Values } from './fill.ts';
import { planRequest, type PlannedRequest } from './request.ts';

/** A call of a tool. */
export interface PlannedTool {
  readonly kind: 'mcp';
  readonly server: McpExecutor['server'];
  readonly tool: string;
  readonly args: JsonObject;
}

/** What an executor does for some values, without what it is lent. */
export type Planned = PlannedCommand | PlannedRequest | PlannedTool;

/** Has no effect. Refuses `args.invalid`. */
export function plan(executor: Executor, values: Values): Result<Planned> {
  switch (executor.kind) {
    case 'command':
      return planCommand(executor, values);
    case 'http':
      return planRequest(executor, values);
    case 'mcp': {
      const args = filledJson(executor.args, values);
      assert(isJsonObject(args), 'the arguments of a tool are an object');
      const { server, tool } = executor;
      return done({ kind: 'mcp', server, tool, args });
    }
  }
}
