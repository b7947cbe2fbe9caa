import { readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import { isDigest, isJsonObject, parseRecord, type Digest } from '@chancery/kernel/encoding';
import { done, refused, type Refused, type Result } from '@chancery/kernel/refusal';
import { systemCodeOf } from './exit.ts';

/** Where everything of one user lies. Only the user may enter it. */
export interface Home {
  readonly folder: string;
  readonly ledger: string;
  readonly keys: string;
  readonly ownerKey: string;
  readonly runtimeKey: string;
  readonly witnessKey: string;
  /** Secrets that runs are lent, encrypted, and the key that they are encrypted for. */
  readonly vault: string;
  readonly vaultKey: string;
  /** The checkpoints of other ledgers that were cosigned here. */
  readonly witnessed: string;
  readonly locks: string;
  /** Stops everything while it is there. */
  readonly switchFile: string;
  /** Keys of the subjects whose runs seal their contents. */
  readonly subjects: string;
  /** Tiles and the latest checkpoint of the ledger's tree. */
  readonly tiles: string;
  /** Times that authorities attested of its checkpoints. */
  readonly timestamps: string;
  /** What was folded of all runs, signed; can be removed at any time. */
  readonly keptRuns: string;
  /** Who is told of what is recorded: hooks, their secrets, and where each has come to. */
  readonly hooks: string;
  readonly config: string;
  /** The address of a database is in this file, readable by the user alone, or in `databaseUrl`. */
  readonly databaseFile: string;
  /** What the environment says; it goes before the file. */
  readonly databaseUrl: string | undefined;
}

/** What is pinned of the ledger, outside it. */
export interface Config {
  /** Digest of its first entry: whoever verifies trusts this and nothing else. */
  readonly ledger: Digest;
  readonly name: string;
  /** Its name among the ledgers of a database; undefined for one that is the file of its home. */
  readonly database?: string;
}

/** SQLite opens no path of more than 512 bytes; the longest below a home is that of a run's lock. */
const maxBytes = 400;

/**
 * The home that CHANCERY_HOME names, or `.chancery` in the user's own folder. Refuses
 * `usage.invalid` where there is no such folder, or none that can be opened.
 */
export function homeOf(env: NodeJS.ProcessEnv): Result<Home> {
  const named = env['CHANCERY_HOME'] ?? '';
  const folder = named === '' ? join(userFolder(), '.chancery') : resolve(named);
  if (!isAbsolute(folder)) {
    return refused('usage.invalid', 'there is no home folder to keep the ledger in', {
      remedy: 'Set CHANCERY_HOME to a folder of your own, or HOME to yours.',
    });
  }
  const bytes = Buffer.byteLength(folder);
  if (bytes > maxBytes) {
    const message = `the path of the home has ${bytes} bytes; at most ${maxBytes} can be opened`;
    return refused('usage.invalid', message, { remedy: 'Set CHANCERY_HOME to a shorter path.' });
  }
  return done(homeIn(folder, env['CHANCERY_DATABASE_URL']));
}

/** Empty for a user who has none. */
export function userFolder(): string {
  try {
    return homedir();
  } catch (error) {
    if (systemCodeOf(error) === undefined) throw error;
    return '';
  }
}

/** The home in this folder. */
export function homeIn(folder: string, databaseUrl?: string): Home {
  const keys = join(folder, 'keys');
  return {
    folder,
    ledger: join(folder, 'ledger.db'),
    keys,
    ownerKey: join(keys, 'owner.key.json'),
    runtimeKey: join(keys, 'runtime.key.json'),
    witnessKey: join(keys, 'witness.key.json'),
    vault: join(folder, 'vault.age'),
    vaultKey: join(keys, 'vault.identity'),
    witnessed: join(folder, 'witnessed'),
    locks: join(folder, 'locks'),
    switchFile: join(folder, 'halt'),
    subjects: join(folder, 'subjects'),
    tiles: join(folder, 'tiles'),
    timestamps: join(folder, 'timestamps'),
    keptRuns: join(folder, 'projections', 'runs.json'),
    hooks: join(folder, 'hooks'),
    config: join(folder, 'config.json'),
    databaseFile: join(folder, 'database.url'),
    databaseUrl: databaseUrl === '' ? undefined : databaseUrl,
  };
}

/** Whoever may change the folder may pin another ledger and put other keys in their place. */
function changedByOthers(folder: string): Refused | undefined {
  const { mode } = statSync(folder);
  if ((mode & 0o022) === 0) return undefined;
  const octal = (mode & 0o7777).toString(8);
  return refused('key.exposed', `others may change ${folder}, which has mode ${octal}`, {
    remedy: `Let nobody else in: chmod 700 ${folder}.`,
  });
}

/**
 * Refuses `ledger.missing` where nothing was founded, `ledger.corrupt` for another file, `key.exposed`
 * where others may change the home.
 */
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
    const { v, ledger, name, database } = value;
    if (v === 1 && isDigest(ledger) && typeof name === 'string') {
      const exposed = changedByOthers(folder);
      if (exposed !== undefined) return exposed;
      if (database === undefined) return done({ ledger, name });
      if (typeof database === 'string') return done({ ledger, name, database });
    }
  }
  return refused('ledger.corrupt', `${config} does not name a ledger`, {
    remedy: `Restore ${config}: it holds {"v":1,"ledger":"<ledger id>","name":"…"}.`,
  });
}

/**
 * What is pinned of the ledger that is to be opened. Refuses as `readConfig`, and `ledger.missing`
 * for a ledger that was founded and is gone: `init` would not help.
 */
export function readFounded(home: Home): Result<Config> {
  const config = readConfig(home);
  if (!config.ok || config.value.database !== undefined) return config;
  const size = statSync(home.ledger, { throwIfNoEntry: false })?.size;
  if (size !== undefined && size > 0) return config;
  const fate = size === undefined ? 'gone' : 'empty';
  return refused('ledger.missing', `a ledger was founded here, and ${home.ledger} is ${fate}`, {
    remedy: `Restore ${home.ledger} from a copy, then run \`chancery verify\`. Without one, set CHANCERY_HOME to a new folder, and import an export there or found another ledger.`,
  });
}

/** Why nothing is founded in a home that has a ledger: `ledger.exists`, or what became of that ledger. */
export function occupied(home: Home): Refused {
  const founded = readFounded(home);
  return founded.ok ? refused('ledger.exists', `a ledger is in ${home.folder}`) : founded;
}

/** Pins a ledger: whole, or not at all. */
export function writeConfig({ config }: Home, { ledger, name, database }: Config): void {
  const text = `${JSON.stringify({ v: 1, ledger, name, database }, null, 2)}\n`;
  // A name of our own: another process may be founding here as well.
  const draft = `${config}.${process.pid}.new`;
  writeFileSync(draft, text, { mode: 0o600, flush: true });
  renameSync(draft, config);
}
