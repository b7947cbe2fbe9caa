import type { Conversation, McpService, ServedMcp } from '@chancery/adapters/mcp-server';

export type { Conversation, McpService, SessionEnd, Waiting } from '@chancery/adapters/mcp-server';

export async function newConversation(): Promise<Conversation> {
  const mcp = await import('@chancery/adapters/mcp-server');
  return new mcp.Conversation();
}

/** Serves the client at the other end of standard input and output. */
export async function serveClient(service: McpService) {
  const { serveStdio } = await import('@chancery/adapters/mcp-server');
  return serveStdio(service, { input: process.stdin, output: process.stdout });
}

/** Serves clients of this machine over HTTP. Refuses `usage.invalid` where it cannot listen. */
export async function serveClients(
  service: McpService,
  terms: { readonly host: string; readonly port: number; readonly token: string },
): Promise<ServedMcp> {
  const { serveHttp } = await import('@chancery/adapters/mcp-server');
  return serveHttp(service, terms);
}
