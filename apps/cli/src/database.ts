import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs';
import { unescape } from 'node:querystring';
import { done, refused, type Result } from '@chancery/kernel/refusal';
import { systemCodeOf } from './exit.ts';
import { type Home } from './home.ts';

/**
 * The address of the database that a home keeps its ledger in: of CHANCERY_DATABASE_URL, or of a
 * file that nobody else may read. Never of an argument, which every user of the machine can see.
 * Refuses `usage.invalid` where there is none, `key.exposed` where others may read it.
 */
export function databaseUrl({ databaseUrl: given, databaseFile }: Home): Result<string> {
  if (given !== undefined) return done(given);
  try {
    return readPrivate(databaseFile);
  } catch (error) {
    const code = systemCodeOf(error);
    if (code === undefined) throw error;
    const why = code === 'ENOENT' ? 'is not there' : `cannot be read (${code})`;
    return noAddress(databaseFile, why);
  }
}

/** A pipe in place of the file is not waited for. @throws the system's error. */
function readPrivate(file: string): Result<string> {
  const descriptor = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const stats = fstatSync(descriptor);
    if (!stats.isFile()) return noAddress(file, 'is no file');
    const isOurs = stats.uid === 0 || stats.uid === process.getuid?.();
    if ((stats.mode & 0o077) === 0 && isOurs) return done(readFileSync(descriptor, 'utf8').trim());
    return refused('key.exposed', `others may read ${file}, which holds a password`, {
      remedy: `chmod 600 ${file}, and make it your own; then change the password.`,
    });
  } finally {
    closeSync(descriptor);
  }
}

function noAddress(file: string, why: string): Result<string> {
  const message = `no address of a database: CHANCERY_DATABASE_URL is not set, and ${file} ${why}`;
  const remedy = `Set CHANCERY_DATABASE_URL, or write postgres://ROLE:PASSWORD@HOST/DATABASE to ${file} (chmod 600).`;
  return refused('usage.invalid', message, { remedy });
}

/** What must be shown to nobody of the address of the database, if there is one. */
export function databaseSecrets(home: Home): readonly string[] {
  const url = databaseUrl(home);
  if (!url.ok) return [];
  const encoded = URL.parse(url.value)?.password ?? '';
  return [url.value, encoded, unescape(encoded)].filter((secret) => secret !== '');
}
