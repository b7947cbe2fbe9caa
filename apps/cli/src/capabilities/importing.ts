import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isJsonObject, type Json, type JsonObject } from '@chancery/kernel/encoding';
import {
  checkManifest,
  toolDigest,
  type Manifest,
  type McpTransport,
  type ToolDefinition,
} from '@chancery/kernel/manifest';
import { toolsServedBy, unfitness } from '../compose/declared.ts';
import { sandboxOf } from '../compose/house.ts';
import { exitCodes, granted, refuse } from '../exit.ts';
import { ownName } from '../own-name.ts';
import { readShared } from '../runs/run-paths.ts';
import type { CommonFlags, Session } from '../session.ts';
import { visible } from '../terminal/visible.ts';
import { writeNewText } from '../text-file.ts';
import { manifestText } from './file.ts';

export interface ImportFlags extends CommonFlags {
  readonly url?: string;
  readonly as?: string;
  readonly out: string;
  readonly share: readonly string[];
}

/** Longest time that a server has to tell what it has. */
const askMs = 60_000;

/** Writes a manifest for each tool of a server: what it does is unknown, and so the worst. */
export async function importMcp(
  { terminal, json, env, home }: Session,
  argv: readonly string[],
  flags: ImportFlags,
): Promise<number> {
  const transport = transportOf(argv, flags.url);
  const share = flags.share.map((path) => granted(readShared(path, home.folder)));
  const { tools, indefinite } = await asked(transport, share, home.folder);
  const unfit = await unfitness();
  mkdirSync(flags.out, { recursive: true });
  const taken = new Set<string>();
  let left = 0;
  const leave = (tool: string, why: string): void => {
    left += 1;
    if (json) terminal.json({ type: 'mcp-tool-left-out', tool, why });
    else terminal.line(`✗ ${visible(tool)}: left out, since ${visible(why)}`);
  };
  for (const tool of indefinite) leave(tool, 'a number in its definition is no whole number');
  for (const tool of tools) {
    const manifest = manifestOf(tool, transport, flags.as);
    const { name } = manifest;
    const wrong = checkManifest(manifest) ?? unfit(manifest);
    if (wrong !== undefined) leave(tool.name, wrong.message);
    else if (taken.has(name)) leave(tool.name, `another tool is called ${name} as well`);
    else {
      taken.add(name);
      const file = join(flags.out, `${name}.json`);
      writeNewText(file, manifestText(manifest));
      if (json) terminal.json({ type: 'capability-file', file, name });
      else terminal.line(`✓ ${name}: ${visible(tool.description.split('\n', 1)[0] ?? '')}`);
    }
  }
  if (!json && taken.size > 0) {
    terminal.line(
      'Each may do anything, as far as is known: external and irreversible, held for a human.',
    );
    terminal.line('Read what it says, let it say less where you know better, then:');
    terminal.line(`  ${ownName(env)} capability declare FILE`);
  }
  return left > 0 && taken.size === 0 ? exitCodes.failed : exitCodes.ok;
}

function transportOf(argv: readonly string[], url: string | undefined): McpTransport {
  if (url === undefined && argv.length > 0) return { kind: 'stdio', argv };
  if (url !== undefined && argv.length === 0 && /^https?:\/\//.test(url) && URL.canParse(url)) {
    return { kind: 'http', url };
  }
  return refuse('usage.invalid', 'name one server, by --url or by the words that start it', {
    remedy: 'Such as: chancery capability import-mcp -- node server.mjs',
  });
}

/** What the server says, asked in an empty folder of the sandbox. */
async function asked(transport: McpTransport, readable: readonly string[], hidden: string) {
  const root = mkdtempSync(join(tmpdir(), 'chancery-mcp-'));
  try {
    const sandbox = await sandboxOf(false, { hidden: [hidden], limits: {} });
    const signal = AbortSignal.timeout(askMs);
    const context = { root, sandbox, readable, readOnly: [], signal, timeoutMs: askMs };
    return granted(await toolsServedBy(transport, { ...context, credentials: new Map() }));
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

/** Letters that the name of a capability has, and others as hyphens. */
function plain(text: string): string {
  const name = text.toLowerCase().replace(/[^a-z0-9]+/g, '-');
  return name.replace(/^[^a-z]+/, '').replace(/-+$/, '');
}

const descriptionChars = 2_048;

function manifestOf(
  tool: ToolDefinition,
  transport: McpTransport,
  group: string | undefined,
): Manifest {
  const { properties, required, others } = argumentsOf(tool.inputSchema);
  const names = Object.keys(properties);
  return {
    v: 1,
    name: `${group ?? plain(tool.server.name)}.${plain(tool.name)}`,
    version: '1.0.0',
    description: (tool.description === '' ? tool.name : tool.description)
      .slice(0, descriptionChars)
      .toWellFormed(),
    effect: 'irreversible',
    risk: 'high',
    input: { ...others, type: 'object', additionalProperties: false, properties, required },
    output: {
      type: 'object',
      additionalProperties: false,
      properties: { content: { type: 'array' }, structured: {} },
      required: ['content'],
    },
    roles: Object.fromEntries(names.map((name) => [name, 'destination'])),
    authors: { content: 'third-party', structured: 'third-party' },
    limits: { timeoutMs: 60_000, inputBytes: 65_536, outputBytes: 262_144 },
    executor: {
      ...{ kind: 'mcp', transport, server: tool.server, tool: tool.name },
      definition: toolDigest(tool),
      args: Object.fromEntries(names.map((name) => [name, `{${name}}`])),
      credentials: [],
      observed: { content: '/content', structured: '/structuredContent' },
    },
    reconcile: null,
    compensate: null,
  };
}

function argumentsOf(schema: JsonObject): {
  readonly properties: JsonObject;
  readonly required: readonly Json[];
  readonly others: JsonObject;
} {
  const { properties, required, $defs } = schema;
  return {
    properties: isJsonObject(properties) ? properties : {},
    required: Array.isArray(required) ? required : [],
    others: isJsonObject($defs) ? { $defs } : {},
  };
}
