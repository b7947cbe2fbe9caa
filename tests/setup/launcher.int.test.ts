import { once } from 'node:events';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { ended, newProject, setUp, start, write, type Project } from './project.ts';

async function started(project: Project, entry: string): Promise<ReturnType<typeof start>> {
  await setUp(project);
  const child = start(project, [entry]);
  if (child.stdout !== null) await once(child.stdout, 'data');
  return child;
}

describe('the launcher', () => {
  test('runs the entry with its arguments and ends with its exit code', async () => {
    const project = newProject();
    write(
      project,
      'entry.ts',
      'console.log(JSON.stringify(process.argv.slice(2)));process.exitCode = 7;',
    );
    await setUp(project);
    expect(await setUp(project, 'entry.ts', '--a', 'b c')).toEqual({
      code: 7,
      signal: null,
      stdout: '["--a","b c"]\n',
      stderr: '',
    });
  });

  test('puts the Node it chose first on the PATH of the entry', async () => {
    const project = newProject();
    write(project, 'entry.ts', "console.log(process.env.PATH?.split(':')[0]);");
    const { stdout } = await setUp(project, 'entry.ts');
    expect(stdout.trim()).toBe(path.dirname(process.execPath));
  });

  test('says that all is in place when it is given no entry', async () => {
    const { code, stderr } = await setUp(newProject());
    expect([code, stderr]).toEqual([0, expect.stringMatching(/everything is in place\.\n$/)]);
  });

  test('ends by the signal that ended the entry', async () => {
    const project = newProject();
    write(project, 'entry.ts', "process.kill(process.pid, 'SIGKILL'); setInterval(() => 0, 1000);");
    expect(await setUp(project, 'entry.ts')).toMatchObject({ code: null, signal: 'SIGKILL' });
  });

  test.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)('passes %s on once', async (signal) => {
    const project = newProject();
    write(
      project,
      'entry.ts',
      `let seen = 0;
       process.on('${signal}', () => { seen += 1; setTimeout(() => process.exit(seen), 200); });
       console.log('ready');
       setInterval(() => 0, 1000);`,
    );
    const child = await started(project, 'entry.ts');
    child.kill(signal);
    expect(await ended(child)).toMatchObject({ code: 1, signal: null });
  });
});
