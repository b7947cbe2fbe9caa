import type { McpTransport, ToolDefinition } from '@chancery/kernel/manifest';
import { done, refused, type Result } from '@chancery/kernel/refusal';
import { isDefinite, toolsIn, withServer, type Reach, type SessionContext } from './session.ts';
import { troubleOf } from './trouble.ts';

/** What a server says of itself. */
export interface ServedTools {
  readonly tools: readonly ToolDefinition[];
  /** Names of tools whose definition has no digest, since a fraction or the like is in it. */
  readonly indefinite: readonly string[];
}

/** Asks a server which tools it has. Refuses `mcp.unreachable`, with what went wrong. */
export async function serverTools(
  transport: McpTransport,
  asked: { readonly reach: Reach; readonly context: SessionContext },
): Promise<Result<ServedTools>> {
  try {
    const all = await withServer(transport, asked, toolsIn);
    const indefinite = all.filter((tool) => !isDefinite(tool)).map(({ name }) => name);
    return done({ tools: all.filter(isDefinite), indefinite });
  } catch (error) {
    const { code, message } = troubleOf(error);
    return refused('mcp.unreachable', `${code}: ${message}`);
  }
}
