import { RefusalError } from '@chancery/kernel/refusal';
import {
  CLIENT_CAPABILITIES_META_KEY,
  CLIENT_INFO_META_KEY,
  inputRequired,
  inputResponse,
  isSpecType,
  McpServer,
  ProtocolError,
  ProtocolErrorCode,
  type CallToolRequest,
  type CallToolResult,
  type ClientCapabilities,
  type InputRequiredResult,
  type ServerContext,
} from '@modelcontextprotocol/server';
import type { CallEnd, Conversation, Waiting } from './conversation.ts';
import { invalid, resultOf, waitingText, type Answers } from './results.ts';
import {
  finishTool,
  readArgs,
  readWait,
  toolsOf,
  waitMostS,
  waitTool,
  type GovernedTools,
  type Tools,
} from './tools.ts';

/** What an MCP server serves: one run, whoever of its clients asks. */
export interface McpService {
  readonly version: string;
  readonly conversation: Conversation;
  /**
   * Begins the run, or gives what was begun; told what the client calls itself. Rejects with a
   * `RefusalError` where no run can be begun.
   */
  readonly begin: (client: string) => Promise<GovernedTools>;
  readonly answers: Answers;
  /** Told what went wrong that no client has to know. */
  readonly onFault: (error: Error) => void;
}

const instructions = [
  'These tools work on a git repository under a writ: every call is a proposal, which is checked against',
  'a policy and a budget and, where a human has to agree, held until they have. A refusal names a code and',
  'a remedy; do not try the same again. Paths are relative to the root of the repository. Commands run in',
  `a sandbox without network. When an action waits for a human, call ${waitTool}. When you are done, call`,
  `${finishTool}: the result is checked, and becomes a branch of the repository.`,
].join('\n');

/** How often somebody who waits is told that it goes on. */
const progressMs = 5_000;

/** Makes the server of one connection, or of one request: all of them speak with the one run. */
export function serverOf(service: McpService): McpServer {
  const info = { name: 'chancery', title: 'Chancery', version: service.version };
  const mcp = new McpServer(info, { capabilities: { tools: {} }, instructions });
  mcp.server.onerror = service.onFault;
  mcp.server.setRequestHandler('tools/list', async (_, context) => {
    return { tools: [...(await begun(service, mcp, context)).list] };
  });
  mcp.server.setRequestHandler('tools/call', async (request, context) => {
    const tools = await begun(service, mcp, context);
    const progress = tellProgress(context);
    progress.tell('asked for');
    try {
      const taken = (): void => progress.tell('taken up');
      return await call(service, { tools, request, context, taken, asks: mayAsk(mcp, context) });
    } finally {
      progress.tell('answered');
      progress.stop();
    }
  });
  return mcp;
}

/** What a request of the revision 2026-07-28 says of its client; before, the handshake has said it. */
function saidIn({ mcpReq }: ServerContext, key: string): unknown {
  const envelope: Readonly<Record<string, unknown>> | undefined = mcpReq.envelope;
  return envelope?.[key];
}

/** What the client calls itself: nothing that anybody relies on. */
function clientOf({ server }: McpServer, context: ServerContext): string {
  const said = saidIn(context, CLIENT_INFO_META_KEY);
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- the one place for revisions with a handshake
  const info = isSpecType.Implementation(said) ? said : server.getClientVersion();
  return info === undefined ? 'unknown' : `${info.name} ${info.version}`;
}

/** Whether the user of the client can be asked something in a form. */
function mayAsk({ server }: McpServer, context: ServerContext): boolean {
  const said = saidIn(context, CLIENT_CAPABILITIES_META_KEY);
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- as above
  const can = isSpecType.ClientCapabilities(said) ? said : server.getClientCapabilities();
  const asked = can?.elicitation as ClientCapabilities['elicitation'];
  return asked !== undefined && (asked.form !== undefined || asked.url === undefined);
}

