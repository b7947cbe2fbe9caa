import type { CommandFacts } from '@chancery/kernel/contract';
import type { DeclaredPrograms } from '@chancery/kernel/programs';
import type { HttpRequester, McpCaller } from '@chancery/runtime/broker';

/** What acts for manifests. */
export interface Executors {
  /** Makes requests to a host that a manifest names literally. */
  readonly http: (host: string) => HttpRequester;
  readonly mcp: McpCaller;
  /** What a command is understood to run. */
  readonly commandFacts: (
    argv: readonly string[],
    declared: DeclaredPrograms | undefined,
  ) => CommandFacts;
  /** Milliseconds since the epoch. */
  readonly nowMs: () => number;
}
