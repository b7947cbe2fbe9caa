import type { Json, JsonObject } from '@chancery/kernel/encoding';
import type { McpExecutor } from '@chancery/kernel/manifest';
import type { ExecutionContext, ExecutionFailure } from './capability.ts';

/** Why nothing was answered. */
export interface Unanswered {
  readonly kind: 'failed';
  readonly failure: ExecutionFailure;
}

/** One request as it is sent. */
export interface HttpRequest {
  readonly method: string;
  /** Absolute. */
  readonly url: string;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}

export interface HttpAnswer {
  readonly kind: 'answered';
  readonly status: number;
  /** By lower-case name; of several lines of one name the first. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: Uint8Array;
  /** Whether there was more of the body. */
  readonly truncated: boolean;
}

/**
 * Makes one request over HTTP, to no other address than that of the URL: redirections are answers.
 * Of the context it takes the signal and the time limit.
 */
export type HttpRequester = (
  request: HttpRequest,
  context: Pick<ExecutionContext, 'signal' | 'timeoutMs'>,
) => Promise<HttpAnswer | Unanswered>;

/** One call of a tool. */
export interface McpCall {
  readonly executor: McpExecutor;
  readonly args: JsonObject;
  /** The same for the same action, however often it is called. */
  readonly idempotencyKey: string;
}

export interface McpAnswer {
  readonly kind: 'answered';
  readonly isError: boolean;
  readonly structuredContent: JsonObject | null;
  readonly content: readonly Json[];
}

/**
 * Calls a tool of a server of the Model Context Protocol. A server that names itself otherwise, and a
 * tool of another definition (`toolDigest`), are not called: it fails with `mcp.changed`, which is
 * terminal. Of the context it takes signal, time limit, sandbox with its surroundings, and credentials.
 */
export type McpCaller = (
  call: McpCall,
  context: ExecutionContext,
) => Promise<McpAnswer | Unanswered>;
