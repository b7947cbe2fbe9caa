import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { refusal, RefusalError } from '@chancery/kernel/refusal';
import type { RunLocks } from '@chancery/runtime/drive';
import type { HookPlaces } from '@chancery/runtime/notifications';
import { errorCodeOf, writeDurably } from './durable.ts';

/**
 * Where each hook has come to, in a file of its own. `locks`: one for each hook, by its name, which
 * goes with the process that has it.
 * @throws {RefusalError} `hook.invalid` for a file that holds no position, `hook.unreachable` where it
 * cannot be read or written.
 */
export function folderHookPlaces(folder: string, locks: RunLocks): HookPlaces {
  return {
    async acquire({ name }) {
      const lock = await locks.acquire(name);
      if (!lock.ok) return undefined;
      return {
        read: async () => readPlace(join(folder, placeName(name))),
        write: async (position) => writePlace(folder, name, position),
        release: lock.value,
      };
    },
  };
}

export function placeName(name: string): string {
  return `${name}.position`;
}

function readPlace(file: string): number | undefined {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    const code = errorCodeOf(error);
    if (code === 'ENOENT') return undefined;
    throw unreachable(`${file} cannot be read (${code})`);
  }
  if (/^(0|[1-9]\d{0,14})$/.test(text)) return Number(text);
  throw new RefusalError(refusal('hook.invalid', `${file} holds no position`));
}

function writePlace(folder: string, name: string, position: number): void {
  try {
    writeDurably(folder, placeName(name), String(position));
  } catch (error) {
    const file = join(folder, placeName(name));
    throw unreachable(`${file} cannot be written (${errorCodeOf(error)})`);
  }
}

function unreachable(why: string): RefusalError {
  return new RefusalError(refusal('hook.unreachable', why));
}
