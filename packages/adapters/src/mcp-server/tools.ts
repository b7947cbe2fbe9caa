import type { Contract } from '@chancery/kernel/contract';
import { maxDepth, whyUnrecordable, type JsonObject } from '@chancery/kernel/encoding';
import { toolNaming, type AgentCall } from '@chancery/runtime/cognition';
import type { ListToolsResult, Tool } from '@modelcontextprotocol/server';

/** What the run of a session is offered. */
export interface GovernedTools {
  readonly contracts: readonly Contract[];
  /** Names of all that it knows, granted or not: a call of one that is not is refused as such. */
  readonly names: readonly string[];
}

/** Tools of the session itself, which reach no capability. */
export const waitTool = 'chancery_wait';
export const finishTool = 'chancery_finish';

/** Longest time that one call of `chancery_wait` takes, in seconds. */
export const waitMostS = 300;
const waitUsualS = 30;

/** How the tools are called, and what they stand for. */
export interface Tools {
  readonly list: ListToolsResult['tools'];
  /** The capability that a tool stands for; a name that was never offered comes back as it is. */
  readonly capabilityOf: (tool: string) => string;
}

/**
 * Capabilities as tools. A name is one that every provider takes (`fs.read` is `fs_read`), whatever MCP
 * itself permits: the client hands it on to its model.
 */
export function toolsOf({ contracts, names }: GovernedTools): Tools {
  const naming = toolNaming([waitTool, finishTool, ...names]);
  return {
    list: [...contracts.map((contract) => toolOf(contract, naming.aliasOf(contract.name))), ...own],
    capabilityOf: naming.nameOf,
  };
}

function toolOf({ name, description, effect, input }: Contract, alias: string): Tool {
  const leaves = effect === 'external' || effect === 'irreversible';
  const looks = effect === 'pure' || effect === 'read';
  return {
    name: alias,
    title: name,
    description,
    inputSchema: input as Tool['inputSchema'],
    annotations: {
      title: name,
      readOnlyHint: looks,
      // What is written stays on a branch of its own, from which it can be taken back.
      destructiveHint: leaves,
      idempotentHint: looks,
      openWorldHint: leaves,
    },
  };
}

const own: readonly Tool[] = [
  {
    name: waitTool,
    title: 'Wait for a human',
    description:
      'Gives the outcome of an action that waits for a human, as soon as there is one. It cannot approve anything: only a human with a key can, outside this session.',
    inputSchema: {
      type: 'object',
      properties: {
        action: {
          type: 'string',
          description:
            'Digest of the action, or its first letters; without it, what waits now or has waited last.',
        },
        seconds: {
          type: 'integer',
          minimum: 0,
          maximum: waitMostS,
          description: `How long to wait for it (default ${waitUsualS}).`,
        },
      },
      additionalProperties: false,
    },
    annotations: { readOnlyHint: true, openWorldHint: false },
  },
  {
    name: finishTool,
    title: 'Finish the work',
    description:
      'Says that the work is done: its gates are run, and where they pass the run ends and its result is a branch of the repository. Where one fails, correct it and call this again.',
    inputSchema: { type: 'object', properties: {}, additionalProperties: false },
    annotations: { readOnlyHint: false, destructiveHint: false, openWorldHint: false },
  },
];

/** What `chancery_wait` was asked; undefined where its schema does not have it so. */
export function readWait(
  args: Readonly<Record<string, unknown>> = {},
): { readonly action: string | undefined; readonly waitMs: number } | undefined {
  const { action, seconds = waitUsualS, ...other } = args;
  if (Object.keys(other).length > 0) return undefined;
  if (action !== undefined && typeof action !== 'string') return undefined;
  if (typeof seconds !== 'number' || !Number.isInteger(seconds)) return undefined;
  if (seconds < 0 || seconds > waitMostS) return undefined;
  return { action, waitMs: seconds * 1_000 };
}

/** Nesting that the arguments of an intent may have. */
const argsDepth = maxDepth - 3;

/** Arguments as they can be recorded; of those that cannot, such as fractions, why not. */
export function readArgs(args: unknown): AgentCall['args'] {
  if (args === undefined) return {};
  const why = whyUnrecordable(args, argsDepth);
  if (why !== undefined) return { malformed: `the arguments cannot be recorded: ${why}` };
  return args as JsonObject;
}
