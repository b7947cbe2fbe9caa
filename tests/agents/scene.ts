import { chmodSync, mkdirSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { startFakeLlm, type FakeReply, type RecordedRequest } from '@chancery/testkit/fake-llm';
import { bareEnvironment, runProgram, type Ended } from '@chancery/testkit/program';
import { commandFile } from '../ground/command.ts';
import { commitAll, makeGround, writeFiles, type Ground } from '../ground/ground.ts';
import type { CodingAgent } from './agents.ts';
import { toldFor } from './guide.ts';

/** A command of a shell is at its end when it has run for so long, whatever it does. */
const mostMs = 150_000;

/** A repository, a ledger that is not founded yet, and an agent that is found by its name, as `chancery` is. */
export function agentGround({ name }: CodingAgent, program: string): Ground {
  const ground = makeGround();
  writeFiles(ground.repository, { 'a.txt': 'hello\n' });
  commitAll(ground.repository);
  const { folder, home } = ground;
  const words = [process.execPath, commandFile].map((word) => `'${word}'`).join(' ');
  const script = `#!/bin/sh\nCHANCERY_HOME='${home.folder}' exec ${words} "$@"\n`;
  writeFiles(folder, { 'bin/chancery': script });
  chmodSync(path.join(folder, 'bin/chancery'), 0o755);
  symlinkSync(program, path.join(folder, 'bin', name));
  mkdirSync(path.join(folder, 'outside'));
  return ground;
}

/** What an agent is to work on, in the repository, until it has nothing more to do. */
export interface Work {
  /** Its command, in a shell. */
  readonly command: string;
  /** What stands in its file, as the guide has it; nothing, where it is as it comes. */
  readonly config: string | undefined;
  /** Whether its model is one that it knows. */
  readonly isKnown: boolean;
  /** What its model answers. */
  readonly replies: (request: RecordedRequest) => FakeReply;
}

/** The work as the guide has it begun. */
export function asTold(
  { repository }: Ground,
  agent: CodingAgent,
  { gate, ...how }: { readonly gate: string } & Pick<Work, 'isKnown' | 'replies'>,
): Work {
  const { config, command } = toldFor(agent.heading, { repository, gate });
  return { ...how, config, command: `${command} ${agent.unattended}` };
}

export interface Worked extends Ended {
  /** What its model was asked in its turns; requests without tools, as for a title, are left out. */
  readonly requests: readonly RecordedRequest[];
}

export async function work(
  { folder, repository }: Ground,
  agent: CodingAgent,
  { command, config, isKnown, replies }: Work,
): Promise<Worked> {
  const fake = await startFakeLlm({ replies });
  try {
    const endpoint = { url: fake.url, isKnown };
    writeFiles(folder, {
      ...(config === undefined ? {} : { [agent.configFile]: config }),
      ...agent.modelled(config ?? '', endpoint),
    });
    const env = bareEnvironment(folder);
    const ended = await runProgram(['/bin/sh', '-c', command], {
      cwd: repository,
      env: {
        ...env,
        PATH: `${path.join(folder, 'bin')}${path.delimiter}${env['PATH'] ?? ''}`,
        TMPDIR: path.join(folder, 'outside'),
        // Nothing but the fake is asked, and nothing hangs on a network that is not there.
        HTTP_PROXY: 'http://127.0.0.1:9',
        HTTPS_PROXY: 'http://127.0.0.1:9',
        NO_PROXY: '127.0.0.1,localhost',
        ...agent.env(endpoint),
      },
      timeout: mostMs,
    });
    return { ...ended, requests: fake.requests.filter(isTurn) };
  } finally {
    await fake.close();
  }
}

/** Whether a request is of a turn, in which tools are offered. */
export function isTurn({ body }: RecordedRequest): boolean {
  const { tools } = body;
  return Array.isArray(tools) && tools.length > 0;
}
