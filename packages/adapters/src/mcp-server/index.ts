export { Conversation, type SessionEnd, type Waiting } from './conversation.ts';
export { serveHttp, type ServedMcp } from './http.ts';
export type { McpService } from './served-tools.ts';
export { serveStdio } from './stdio.ts';
