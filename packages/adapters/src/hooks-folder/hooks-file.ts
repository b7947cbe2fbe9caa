import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { readHook, readHooks, type Hook } from '@chancery/domain/notifications';
import { parseRecord, type Json } from '@chancery/kernel/encoding';
import { done, refused, type Result } from '@chancery/kernel/refusal';
import { errorCodeOf, writeDurably } from './durable.ts';
import { placeName } from './places.ts';

const fileName = 'hooks.json';

/** Files of a folder: which hooks there are, and the secrets of those that go to a webhook. */
export interface HooksFolder {
  /** Refuses `hook.invalid`; a folder without the file has none. */
  list(): Result<readonly Hook[]>;
  /**
   * Adds a hook that is told of what the ledger has from a position on. `secret`: text that only its
   * owner may read, kept beside it. Refuses `hook.invalid`, `hook.exists`.
   */
  add(hook: Hook, from: number, secret: string | undefined): Result<null>;
  /** Refuses `hook.unknown`, `hook.invalid`. */
  remove(name: string): Result<null>;
  /** Text of a secret. Refuses `hook.invalid` where there is none. */
  secret(name: string): Result<string>;
}

export function hooksFolder(folder: string): HooksFolder {
  const list = (): Result<readonly Hook[]> => readFile(join(folder, fileName));
  const save = (hooks: readonly Hook[]): Result<null> => {
    writeDurably(folder, fileName, `${JSON.stringify({ v: 1, hooks }, null, 2)}\n`);
    return done(null);
  };
  return {
    list,
    add(hook, from, secret) {
      const read = readHook(hook as unknown as Json);
      const hooks = read.ok ? list() : read;
      if (!hooks.ok) return hooks;
      if (hooks.value.some(({ name }) => name === hook.name)) {
        return refused('hook.exists', `there is a hook called "${hook.name}"`);
      }
      if (secret !== undefined) writeDurably(folder, secretName(hook.name), `${secret}\n`);
      writeDurably(folder, placeName(hook.name), String(from));
      return save([...hooks.value, hook]);
    },
    remove(name) {
      const hooks = list();
      if (!hooks.ok) return hooks;
      const others = hooks.value.filter((hook) => hook.name !== name);
      if (others.length === hooks.value.length) {
        return refused('hook.unknown', `there is no hook called ${JSON.stringify(name)}`);
      }
      const saved = save(others);
      for (const file of [secretName(name), placeName(name)]) {
        rmSync(join(folder, file), { force: true });
      }
      return saved;
    },
    secret(name) {
      const file = join(folder, secretName(name));
      try {
        return done(readFileSync(file, 'utf8').trim());
      } catch (error) {
        return refused('hook.invalid', `${file} cannot be read (${errorCodeOf(error)})`);
      }
    },
  };
}

function readFile(file: string): Result<readonly Hook[]> {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    const code = errorCodeOf(error);
    return code === 'ENOENT'
      ? done([])
      : refused('hook.invalid', `${file} cannot be read (${code})`);
  }
  const parsed = parseRecord(text);
  const hooks = parsed.ok ? readHooks(parsed.value) : parsed;
  return hooks.ok ? hooks : refused('hook.invalid', `${file}: ${hooks.refusal.message}`);
}

function secretName(name: string): string {
  return `${name}.secret`;
}
