import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { refusal, RefusalError } from '@chancery/kernel/refusal';
import { type RunLocks } from '@chancery/runtime/drive';
import { type HookPlaces } from '@chancery/runtime/notifications';
import { errorCodeOf, writeDurably } from './durable.ts';

/**
 * Where each hook has come to, in a file of its own. `locks`: one for each hook, by its name, which
 * goes with the process that has it.
 * @throws {RefusalError} `hook.invalid` for a file that holds no position.
 */
export function folderHookPlaces(folder: string, locks: RunLocks): HookPlaces {
  return {
    async acquire({ name }) {
      const lock = await locks.acquire(name);
      if (!lock.ok) return undefined;
      return {
        read: async () => readPlace(join(folder, placeName(name))),
        write: async (position) => writeDurably(folder, placeName(name), String(position)),
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
    if (errorCodeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
  if (/^(0|[1-9]\d{0,14})$/.test(text)) return Number(text);
  throw new RefusalError(refusal('hook.invalid', `${file} holds no position`));
}
