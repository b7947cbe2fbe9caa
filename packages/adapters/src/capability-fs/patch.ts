import { bytesDigest, isJsonObject, type JsonObject } from '@chancery/kernel/encoding';
import { Fault } from '@chancery/kernel/refusal';
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
  requiredText,
} from './contract.ts';
import { attempt, Failed, fileFailures } from './failure.ts';
import { readWhole, writeWhole } from './file.ts';
import { isText } from './read.ts';

const contract = fileContract({
  name: 'fs.patch',
  description:
    'Changes parts of a text file. Each hunk replaces the text `find`, which must stand there ' +
    'exactly once, or exactly `count` times, by `replace`; blanks and line breaks count. Hunks ' +
    'apply in order, each to the result of the one before; if one fails, nothing is written.',
  effect: 'write',
  input: closed({
    path: pathSchema('The file.'),
    hunks: {
      type: 'array',
      minItems: 1,
      maxItems: 200,
      items: closed(
        {
          find: { type: 'string', minLength: 1 },
          replace: { type: 'string' },
          count: { type: 'integer', minimum: 1 },
        },
        ['count'],
      ),
    },
  }),
  output: closed({
    path: { type: 'string' },
    replaced: countSchema,
    sizeBytes: countSchema,
    digest: digestSchema,
  }),
  roles: { path: 'path', hunks: 'text' },
  authors: { path: 'service', replaced: 'service', sizeBytes: 'service', digest: 'service' },
  inputBytes: 1024 * 1024,
  outputBytes: 16 * 1024,
  timeoutMs: 5000,
  failures: [...fileFailures, 'file.not-text', 'patch.no-match', 'patch.ambiguous'],
});

export const fsPatch: Capability = {
  contract,
  normalise: async (args, surroundings) => normalisePath(contract, args, surroundings),
  execute: (action, context) =>
    attempt(() => {
      const facts = factsOf(action.resolved);
      const hunks = hunksOf(action.normalisedArgs);
      const { bytes, permissions } = readWhole(context.root, facts);
      if (!isText(bytes)) throw new Failed('file.not-text', `${facts.path} is not UTF-8 text`);
      const text = hunks.reduce(applyHunk, bytes.toString());
      const patched = Buffer.from(text);
      writeWhole(context.root, { facts, bytes: patched, permissions });
      const observation = {
        path: facts.path,
        replaced: hunks.reduce((sum, { count }) => sum + count, 0),
        sizeBytes: patched.length,
        digest: bytesDigest(patched),
      };
      return { kind: 'done', observation, delta: [], used: {}, changed: [facts.path] };
    }),
};

interface Hunk {
  readonly find: string;
  readonly replace: string;
  readonly count: number;
}

function hunksOf(args: JsonObject): Hunk[] {
  const { hunks } = args;
  if (!Array.isArray(hunks)) throw new Fault('the argument hunks is not a list');
  return (hunks as readonly unknown[]).map((hunk) => {
    if (!isJsonObject(hunk)) throw new Fault('a hunk is not an object');
    return {
      find: requiredText(hunk, 'find'),
      replace: requiredText(hunk, 'replace'),
      count: countOf(hunk, 'count', 1),
    };
  });
}

function applyHunk(text: string, { find, replace, count }: Hunk, index: number): string {
  const parts = text.split(find);
  const found = parts.length - 1;
  const told = `hunk ${index + 1}: the text to find stands there ${found} times`;
  if (found === 0) throw new Failed('patch.no-match', told);
  if (found !== count) throw new Failed('patch.ambiguous', `${told}, expected ${count}`);
  return parts.join(replace);
}
