import { rmSync } from 'node:fs';
import type { Entry } from '@chancery/kernel/ledger';
import { startFakeLlm, type FakeCall, type FakeReply } from '@chancery/testkit/fake-llm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { setStage, type Stage } from '../../apps/cli/src/demo/stage.ts';
import { chancery, lines } from './command.ts';

let stage: Stage;

beforeEach(async () => {
  stage = setStage();
  await command(['init']);
});

/** Runs a command on the home of the stage. */
const command = (words: readonly string[], env: Readonly<Record<string, string>> = {}) =>
  chancery(words, { folder: stage.folder, env: { CHANCERY_HOME: stage.home, ...env } });

afterEach(() => {
  rmSync(stage.folder, { recursive: true, force: true });
});

const call = (id: string, name: string, args: object): FakeCall => ({
  ...{ id, name },
  args: JSON.stringify(args),
});

const repair = {
  find: 'last.end = next.end;',
  replace: 'last.end = Math.max(last.end, next.end);',
};

/** What a provider may do in the course of one run, its failures included. */
const course: readonly FakeReply[] = [
  { kind: 'http-error', status: 429, message: 'slow down', headers: { 'retry-after': '0' } },
  { kind: 'http-error', status: 503, message: 'overloaded' },
  { kind: 'cut', how: 'reset', text: 'I begin, and the connection breaks before I have called' },
  {
    kind: 'answer',
    text: 'I read and try to leave.',
    calls: [
      call('a1', 'fs_read', { path: 'src/merge.js' }),
      call('a2', 'fs_read', { path: '../../../private/deploy-token' }),
      { id: 'a3', name: 'fs_read', args: '{"path": ' },
    ],
  },
  { kind: 'error-event', message: 'overloaded', text: 'half a sentence' },
  {
    kind: 'answer',
    calls: [call('b1', 'fs_patch', { path: 'src/merge.js', hunks: [repair] })],
  },
  { kind: 'answer', text: 'The later end wins now.' },
];

interface Provider {
  readonly model: string;
  readonly keyVariable: string;
  readonly wire: string;
}

const providers: readonly Provider[] = [
  { model: 'anthropic:claude-sonnet-4-5', keyVariable: 'ANTHROPIC_API_KEY', wire: 'anthropic' },
  { model: 'openai:gpt-5', keyVariable: 'OPENAI_API_KEY', wire: 'responses' },
  {
    model: 'openai-compatible:some-model',
    keyVariable: 'OPENAI_COMPATIBLE_API_KEY',
    wire: 'chat',
  },
];

describe('a run with a live provider', () => {
  it.each(providers)('of $model succeeds through its failures', async (provider) => {
    const apiKey = 'test-credential-0123456789';
    const llm = await startFakeLlm({ replies: course, apiKey });
    const flags = ['--model', provider.model, '--base-url', llm.url, '--price', '1000,2000'];
    const ran = await command(
      [
        'run',
        'Repair merging',
        '--repo',
        stage.repository,
        '--gate',
        'node --test',
        '--json',
        ...flags,
      ],
      { [provider.keyVariable]: apiKey },
    );
    await llm.close();
    expect(ran).toMatchObject({ exit: 0, stderr: '' });
    expect(ran.stdout).not.toContain(apiKey);
    expect(llm.requests.map(({ wire, problem }) => ({ wire, problem }))).toEqual(
      course.map(() => ({ wire: provider.wire, problem: undefined })),
    );
    expect(storyOf(ran.stdout)).toEqual([
      'failed rate-limited',
      'failed overloaded',
      'failed cut-off',
      'answered',
      'done fs.read',
      'refused args.escapes',
      'refused intent.malformed',
      'failed overloaded',
      'answered',
      'done fs.patch',
      'answered',
      'done shell.run',
      'finished succeeded',
    ]);
    expect((await command(['verify'])).exit).toBe(0);
  });

  it('that refuses the key ends as failed, and says so', async () => {
    const llm = await startFakeLlm({ replies: [], apiKey: 'another' });
    const ran = await command(
      [
        'run',
        'Repair merging',
        '--repo',
        stage.repository,
        '--model',
        'anthropic:claude-sonnet-4-5',
        '--base-url',
        llm.url,
      ],
      { ANTHROPIC_API_KEY: 'wrong-credential' },
    );
    await llm.close();
    expect(ran.exit).toBe(1);
    expect(ran.stdout).toContain('unauthorised');
    expect(llm.requests).toHaveLength(1);
  });
});

describe('the demo with a live provider', () => {
  it('has the human of the demo vote on the protected file alone, and ends with 0', async () => {
    const workflow = [{ find: 'node --check src/index.js', replace: 'node --test' }];
    const llm = await startFakeLlm({
      replies: [
        {
          kind: 'answer',
          calls: [
            call('a1', 'fs_patch', { path: 'src/merge.js', hunks: [repair] }),
            call('a2', 'fs_patch', { path: '.github/workflows/ci.yml', hunks: workflow }),
          ],
        },
        { kind: 'answer', text: 'Repaired.' },
      ],
    });
    const flags = ['--model', 'anthropic:claude-sonnet-4-5', '--base-url', llm.url, '--clean'];
    const env = { ANTHROPIC_API_KEY: 'test-credential-0123456789' };
    const ran = await command(['demo', ...flags], env);
    await llm.close();
    expect({ exit: ran.exit, stderr: ran.stderr }).toEqual({ exit: 0, stderr: '' });
    expect(ran.stdout.match(/^\$ chancery \w+/gm)).toEqual(
      ['init', 'run', 'approve', 'resume', 'verify', 'replay'].map((name) => `$ chancery ${name}`),
    );
  });
});

/** What happened in the run, a word or two for each entry that tells something. */
function storyOf(stdout: string): readonly string[] {
  const entries = lines(stdout).flatMap((line) => (line['entry'] as Entry | undefined) ?? []);
  const capabilities = new Map<string, string>();
  return entries.flatMap(({ kind, body }): readonly string[] => {
    if (kind === 'model.interrupted') return [`failed ${body.failure.code}`];
    if (kind === 'model.responded') return ['answered'];
    if (kind === 'proposal.rejected') return [`refused ${body.refusal.code}`];
    if (kind === 'commit') return [`done ${capabilities.get(body.action) ?? ''}`];
    if (kind === 'run.finished') return [`finished ${body.outcome}`];
    if (kind === 'proposal.staged') capabilities.set(body.actionDigest, body.action.capability);
    return [];
  });
}
