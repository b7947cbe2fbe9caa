import { Worker } from 'node:worker_threads';
import type { JsonObject } from '@chancery/kernel/encoding';
import { refused } from '@chancery/kernel/refusal';
import type { Capability, ExecutionContext } from '@chancery/runtime/broker';
import {
  closed,
  countOf,
  countSchema,
  factsOf,
  fileContract,
  flagOf,
  normalisePath,
  pathSchema,
  requiredText,
  textOf,
} from './contract.ts';
import { attempt, Failed, fileFailures } from './failure.ts';
import { globSource } from './glob.ts';
import type { SearchJob, SearchResult } from './search-job.ts';
import type { SearchAnswer } from './search-worker.ts';
import type { PathFacts } from './workspace-path.ts';

const matchSchema = closed({
  path: { type: 'string' },
  line: { type: 'integer', minimum: 1 },
  text: { type: 'string' },
});

const contract = fileContract({
  name: 'fs.search',
  description:
    'Finds lines of text files, in a folder or in one file. `pattern` is literal text, or with ' +
    '`regex` a JavaScript regular expression (flag u). `glob` limits the files: `*.ts`, ' +
    '`src/**/*.md`. Binary files and links are left out.',
  effect: 'read',
  input: closed(
    {
      pattern: { type: 'string', minLength: 1, maxLength: 1000 },
      regex: { type: 'boolean' },
      ignoreCase: { type: 'boolean' },
      path: pathSchema('Folder or file to search.'),
      glob: { type: 'string', minLength: 1, maxLength: 200 },
      limit: { type: 'integer', minimum: 1, maximum: 1000 },
    },
    ['regex', 'ignoreCase', 'path', 'glob', 'limit'],
  ),
  output: closed({
    path: { type: 'string' },
    matches: { type: 'array', items: matchSchema },
    files: countSchema,
    skipped: countSchema,
    truncated: { type: 'boolean' },
  }),
  roles: { pattern: 'text', path: 'path', glob: 'text' },
  authors: {
    path: 'service',
    matches: 'third-party',
    files: 'service',
    skipped: 'service',
    truncated: 'service',
  },
  inputBytes: 16 * 1024,
  outputBytes: 4 * 1024 * 1024,
  timeoutMs: 10_000,
  failures: [...fileFailures, 'search.too-long'],
});

export const fsSearch: Capability = {
  contract,
  normalise: async (args, surroundings) => {
    const problem = patternProblem(args);
    if (problem !== undefined) return refused('args.invalid', problem);
    return normalisePath(contract, args, surroundings);
  },
  execute: (action, context) =>
    attempt(async () => {
      const facts = factsOf(action.resolved);
      const found = await runJob(jobOf(action.normalisedArgs, facts, context.root), context);
      const matches = found.matches.map(({ path, line, text }) => ({ path, line, text }));
      const { files, skipped, truncated } = found;
      const observation = { path: facts.path, matches, files, skipped, truncated };
      return { kind: 'done', observation, delta: [], used: {}, changed: [] };
    }),
};

function patternProblem(args: JsonObject): string | undefined {
  try {
    new RegExp(patternSource(args), 'u');
    return undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return error.message;
    throw error;
  }
}

function patternSource(args: JsonObject): string {
  const pattern = requiredText(args, 'pattern');
  return flagOf(args, 'regex') === true
    ? pattern
    : pattern.replaceAll(/[\^$\\.*+?()[\]{}|/]/g, '\\$&');
}

function jobOf(args: JsonObject, { path, kind }: PathFacts, root: string): SearchJob {
  if (kind === 'absent') throw new Failed('file.missing', `${path} does not exist`);
  const glob = textOf(args, 'glob');
  return {
    root,
    path,
    kind,
    pattern: patternSource(args),
    ignoreCase: flagOf(args, 'ignoreCase') ?? false,
    paths: glob === undefined ? undefined : globSource(glob),
    mostMatches: countOf(args, 'limit', 200),
  };
}

const here = import.meta.url;
const worker = new URL(here.endsWith('.ts') ? './search-worker.ts' : './search-worker.js', here);

/**
 * Runs a search on a thread of its own, which is ended at the time limit: a pattern can take
 * exponential time, and nothing but ending its thread stops it.
 */
async function runJob(job: SearchJob, context: ExecutionContext): Promise<SearchResult> {
  const thread = new Worker(worker, {
    workerData: job,
    resourceLimits: { maxOldGenerationSizeMb: 512 },
  });
  const limitMs = Math.min(context.timeoutMs, contract.limits.timeoutMs);
  try {
    const answer = await firstAnswer(thread, limitMs, context.signal);
    if (answer.kind === 'found') return answer.result;
    const { code, message, class: failureClass } = answer.failure;
    throw new Failed(code, message, failureClass);
  } finally {
    await thread.terminate();
  }
}

async function firstAnswer(
  thread: Worker,
  limitMs: number,
  signal: AbortSignal,
): Promise<SearchAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<SearchAnswer>();
  const late = new Failed('search.too-long', `the search was ended after ${limitMs} ms`);
  const timer = setTimeout(() => reject(late), limitMs);
  const stop = (): void => reject(new Failed('cancelled', 'the search was cancelled'));
  signal.addEventListener('abort', stop);
  thread.once('message', resolve);
  thread.once('error', (error: Error) => reject(error));
  if (signal.aborted) stop();
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', stop);
  }
}
