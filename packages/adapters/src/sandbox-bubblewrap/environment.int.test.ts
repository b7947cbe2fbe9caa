import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Sandbox } from '@chancery/runtime/broker';
import { bubblewrapSandbox, unsafeSandbox } from './index.ts';

const value = 'canary-of-the-environment-5518';
const marker = 'marker-in-the-words-7130';
let workspace: string;

beforeEach(() => {
  workspace = realpathSync(mkdtempSync(join(tmpdir(), 'environment-')));
});

afterEach(() => {
  rmSync(workspace, { recursive: true });
});

/** The words of every process that we may look at. */
function words(): readonly string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
      } catch {
        // It has ended meanwhile.
        return '';
      }
    });
}

/** Says that it is there, waits, and shows the variable. */
const waiting = 'touch ready; until [ -e go ]; do sleep 0.01; done; printf %s "$TOKEN"; : "$1"';

it.each<[string, () => Sandbox]>([
  ['bubblewrap', () => bubblewrapSandbox()],
  ['no sandbox', unsafeSandbox],
])('under %s a variable is in the words of no process while its command runs', async (_, make) => {
  const running = make().run({
    argv: ['/bin/sh', '-c', waiting, 'sh', marker],
    ...{ workspace, cwd: '.', env: { TOKEN: value }, stdin: null, timeoutMs: 60_000 },
    ...{ outputBytes: 1_000, readable: [], readOnly: [], signal: new AbortController().signal },
  });
  while (!existsSync(join(workspace, 'ready'))) await sleep(5);
  const found = words();
  writeFileSync(join(workspace, 'go'), '');
  const outcome = await running;
  expect(found.some((each) => each.includes(marker))).toBe(true);
  expect(found.filter((each) => each.includes(value))).toEqual([]);
  expect(outcome.ok && Buffer.from(outcome.value.stdout).toString()).toBe(value);
});
