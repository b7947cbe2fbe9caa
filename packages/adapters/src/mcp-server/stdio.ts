import type { Readable, Writable } from 'node:stream';
import { serveStdio as serve, StdioServerTransport } from '@modelcontextprotocol/server/stdio';
import { serverOf, type McpService } from './served-tools.ts';

/** Longest message that is read, in bytes; a longer one ends the session. */
const messageBytes = 4 * 1_048_576;

/**
 * Serves one client over two streams. `gone` resolves when the client has closed its end; `close` ends
 * the session from here.
 */
export function serveStdio(
  service: McpService,
  { input, output }: { readonly input: Readable; readonly output: Writable },
): { readonly gone: Promise<void>; readonly close: () => Promise<void> } {
  const transport = new StdioServerTransport(input, output, { maxBufferSize: messageBytes });
  const gone = new Promise<void>((resolve) => {
    for (const event of ['end', 'close', 'error']) input.once(event, () => resolve());
    output.once('error', () => resolve());
  });
  const handle = serve(() => serverOf(service), { transport, onerror: service.onFault });
  return { gone, close: () => handle.close() };
}
