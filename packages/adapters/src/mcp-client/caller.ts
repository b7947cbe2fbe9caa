import { toolDigest, type McpExecutor } from '@chancery/kernel/manifest';
import type {
  ExecutionContext,
  McpAnswer,
  McpCall,
  McpCaller,
  Unanswered,
} from '@chancery/runtime/broker';
import {
  isDefinite,
  recordable,
  recordableObject,
  toolsIn,
  withServer,
  type McpSession,
  type Reach,
} from './session.ts';
import { Trouble, troubleOf } from './trouble.ts';

/** How servers behind a URL are reached. */
export interface McpReach {
  readonly http: Reach;
}

/** Where a server may find that two calls are one and the same. */
const actionKey = 'chancery.alt/action';

/**
 * Calls tools of servers of the Model Context Protocol, each in a session of its own. In that session the
 * server has to be who it was, and the tool what it was, to the last byte; else nothing is called.
 */
export function mcpCaller({ http }: McpReach): McpCaller {
  return async (call, context) => {
    const { executor } = call;
    const lent = [...context.credentials].filter(([name]) => executor.credentials.includes(name));
    const bounds = { ...context, credentials: new Map(lent) };
    const sent = { yet: false };
    try {
      return await withServer(
        executor.transport,
        { reach: http, context: bounds },
        async (session) => {
          await checkDefinition(session, executor);
          sent.yet = true;
          return answerOf(session, call);
        },
      );
    } catch (error) {
      return unanswered(troubleOf(error), sent.yet, context);
    }
  };
}

/** @throws {Trouble} `mcp.changed` where the server or the tool is another than was declared. */
async function checkDefinition(session: McpSession, executor: McpExecutor): Promise<void> {
  const { server } = session;
  const { name, version } = executor.server;
  if (server.name !== name || server.version !== version) {
    const now = `${server.name} ${server.version}`.slice(0, 200).toWellFormed();
    throw new Trouble('mcp.changed', `the server is ${now}, and was ${name} ${version}`);
  }
  const named = (await toolsIn(session)).filter((tool) => tool.name === executor.tool);
  const [found, another] = named;
  if (found === undefined) throw new Trouble('mcp.changed', `it has no tool ${executor.tool}`);
  const isSame =
    another === undefined && isDefinite(found) && toolDigest(found) === executor.definition;
  if (!isSame) throw new Trouble('mcp.changed', `the tool ${executor.tool} is defined otherwise`);
}

async function answerOf(
  { client, options }: McpSession,
  { executor, args, idempotencyKey }: McpCall,
): Promise<McpAnswer> {
  const params = {
    name: executor.tool,
    arguments: { ...args },
    _meta: { [actionKey]: idempotencyKey },
  };
  const result = await client.callTool(params, options);
  return {
    kind: 'answered',
    isError: result.isError === true,
    structuredContent: recordableObject(result.structuredContent),
    content: result.content.map((each) => recordable(each)),
  };
}

/** What was called may have happened, whatever became of its answer. */
function unanswered(
  { code, message }: Trouble,
  sent: boolean,
  { signal }: Pick<ExecutionContext, 'signal'>,
): Unanswered {
  if (sent) return { kind: 'failed', failure: { class: 'unknown', code, message } };
  const mayWork = code === 'mcp.timeout' || code === 'mcp.unreachable';
  const kind = mayWork && !signal.aborted ? 'retryable' : 'terminal';
  return { kind: 'failed', failure: { class: kind, code, message } };
}
