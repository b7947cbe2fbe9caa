import { describe, expect, it } from 'vitest';
import type { SandboxReport } from '@chancery/runtime/broker';
import { sandboxFinding } from './sandbox-finding.ts';

const whole: SandboxReport = {
  ...{ provider: 'bubblewrap', version: '0.8.0', unsafe: false },
  enforced: ['private-files', 'landlock', 'memory-limit', 'process-limit'],
  missing: ['disk-limit'],
  limits: [{ limit: 'processes', most: 2_048, by: 'cgroup-v2' }],
};

describe('sandboxFinding', () => {
  it('is fine with what nothing can hold', () => {
    expect(sandboxFinding(whole)).toEqual({
      state: 'ok',
      detail:
        'bubblewrap 0.8.0 enforces private-files, landlock, memory-limit, process-limit; ' +
        'limits: processes 2048 (cgroup-v2); missing: disk-limit',
      remedy: null,
    });
  });

  it('says what to do about each thing that is not held, once', () => {
    const missing = ['landlock', 'memory-limit', 'process-limit', 'disk-limit'];
    expect(sandboxFinding({ ...whole, missing })).toMatchObject({
      state: 'warn',
      remedy:
        'Install perl, on a kernel of 5.19 or later with Landlock. ' +
        'Start it where control groups may be made: systemd-run --user --scope chancery run …',
    });
  });

  it.each([
    ['', 'bubblewrap cannot be run: commands and gates will be refused'],
    ['0.8.0', 'bubblewrap 0.8.0 does not work here: commands and gates will be refused'],
  ])('fails where it does not work (version %j)', (version, detail) => {
    expect(sandboxFinding({ ...whole, version, enforced: [] })).toMatchObject({
      state: 'fail',
      detail,
    });
  });
});
