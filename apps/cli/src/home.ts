import { chmodSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { isDigest, isJsonObject, parseRecord, type Digest } from '@chancery/kernel/encoding';
import { done, refused, type Result } from '@chancery/kernel/refusal';
import { systemCodeOf } from './exit.ts';

/** Where everything of one user lies. Only the user may enter it. */
export interface Home {
  readonly folder: string;
  readonly ledger: string;
  readonly keys: string;
  readonly ownerKey: string;
  readonly runtimeKey: string;
  readonly locks: string;
  readonly config: string;
}

/** What is pinned of the ledger, outside it. */
export interface Config {
  /** Digest of its first entry: whoever verifies trusts this and nothing else. */
  readonly ledger: Digest;
  readonly name: string;
}

/** The home that CHANCERY_HOME names, or `.chancery` in the user's own folder. */
export function homeOf(env: NodeJS.ProcessEnv): Home {
  const named = env['CHANCERY_HOME'];
  const folder =
    named === undefined || named === '' ? join(homedir(), '.chancery') : resolve(named);
  const keys = join(folder, 'keys');
  return {
    folder,
    ledger: join(folder, 'ledger.db'),
    keys,
    ownerKey: join(keys, 'owner.key.json'),
    runtimeKey: join(keys, 'runtime.key.json'),
    locks: join(folder, 'locks'),
    config: join(folder, 'config.json'),
  };
}

/** Makes the folder, for its user alone. Refuses `ledger.unreachable`. */
export function makeHome({ folder }: Home): Result<null> {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    if ((statSync(folder).mode & 0o077) !== 0) chmodSync(folder, 0o700);
    return done(null);
  } catch (error) {
    const code = systemCodeOf(error);
    if (code === undefined) throw error;
    return refused('ledger.unreachable', `${folder} cannot be made (${code})`);
  }
}

/** Refuses `ledger.missing` where nothing was founded, `ledger.corrupt` for another file. */
export function readConfig({ config, folder }: Home): Result<Config> {
  let text: string;
  try {
    text = readFileSync(config, 'utf8');
  } catch (error) {
    const code = systemCodeOf(error);
    if (code === 'ENOENT') return refused('ledger.missing', `there is no ledger in ${folder}`);
    if (code === undefined) throw error;
    return refused('ledger.unreachable', `${config} cannot be read (${code})`);
  }
  const parsed = parseRecord(text);
  const value = parsed.ok ? parsed.value : null;
  if (isJsonObject(value)) {
    const { v, ledger, name } = value;
    if (v === 1 && isDigest(ledger) && typeof name === 'string') return done({ ledger, name });
  }
  return refused('ledger.corrupt', `${config} does not name a ledger`, {
    remedy: `Restore ${config}: it holds {"v":1,"ledger":"<ledger id>","name":"…"}.`,
  });
}

/** Pins a ledger: whole, or not at all. */
export function writeConfig({ config }: Home, { ledger, name }: Config): void {
  const text = `${JSON.stringify({ v: 1, ledger, name }, null, 2)}\n`;
  writeFileSync(`${config}.new`, text, { mode: 0o600, flush: true });
  renameSync(`${config}.new`, config);
}
