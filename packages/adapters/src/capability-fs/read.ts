import { isUtf8 } from 'node:buffer';
import { bytesDigest, type JsonObject } from '@chancery/kernel/encoding';
import type { Capability } from '@chancery/runtime/broker';
import {
  closed,
  countOf,
  countSchema,
  digestSchema,
  factsOf,
  fileContract,
  normalisePath,
  pathSchema,
} from './contract.ts';
import { attempt, fileFailures } from './failure.ts';
import { readWhole, type FileContent } from './file.ts';

const longestTextBytes = 256 * 1024;
const longestBinaryBytes = 48 * 1024;
const usualLines = 2000;

const contract = fileContract({
  name: 'fs.read',
  description:
    'Reads a file. Text comes by lines: `offset` is the first line (from 1), `limit` how many. ' +
    'A small binary file comes as base64, a larger one as its size and digest only.',
  effect: 'read',
  input: closed(
    {
      path: pathSchema('The file.'),
      offset: { type: 'integer', minimum: 1 },
      limit: { type: 'integer', minimum: 1, maximum: 100_000 },
    },
    ['offset', 'limit'],
  ),
  output: closed({
    path: { type: 'string' },
    encoding: { enum: ['utf-8', 'base64', 'none'] },
    content: { type: 'string' },
    firstLine: countSchema,
    lines: countSchema,
    totalLines: countSchema,
    truncated: { type: 'boolean' },
    sizeBytes: countSchema,
    digest: digestSchema,
    executable: { type: 'boolean' },
  }),
  roles: { path: 'path' },
  authors: {
    path: 'service',
    encoding: 'service',
    content: 'third-party',
    firstLine: 'service',
    lines: 'service',
    totalLines: 'service',
    truncated: 'service',
    sizeBytes: 'service',
    digest: 'service',
    executable: 'service',
  },
  inputBytes: 16 * 1024,
  outputBytes: 2 * 1024 * 1024,
  timeoutMs: 5000,
  failures: fileFailures,
});

export const fsRead: Capability = {
  contract,
  normalise: async (args, surroundings) => normalisePath(contract, args, surroundings),
  execute: (action, context) =>
    attempt(() => {
      const facts = factsOf(action.resolved);
      const file = readWhole(context.root, facts);
      const observation = { path: facts.path, ...described(file, action.normalisedArgs) };
      return { kind: 'done', observation, delta: [], used: {}, changed: [] };
    }),
};

function described(file: FileContent, args: JsonObject): JsonObject {
  const { bytes, permissions } = file;
  const common = {
    sizeBytes: bytes.length,
    digest: bytesDigest(bytes),
    executable: (permissions & 0o100) !== 0,
  };
  if (isText(bytes)) return { ...common, ...linesOf(bytes.toString(), args) };
  const shown = bytes.length <= longestBinaryBytes;
  return {
    ...common,
    encoding: shown ? 'base64' : 'none',
    content: shown ? bytes.toString('base64') : '',
    firstLine: 0,
    lines: 0,
    totalLines: 0,
    truncated: !shown,
  };
}

export function isText(bytes: Buffer): boolean {
  return isUtf8(bytes) && !bytes.includes(0);
}

function linesOf(text: string, args: JsonObject): JsonObject {
  const all = text.split('\n');
  // A line break ends a line; it does not begin another.
  const ends = all.at(-1) === '';
  const totalLines = ends ? all.length - 1 : all.length;
  const first = countOf(args, 'offset', 1);
  const asked = all.slice(first - 1, first - 1 + countOf(args, 'limit', usualLines));
  const kept = fitting(asked);
  const lines = Math.min(kept.lines.length, Math.max(0, totalLines - first + 1));
  const last = first - 1 + lines;
  const content = kept.lines.slice(0, lines).join('\n');
  const endsHere = lines > 0 && !kept.cut && (last < totalLines || ends);
  return {
    encoding: 'utf-8',
    content: endsHere ? `${content}\n` : content,
    firstLine: lines === 0 ? 0 : first,
    lines,
    totalLines,
    truncated: kept.cut || last < totalLines,
  };
}

/** As many whole lines as fit; of a first line that is too long, its start. */
function fitting(lines: readonly string[]): {
  readonly lines: readonly string[];
  readonly cut: boolean;
} {
  let bytes = 0;
  for (const [index, line] of lines.entries()) {
    bytes += Buffer.byteLength(line) + 1;
    if (bytes <= longestTextBytes + 1) continue;
    if (index > 0) return { lines: lines.slice(0, index), cut: false };
    const start = Buffer.from(line).subarray(0, longestTextBytes);
    return { lines: [start.toString().replace(/\ufffd$/, '')], cut: true };
  }
  return { lines, cut: false };
}
