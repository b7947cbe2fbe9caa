import { describe, expect, it } from 'vitest';
import { unstarted } from './unstarted.ts';

const spawnError = (code: string): Error =>
  Object.assign(new Error(`spawn bwrap ${code}`), { code, syscall: 'spawn bwrap' });

describe('unstarted', () => {
  it('refuses where a program cannot be started', () => {
    expect(unstarted(spawnError('ENOENT'), 'bubblewrap')).toMatchObject({
      ok: false,
      refusal: {
        code: 'sandbox.unavailable',
        message: 'bubblewrap could not be started: spawn bwrap ENOENT',
      },
    });
  });

  it('tells too many words as a failure of the command', () => {
    expect(unstarted(spawnError('E2BIG'), 'bubblewrap')).toMatchObject({
      ok: true,
      value: { exitCode: 126, stderrBytes: 27 },
    });
  });

  it.each([new Error('of ours'), 'no error'])('throws what the system did not say: %s', (error) => {
    expect(() => unstarted(error, 'bubblewrap')).toThrow();
  });
});
