import { existsSync } from 'node:fs';
import path from 'node:path';
import type { FakeReply, RecordedRequest } from '@chancery/testkit/fake-llm';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { chancery } from '../ground/command.ts';
import { dropGround, git, type Ground } from '../ground/ground.ts';
import { codingAgents, type CodingAgent } from './agents.ts';
import { installedAgent, type Installed } from './installed.ts';
import { agentGround, asTold, isTurn, work } from './scene.ts';

/** Time to fetch what may be a hundred megabytes. */
const installMs = 900_000;

const done: FakeReply = { kind: 'answer', text: 'All done.' };
const title: FakeReply = { kind: 'answer', text: 'A title' };

let ground: Ground | undefined;
afterEach(() => {
  if (ground !== undefined) dropGround(ground);
  ground = undefined;
});

async function found(agent: CodingAgent, program: string): Promise<Ground> {
  const made = agentGround(agent, program);
  ground = made;
  expect(await chancery(made, ['init', '--name', 'test'])).toMatchObject({ exit: 0 });
  return made;
}

async function linesOf(at: Ground, words: readonly string[]): Promise<readonly Line[]> {
  const { stdout } = await chancery(at, [...words, '--json']);
  const lines = stdout.split('\n').filter((line) => line !== '');
  return lines.map((line) => JSON.parse(line) as Line);
}

type Line = Readonly<Record<string, unknown>>;

interface Entry {
  readonly kind: string;
  readonly body: Readonly<Record<string, unknown>>;
}

async function entriesOf(at: Ground): Promise<readonly Entry[]> {
  const runs = (await linesOf(at, ['runs'])).filter(({ type }) => type === 'run');
  expect(runs).toHaveLength(1);
  const lines = await linesOf(at, ['show', String(runs[0]?.['run'])]);
  return lines.filter(({ type }) => type === 'entry').map(({ entry }) => entry as Entry);
}

/** What its model calls, one after the other: each is asked for when those before it are answered. */
const calls: readonly (readonly [tool: string, args: object])[] = [
  ['fs_write', { path: 'b.txt', text: 'x' }],
  ['shell_run', { command: 'curl https://example.com' }],
  ['fs_write', { path: 'package-lock.json', text: '{}' }],
  ['chancery_wait', { seconds: 300 }],
  ['chancery_finish', {}],
];
const [permitted, refused, held, awaited, finished] = [0, 1, 2, 3, 4] as const;

function callOf(agent: CodingAgent, nth: number): FakeReply {
  const [tool, args] = calls[nth] ?? ['', {}];
  return { kind: 'answer', calls: [{ id: `call_${nth}`, ...agent.call(tool, args) }] };
}

describe.each(codingAgents)('$heading', (agent) => {
  let installed: Installed;
  beforeAll(async () => {
    installed = await installedAgent(agent.name);
  }, installMs);

  it('works under a writ by our tools alone, as the guide says', async (context) => {
    if ('missing' in installed) return context.skip(installed.missing);
    const at = await found(agent, installed.program);
    let approval: Promise<unknown> | undefined;
    const replies = (request: RecordedRequest): FakeReply => {
      if (!isTurn(request)) return title;
      const next = agent.results(request).length;
      if (next === awaited) approval ??= approveIn(at);
      return next < calls.length ? callOf(agent, next) : done;
    };
    const worked = await work(
      at,
      agent,
      asTold(at, agent, { gate: 'grep -q x b.txt', isKnown: false, replies }),
    );
    await approval;
    expect(worked, worked.stdout + worked.stderr).toMatchObject({ exit: 0 });

    const problems = worked.requests.map(({ problem }) => problem);
    expect(problems.filter((problem) => problem !== undefined)).toEqual([]);
    const [first, last] = [worked.requests[0], worked.requests.at(-1)];
    if (first === undefined || last === undefined) throw new Error(worked.stderr);
    const offered = agent.offered(first).filter((name) => !agent.keeps.includes(name));
    expect(offered.filter((name) => !name.startsWith(agent.prefix))).toEqual([]);
    expect(offered.map((name) => name.slice(agent.prefix.length))).toEqual(
      expect.arrayContaining(['fs_read', 'fs_write', 'shell_run', 'chancery_wait']),
    );

    const results = agent.results(last);
    expect(results).toHaveLength(calls.length);
    expect(results[permitted]).toContain('b.txt');
    for (const told of ['policy.denied', 'forbid-network-tools', 'Use what is in the workspace.']) {
      expect(results[refused]).toContain(told);
    }
    expect(results[held]).toMatch(/waits for a human.*chancery approve [0-9a-f]{12}/s);
    expect(results[awaited]).toContain('package-lock.json');
    expect(results[finished]).toContain('The run has succeeded');

    const entries = await entriesOf(at);
    const [begun] = entries;
    expect(begun?.body['agent']).toMatchObject({
      kind: 'mcp',
      model: expect.stringMatching(agent.client) as string,
    });
    const kinds = entries.map(({ kind }) => kind);
    expect(kinds.filter((kind) => kind === 'proposal.rejected')).toHaveLength(1);
    expect(kinds.filter((kind) => kind === 'proposal.suspended')).toHaveLength(1);
    const origins = entries
      .filter(({ kind }) => kind === 'intent.proposed')
      .map(({ body }) => body['origin']);
    expect(origins).toEqual(['mcp', 'mcp', 'mcp', 'gate']);
    const writ = await linesOf(at, ['writ', 'inspect', String(begun?.body['writ'])]);
    expect(JSON.stringify(writ)).toContain('fs.write');

    const { branch } = begun?.body['workspace'] as { readonly branch: string };
    const tree = git(at.repository, 'ls-tree', '-r', '--name-only', branch).trim().split('\n');
    expect(tree).toEqual(['a.txt', 'b.txt', 'package-lock.json']);
    expect(git(at.repository, 'status', '--porcelain')).toBe('');
    expect(await chancery(at, ['verify'])).toMatchObject({ exit: 0 });
  });

  it('does nothing by tools of its own, which would else go past everything', async (context) => {
    if ('missing' in installed) return context.skip(installed.missing);
    const at = await found(agent, installed.program);
    const own = agent.ownWrite('own.txt');
    const replies = (request: RecordedRequest): FakeReply => {
      if (!isTurn(request)) return title;
      const isFirst = agent.results(request).length === 0;
      return isFirst ? { kind: 'answer', calls: [{ id: 'own', ...own }] } : done;
    };
    const place = path.join(at.repository, 'own.txt');
    const governed = asTold(at, agent, { gate: 'true', isKnown: true, replies });
    const told = await work(at, agent, governed);
    expect(told, told.stdout + told.stderr).toMatchObject({ exit: 0 });
    expect(existsSync(place)).toBe(false);
    // The same call of the same model, by the agent as it comes.
    const command = `${agent.ungoverned} ${agent.unattended}`;
    const config = undefined;
    const bare = await work(at, agent, { command, config, isKnown: true, replies });
    expect(existsSync(place), bare.stdout + bare.stderr).toBe(true);
  });
});

/** A human, in another terminal. */
async function approveIn(at: Ground): Promise<void> {
  const inbox = await linesOf(at, ['inbox']);
  const waiting = inbox.find(({ type }) => type === 'waiting');
  const action = String(waiting?.['action']);
  expect(await chancery(at, ['approve', action, '--yes'])).toMatchObject({ exit: 0 });
}
