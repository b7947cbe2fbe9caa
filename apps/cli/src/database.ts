import { unescape } from 'node:querystring';
import { done, refused, type Result } from '@chancery/kernel/refusal';
import type { Home } from './home.ts';
import { privateText } from './secrets/private-text.ts';

/**
 * The address of the database that a home keeps its ledger in: of CHANCERY_DATABASE_URL, or of a
 * file that nobody else may read. Never of an argument, which every user of the machine can see.
 * Refuses `usage.invalid` where there is none, `key.exposed` where others may read it.
 */
export function databaseUrl({ databaseUrl: given, databaseFile }: Home): Result<string> {
  if (given !== undefined) return done(given);
  const read = privateText(databaseFile);
  switch (read.kind) {
    case 'text':
      return done(read.text.trim());
    case 'exposed':
      return refused('key.exposed', `others may read ${databaseFile}, which holds a password`, {
        remedy: `chmod 600 ${databaseFile}, and make it your own; then change the password.`,
      });
    case 'none':
      return noAddress(databaseFile, read.why);
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
