import type { Author, Effect, Risk, Role } from '../contract/index.ts';
import type { Digest, Json, JsonObject } from '../encoding/index.ts';

/**
 * A text with places for values: `{name}` is an argument, `{$action}` the digest of the action and
 * `{$seconds}` the time of the call in seconds since the epoch; `{{` and `}}` are braces.
 */
export type Template = string;

/** A JSON value whose texts are templates; a text that is one place alone becomes the value itself. */
export type JsonTemplate = Json;

/** RFC 6901, into what an executor was answered. */
export type Pointer = string;

/** Which part of an answer becomes which member of the observation; a part that is not there is left out. */
export type Observed = Readonly<Record<string, Pointer>>;

/**
 * A program in the sandbox, without a shell. Each template is one argument, whatever its values are.
 * Answered: `{exitCode, stdout, stderr}`; stdout as JSON where `output` says so.
 */
export interface CommandExecutor {
  readonly kind: 'command';
  readonly argv: readonly Template[];
  readonly stdin: Template | null;
  /** Variables of the environment that a lent secret may be for. */
  readonly credentials: readonly string[];
  readonly output: 'json' | 'text';
  /** Exit codes that are a success, ascending. */
  readonly success: readonly number[];
  readonly observed: Observed;
}

export const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;

/**
 * One request. Answered: `{status, headers, body}`, names of headers in lower case; the body as JSON
 * where it is some, as text otherwise.
 */
export interface HttpExecutor {
  readonly kind: 'http';
  readonly method: (typeof methods)[number];
  /** RFC 6570, level 1; scheme and authority literal, no query. */
  readonly url: Template;
  /** One whose argument is not given is left out; so with headers and members of the body. */
  readonly query: Readonly<Record<string, Template>>;
  readonly headers: Readonly<Record<string, Template>>;
  /** Sent as JSON; null for none. */
  readonly body: JsonTemplate;
  /** Headers that a lent secret may be for. */
  readonly credentials: readonly string[];
  /** A lent secret that is not sent, but signs what is; null for none. */
  readonly signing: Signing | null;
  /** Statuses that are a success, ascending. */
  readonly success: readonly number[];
  readonly observed: Observed;
}

/** Signature of a body by Standard Webhooks: HMAC-SHA256 over id, time and body. */
export interface Signing {
  readonly scheme: 'standard-webhooks';
  /** The name under which the secret is lent: `NAME=vault:SECRET`. */
  readonly credential: string;
}

export type McpTransport =
  | { readonly kind: 'stdio'; readonly argv: readonly string[] }
  | { readonly kind: 'http'; readonly url: string };

/**
 * A tool of a server of the Model Context Protocol. Answered: `{isError, structuredContent, content}`;
 * an error is a failure, and never observed.
 */
export interface McpExecutor {
  readonly kind: 'mcp';
  readonly transport: McpTransport;
  /** As the server names itself. */
  readonly server: { readonly name: string; readonly version: string };
  readonly tool: string;
  /** What the tool is, see `toolDigest`: another one is not called. */
  readonly definition: Digest;
  /** An object. */
  readonly args: JsonTemplate;
  /** Variables of the environment, or headers, that a lent secret may be for. */
  readonly credentials: readonly string[];
  readonly observed: Observed;
}

export type Executor = CommandExecutor | HttpExecutor | McpExecutor;

/** What has to be so of an answer; `value` holds templates. */
export type Condition =
  | { readonly at: Pointer; readonly op: 'is' | 'contains'; readonly value: JsonTemplate }
  | { readonly at: Pointer; readonly op: 'exists' | 'absent' };

/** How to find out whether a call happened whose end was lost. Where neither holds, nobody knows. */
export interface Reconcile {
  /**
   * Only asks: a GET or HEAD, or a tool of a server behind a URL, of which whoever signs says that it
   * changes nothing. Its observation is that of the call.
   */
  readonly executor: Executor;
  /** All of them. */
  readonly happened: readonly Condition[];
  readonly didNotHappen: readonly Condition[];
}

/** The call that takes another one back: a capability of its own, called `NAME.undo`. */
export interface Compensate {
  readonly description: string;
  /** Its arguments, each `args.NAME` or `output.NAME` of the call that is taken back. */
  readonly given: Readonly<Record<string, string>>;
  readonly output: JsonObject;
  readonly authors: Readonly<Record<string, Author>>;
  readonly executor: Executor;
  readonly reconcile: Reconcile | null;
}

/** A capability as data. */
export interface Manifest {
  readonly v: 1;
  /** `group.name` */
  readonly name: string;
  /** `1.2.3`; rises with every declaration of the name. */
  readonly version: string;
  /** Told to the model. */
  readonly description: string;
  readonly effect: Effect;
  readonly risk: Risk;
  /** JSON Schema 2020-12; a closed object. */
  readonly input: JsonObject;
  /** JSON Schema 2020-12 of what is observed; a closed object. */
  readonly output: JsonObject;
  /** Of every argument. */
  readonly roles: Readonly<Record<string, Role>>;
  /** Of every member of the output. */
  readonly authors: Readonly<Record<string, Author>>;
  readonly limits: {
    readonly timeoutMs: number;
    readonly inputBytes: number;
    readonly outputBytes: number;
  };
  readonly executor: Executor;
  readonly reconcile: Reconcile | null;
  readonly compensate: Compensate | null;
}
