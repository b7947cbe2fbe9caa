import { objectDigest, type Digest, type JsonObject } from '../encoding/index.ts';
import type { McpExecutor } from './model.ts';

/** What a server of the Model Context Protocol says of one of its tools, and of itself. */
export interface ToolDefinition {
  readonly server: McpExecutor['server'];
  readonly name: string;
  /** Empty where it gives none. */
  readonly description: string;
  readonly inputSchema: JsonObject;
  /** Null where it gives none. */
  readonly outputSchema: JsonObject | null;
}

/** Digest of what a tool is, which a manifest pins: another description is another tool. */
export function toolDigest(definition: ToolDefinition): Digest {
  const { server, name, description, inputSchema, outputSchema } = definition;
  return objectDigest('mcp-tool', { server, name, description, inputSchema, outputSchema });
}