async function begun(service: McpService, mcp: McpServer, context: ServerContext): Promise<Tools> {
  try {
    return toolsOf(await service.begin(clientOf(mcp, context)));
  } catch (error) {
    if (!(error instanceof RefusalError)) throw error;
    const { code, message, remedy } = error.refusal;
    const said = `${code}: ${message} ${remedy}`;
    throw new ProtocolError(ProtocolErrorCode.InternalError, said, { code, remedy });
  }
}

interface Calling {
  readonly tools: Tools;
  readonly request: CallToolRequest;
  readonly context: ServerContext;
  readonly asks: boolean;
  readonly taken: () => void;
}

async function call(
  service: McpService,
  { tools, request, context, asks, taken }: Calling,
): Promise<CallToolResult | InputRequiredResult> {
  const { conversation, answers } = service;
  const { signal } = context.mcpReq;
  const { name, arguments: args } = request.params;
  const asked = context.mcpReq.requestState<string>();
  if (typeof asked === 'string')
    return resultOf(await answeredOn(service, asked, context), answers);
  if (name === waitTool) {
    const wait = readWait(args);
    if (wait === undefined) return invalid(`${waitTool} takes an action and seconds`);
    const until = AbortSignal.any([signal, AbortSignal.timeout(wait.waitMs)]);
    return resultOf(await conversation.outcome(wait.action, until), answers);
  }
  if (name === finishTool) return resultOf(await conversation.finish(signal, taken), answers);
  const call = { name: tools.capabilityOf(name).toWellFormed(), args: readArgs(args), signal };
  const end = await conversation.call(call, taken);
  const isHeld = end.type === 'waiting' && end.waiting.for === 'approval';
  return asks && isHeld ? ask(end.waiting, answers) : resultOf(end, answers);
}

const question = 'meanwhile';

/**
 * Asks the user of the client whether to wait. The client is the agent's side: what it answers is no
 * vote, since only a key of an approver can give one, and whoever answers here has shown none.
 */
function ask(waiting: Waiting, answers: Answers): InputRequiredResult {
  const message = `${waitingText(waiting, answers)}\nWhat you choose here approves nothing.`;
  return inputRequired({
    requestState: String(waiting.action),
    inputRequests: {
      [question]: inputRequired.elicit({
        message,
        requestedSchema: {
          type: 'object',
          properties: {
            next: { type: 'string', title: 'Until then', enum: ['wait', 'leave'], default: 'wait' },
          },
          required: ['next'],
        },
      }),
    },
  });
}

/** Waits for an action where the user wants that. `action` comes from the client, and names no more than what to wait for. */
async function answeredOn(
  { conversation }: McpService,
  action: string,
  { mcpReq }: ServerContext,
): Promise<CallEnd> {
  const said = inputResponse(mcpReq.inputResponses, question);
  const waits =
    said.kind === 'elicit' && said.action === 'accept' && said.content?.['next'] === 'wait';
  const until = waits ? AbortSignal.timeout(waitMostS * 1_000) : AbortSignal.abort();
  return conversation.outcome(action, AbortSignal.any([mcpReq.signal, until]));
}

interface Progress {
  readonly tell: (message: string) => void;
  readonly stop: () => void;
}

/** Tells a client that asked for it how its call goes on, and again and again that it does. */
function tellProgress({ mcpReq }: ServerContext): Progress {
  const progressToken = mcpReq._meta?.progressToken;
  if (progressToken === undefined) return { tell: () => undefined, stop: () => undefined };
  let progress = 0;
  const tell = (message: string): void => {
    progress += 1;
    const params = { progressToken, progress, message };
    // Whoever has gone need not be told.
    mcpReq.notify({ method: 'notifications/progress', params }).catch(() => undefined);
  };
  const timer = setInterval(() => tell('in hand'), progressMs);
  return { tell, stop: () => clearInterval(timer) };
}
