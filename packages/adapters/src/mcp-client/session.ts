import {
  isJsonObject,
  whyUnrecordable,
  type Json,
  type JsonObject,
} from '@chancery/kernel/encoding';
import { assert } from '@chancery/kernel/refusal';
import type { McpTransport, ToolDefinition } from '@chancery/kernel/manifest';
import type { CommandPipes, ExecutionContext, HttpRequester } from '@chancery/runtime/broker';
import {
  Client,
  StreamableHTTPClientTransport,
  type Transport,
} from '@modelcontextprotocol/client';
import { PipeTransport } from './pipes.ts';
import { fetchOver } from './requests.ts';
import { Trouble, troubleOf } from './trouble.ts';

/** Where a session takes place, and within which bounds. */
export type SessionContext = Omit<ExecutionContext, 'world' | 'tree' | 'actionDigest'>;

/** Makes requests to a host that a manifest names literally. */
export type Reach = (host: string) => HttpRequester;

/** A server that is spoken with. */
export interface McpSession {
  readonly server: ToolDefinition['server'];
  readonly client: Client;
  /** Bounds of each request. */
  readonly options: { readonly timeout: number; readonly signal: AbortSignal };
}

const identity = { name: 'chancery', version: '0.1.0' };

/** What is kept of standard error, and read by nobody. */
const keptBytes = 16_384;

/**
 * Speaks with a server, begun for this alone and gone when it resolves: a program in the sandbox, which has
 * no network, or one behind a URL. Nothing that a server asks for is given to it.
 * @throws {Trouble} for whatever goes wrong with it; `work` itself may throw one.
 */
export async function withServer<T>(
  transport: McpTransport,
  { reach, context }: { readonly reach: Reach; readonly context: SessionContext },
  work: (session: McpSession) => Promise<T>,
): Promise<T> {
  if (transport.kind === 'http') {
    const url = new URL(transport.url);
    const headers = Object.fromEntries(context.credentials);
    const remote = new StreamableHTTPClientTransport(url, {
      fetch: fetchOver(reach(url.hostname), context),
      requestInit: { headers },
    });
    return speak(remote, context, work);
  }
  return inSandbox(transport.argv, context, (pipes) => speak(pipes, context, work));
}

async function speak<T>(
  transport: Transport,
  { signal, timeoutMs: timeout }: SessionContext,
  work: (session: McpSession) => Promise<T>,
): Promise<T> {
  const options = { timeout, signal };
  const client = new Client(identity, { capabilities: {} });
  try {
    await client.connect(transport, options);
    const info = client.getServerVersion();
    assert(info !== undefined, 'a client that is connected knows its server');
    const server = { name: info.name, version: info.version };
    return await work({ server, client, options });
  } catch (error) {
    throw signal.aborted
      ? new Trouble('cancelled', 'cancelled while it was asked')
      : troubleOf(error);
  } finally {
    await client.close();
  }
}

/** Runs a server for as long as the work with it takes. */
async function inSandbox<T>(
  argv: readonly string[],
  context: SessionContext,
  work: (transport: Transport) => Promise<T>,
): Promise<T> {
  const over = new AbortController();
  let transport: PipeTransport | undefined;
  let worked: Promise<T> | undefined;
  const begin = (pipes: CommandPipes): void => {
    transport = new PipeTransport(pipes);
    worked = work(transport);
    const end = (): void => over.abort();
    worked.then(end, end);
  };
  const ran = await context.sandbox.run({
    ...{ argv, workspace: context.root, cwd: '.', env: Object.fromEntries(context.credentials) },
    ...{ timeoutMs: context.timeoutMs, outputBytes: keptBytes, stdin: begin },
    ...{ readable: context.readable, readOnly: context.readOnly },
    signal: AbortSignal.any([context.signal, over.signal]),
  });
  if (!ran.ok) {
    transport?.end(undefined);
    await worked?.catch(() => undefined);
    throw new Trouble(ran.refusal.code, ran.refusal.message);
  }
  const { timedOut, exitCode } = ran.value;
  transport?.end(
    timedOut
      ? new Trouble('mcp.timeout', 'the server has not answered in time')
      : new Trouble(
          'mcp.unreachable',
          `the server has ended${exitCode === null ? '' : ` with exit code ${exitCode}`}`,
        ),
  );
  try {
    if (worked === undefined) throw new Trouble('cancelled', 'cancelled before it was asked');
    return await worked;
  } catch (error) {
    const told = troubleOf(error);
    throw told.code === 'cancelled' ? told : (transport?.trouble ?? told);
  }
}

const pagesMax = 16;
const toolsMax = 1_000;

/** All tools of a server, as they are defined. @throws {Trouble} for more than anybody could mean. */
export async function toolsIn({
  server,
  client,
  options,
}: McpSession): Promise<readonly ToolDefinition[]> {
  const tools: ToolDefinition[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < pagesMax; page += 1) {
    const params = cursor === undefined ? {} : { cursor };
    const listed = await client.request({ method: 'tools/list', params }, options);
    for (const { name, description = '', inputSchema, outputSchema } of listed.tools) {
      const schemas = { inputSchema, outputSchema: outputSchema ?? null };
      tools.push({ server, name, description, ...(schemas as unknown as Schemas) });
    }
    cursor = listed.nextCursor;
    if (cursor === undefined) return tools;
    if (tools.length > toolsMax) break;
  }
  throw new Trouble('answer.unread', 'the server lists too many tools');
}

type Schemas = Pick<ToolDefinition, 'inputSchema' | 'outputSchema'>;

/** Whether a definition has a digest: with a fraction in its schemas it has none. */
export function isDefinite(definition: ToolDefinition): boolean {
  return whyUnrecordable(definition) === undefined;
}

/** Nesting that is kept of an answer. */
const answerDepth = 32;

/** A value as it can be recorded: a fraction is the text that it is. @throws {Trouble} for one that is nested too deeply. */
export function recordable(value: unknown, depth = answerDepth): Json {
  if (depth === 0) throw new Trouble('answer.unread', 'the answer is nested too deeply');
  if (typeof value === 'string') return value.toWellFormed();
  if (typeof value === 'number') return Number.isSafeInteger(value) ? value : String(value);
  if (Array.isArray(value)) return value.map((each) => recordable(each, depth - 1));
  if (typeof value !== 'object' || value === null) return value as Json;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .map(([name, member]) => [name.toWellFormed(), recordable(member, depth - 1)]),
  );
}

/** An object as it can be recorded; null for any other value. */
export function recordableObject(value: unknown): JsonObject | null {
  const kept = value === undefined ? null : recordable(value);
  return isJsonObject(kept) ? kept : null;
}
