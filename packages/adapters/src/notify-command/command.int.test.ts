import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Notification } from '@chancery/domain/notifications';
import { commandCourier } from './index.ts';

const notification: Notification = {
  v: 1,
  id: 'a'.repeat(64),
  kind: 'run.finished',
  ...{ ledger: 'b'.repeat(64), position: 7, atMs: 1_000 },
  ...{ run: 'r1', action: null, channel: null },
  text: 'run r1 has succeeded: $(touch made) `touch made`; touch made',
};

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hook-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

const tell = (argv: readonly string[], patienceMs?: number) =>
  commandCourier({
    ...{ argv, folder, env: { PATH: process.env['PATH'] } },
    ...(patienceMs === undefined ? {} : { patienceMs }),
  }).deliver(notification);

const unreachable = { ok: false, refusal: { code: 'hook.unreachable', retryable: true } };

describe('a command', () => {
  it('gets the notification on standard input, as one line', async () => {
    expect(await tell(['sh', '-c', 'cat > got'])).toEqual({ ok: true, value: null });
    expect(readFileSync(join(folder, 'got'), 'utf8')).toBe(`${JSON.stringify(notification)}\n`);
  });

  it('may read nothing', async () => {
    expect(await tell(['true'])).toEqual({ ok: true, value: null });
  });

  it('is read by no shell', async () => {
    expect(await tell(['printf', '%s', '$(touch made)'])).toEqual({ ok: true, value: null });
    expect(existsSync(join(folder, 'made'))).toBe(false);
  });

  it('has nothing of our environment but what is given', async () => {
    process.env['CHANCERY_TEST_SECRET'] = 'hidden';
    try {
      await tell(['sh', '-c', 'env > env']);
    } finally {
      delete process.env['CHANCERY_TEST_SECRET'];
    }
    expect(readFileSync(join(folder, 'env'), 'utf8')).not.toContain('hidden');
  });

  it('was not told when it fails, dies or is not there', async () => {
    for (const argv of [['false'], ['sh', '-c', 'kill -9 $$'], ['no-such-program-of-ours']]) {
      expect(await tell(argv)).toMatchObject(unreachable);
    }
  });

  it('is ended with all that it has started when it takes too long', async () => {
    const told = await tell(['sh', '-c', 'sleep 1000 & echo $! > child; wait'], 300);
    expect(told).toMatchObject(unreachable);
    expect(told.ok ? '' : told.refusal.message).toContain('has not ended within');
    const child = Number(readFileSync(join(folder, 'child'), 'utf8'));
    await vi.waitUntil(() => !isRunning(child), { timeout: 30_000 });
  });
});

/** Whether a process is there, and no mere entry of one that has ended. */
function isRunning(pid: number): boolean {
  const status = `/proc/${pid}/status`;
  return existsSync(status) && !/^State:\s+[ZX]/m.test(readFileSync(status, 'utf8'));
}
