import { bytesDigest } from '@chancery/kernel/encoding';
import type { Capability } from '@chancery/runtime/broker';
import {
  closed,
  countSchema,
  digestSchema,
  factsOf,
  fileContract,
  flagOf,
  normalisePath,
  pathSchema,
  requiredText,
  textOf,
} from './contract.ts';
import { attempt, Failed, fileFailures } from './failure.ts';
import { readWhole, writeWhole, type FileContent } from './file.ts';
import type { PathFacts } from './workspace-path.ts';

const absent = 'absent';

const contract = fileContract({
  name: 'fs.write',
  description:
    'Writes a whole text file, making the folders above it. `expect` is the digest that fs.read ' +
    'gave, or "absent": then it writes only when the file is still so. `executable` sets or ' +
    'clears the executable bit; without it the bit stays as it is.',
  effect: 'write',
  input: closed(
    {
      path: pathSchema('The file.'),
      text: { type: 'string' },
      expect: { anyOf: [digestSchema, { const: absent }] },
      executable: { type: 'boolean' },
    },
    ['expect', 'executable'],
  ),
  output: closed({
    path: { type: 'string' },
    created: { type: 'boolean' },
    sizeBytes: countSchema,
    digest: digestSchema,
    executable: { type: 'boolean' },
  }),
  roles: { path: 'path', text: 'text' },
  authors: {
    path: 'service',
    created: 'service',
    sizeBytes: 'service',
    digest: 'service',
    executable: 'service',
  },
  inputBytes: 1024 * 1024,
  outputBytes: 16 * 1024,
  timeoutMs: 5000,
  failures: [...fileFailures, 'file.conflict'],
});

export const fsWrite: Capability = {
  contract,
  normalise: async (args, surroundings) => normalisePath(contract, args, surroundings),
  execute: (action, context) =>
    attempt(() => {
      const args = action.normalisedArgs;
      const facts = factsOf(action.resolved);
      const before = facts.kind === 'file' ? readWhole(context.root, facts) : undefined;
      checkExpected(facts, before, textOf(args, 'expect'));
      const bytes = Buffer.from(requiredText(args, 'text'));
      const permissions = withExecutable(before?.permissions ?? 0o666, flagOf(args, 'executable'));
      writeWhole(context.root, { facts, bytes, permissions });
      const after = readWhole(context.root, { ...facts, kind: 'file' });
      const observation = {
        path: facts.path,
        created: before === undefined,
        sizeBytes: after.bytes.length,
        digest: bytesDigest(after.bytes),
        executable: (permissions & 0o100) !== 0,
      };
      return { kind: 'done', observation, delta: [], used: {}, changed: [facts.path] };
    }),
  // What was read back is what was to be written.
  checkPostconditions: (args, { digest }) => {
    if (digest === bytesDigest(Buffer.from(requiredText(args, 'text')))) return undefined;
    const message = 'something else wrote the file at the same moment';
    return { class: 'terminal', code: 'file.conflict', message };
  },
};

function checkExpected(
  { path }: PathFacts,
  before: FileContent | undefined,
  expect: string | undefined,
): void {
  if (expect === undefined) return;
  const present = before === undefined ? absent : bytesDigest(before.bytes);
  if (present !== expect) {
    throw new Failed('file.conflict', `${path} is at ${present}, not at ${expect}`);
  }
}

/** Whoever may read may execute, or nobody may. */
function withExecutable(permissions: number, executable: boolean | undefined): number {
  if (executable === undefined) return permissions;
  return executable ? permissions | ((permissions & 0o444) >> 2) : permissions & ~0o111;
}
