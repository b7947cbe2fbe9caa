import { existsSync, readdirSync, readFileSync, rmSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { readHook, type Hook } from '@chancery/domain/notifications';
import { isJsonObject, parseRecord, type Json } from '@chancery/kernel/encoding';
import { done, refused, type Result } from '@chancery/kernel/refusal';
import { errorCodeOf, placeDurably, writeDurably } from './durable.ts';
import { placeName } from './places.ts';

/** Which hooks there are, each in a file of its own: `{v: 1, hook, secret}`. */
export interface HooksFolder {
  /** By their names. Refuses `hook.invalid` where one of the files is no hook. */
  list(): Result<readonly Hook[]>;
  /**
   * Adds a hook that is told of what the ledger has from a position on, whoever else adds one at this
   * moment. `secret`: text that only its owner may read. Refuses `hook.invalid`, `hook.exists`.
   */
  add(hook: Hook, from: number, secret: string | null): Result<null>;
  /** Also a hook whose file is malformed. Refuses `hook.unknown`. */
  remove(name: string): Result<null>;
  /** Text of the secret of a hook. Refuses `hook.invalid` where it has none. */
  secret(name: string): Result<string>;
}

const suffix = '.json';
const fileForm = /^[a-z0-9]{1,63}\.json$/;

export function hooksFolder(folder: string): HooksFolder {
  const fileOf = (name: string): string => join(folder, name + suffix);
  return {
    list() {
      const hooks: Hook[] = [];
      const names = namesIn(folder);
      if (!names.ok) return names;
      for (const file of names.value.filter((name) => fileForm.test(name))) {
        const kept = readKept(join(folder, file), file.slice(0, -suffix.length));
        if (!kept.ok) return kept;
        hooks.push(kept.value.hook);
      }
      return done(hooks);
    },
    add(hook, from, secret) {
      const read = readHook(hook as unknown as Json);
      if (!read.ok) return read;
      const { name } = hook;
      const exists = refused('hook.exists', `there is a hook called "${name}"`);
      if (existsSync(fileOf(name))) return exists;
      writeDurably(folder, placeName(name), String(from));
      const text = `${JSON.stringify({ v: 1, hook, secret }, null, 2)}\n`;
      return placeDurably(folder, name + suffix, text) ? done(null) : exists;
    },
    remove(name) {
      const unknown = refused('hook.unknown', `there is no hook called ${JSON.stringify(name)}`);
      if (!fileForm.test(name + suffix)) return unknown;
      try {
        unlinkSync(fileOf(name));
      } catch (error) {
        if (errorCodeOf(error) === 'ENOENT') return unknown;
        throw error;
      }
      rmSync(join(folder, placeName(name)), { force: true });
      return done(null);
    },
    secret(name) {
      const kept = readKept(fileOf(name), name);
      if (!kept.ok) return kept;
      const { secret } = kept.value;
      return secret === null
        ? refused('hook.invalid', `the hook ${name} has no secret`)
        : done(secret);
    },
  };
}

/** Names in a folder, in their order; a missing one has none. */
function namesIn(folder: string): Result<readonly string[]> {
  try {
    return done(readdirSync(folder).sort());
  } catch (error) {
    const code = errorCodeOf(error);
    return code === 'ENOENT'
      ? done([])
      : refused('hook.invalid', `${folder} cannot be read (${code})`);
  }
}

interface Kept {
  readonly hook: Hook;
  readonly secret: string | null;
}

function readKept(file: string, name: string): Result<Kept> {
  const wrong = (why: string) => refused('hook.invalid', `${file}: ${why}`);
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    return wrong(`it cannot be read (${errorCodeOf(error)})`);
  }
  const parsed = parseRecord(text);
  const value = parsed.ok ? parsed.value : null;
  if (!isJsonObject(value) || Object.keys(value).sort().join() !== 'hook,secret,v') {
    return wrong('it is not of the form {"v":1,"hook":{…},"secret":…}');
  }
  const { v, secret, hook: given = null } = value;
  if (v !== 1) return wrong('it is of another version');
  if (secret !== null && typeof secret !== 'string') return wrong('its secret is no text');
  const hook = readHook(given);
  if (!hook.ok) return wrong(hook.refusal.message);
  return hook.value.name === name
    ? done({ hook: hook.value, secret })
    : wrong(`it is called "${hook.value.name}" inside`);
}
