/** A server of the official library, whose tools say what `DEFINED` says; `count` counts its calls in a file. */
export const soundServer = (library: string): string => `
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { McpServer } from '${library}/server/dist/index.mjs';
import { StdioServerTransport } from '${library}/server/dist/stdio.mjs';
const at = process.env.SAYS ?? new URL('says.json', import.meta.url).pathname;
const says = existsSync(at) ? JSON.parse(readFileSync(at, 'utf8')) : {};
const { name = 'issues', version = '1.0.0', tool = 'open_issue', description = 'Opens an issue.', fail = false, hangs = false } = says;
const mcp = new McpServer({ name, version }, { capabilities: { tools: {} } });
const inputSchema = { type: 'object', properties: { title: { type: 'string' }, weight: { type: 'number' } }, required: ['title'] };
mcp.server.setRequestHandler('tools/list', () => ({ tools: [{ name: tool, description, inputSchema }] }));
mcp.server.setRequestHandler('tools/call', async ({ params }) => {
  if (hangs) await new Promise(() => setInterval(() => {}, 1_000));
  appendFileSync('calls.txt', params.arguments.title + '\\n');
  const text = [params.arguments.title, process.env.TOKEN ?? 'no token', 'weight' in params.arguments].join(' ');
  return { content: [{ type: 'text', text }], structuredContent: { price: 0.5, action: params._meta?.['chancery.alt/action'] }, isError: fail };
});
await mcp.connect(new StdioServerTransport());
`;

/** Answers as a server has to until `at`, and then in its own way. */
export const hostileServer = (at: string, how: string): string => `
import { createInterface } from 'node:readline';
import { appendFileSync } from 'node:fs';
const say = (id, result) => process.stdout.write(JSON.stringify({ jsonrpc: '2.0', id, result }) + '\\n');
const tool = { name: 'open_issue', description: 'Opens an issue.', inputSchema: { type: 'object' } };
const answers = {
  initialize: ({ protocolVersion }) => ({ protocolVersion, capabilities: { tools: {} }, serverInfo: { name: 'issues', version: '1.0.0' } }),
  'tools/list': () => ({ tools: [tool] }),
  'tools/call': () => ({ content: [] }),
};
for await (const line of createInterface({ input: process.stdin })) {
  const { id, method, params } = JSON.parse(line);
  if (id === undefined) continue;
  if (method === 'tools/call') appendFileSync('calls.txt', 'called\\n');
  if (method === ${JSON.stringify(at)}) { ${how} } else say(id, answers[method](params));
}
`;
