export { mcpCaller, type McpReach } from './caller.ts';
export { serverTools, type ServedTools } from './inspect.ts';
