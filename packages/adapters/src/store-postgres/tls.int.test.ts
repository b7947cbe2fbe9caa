import { execFileSync } from 'node:child_process';
import { chownSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RefusalError } from '@chancery/kernel/refusal';
import {
  packagedBinaries,
  startPostgres,
  type PostgresServer,
} from '@chancery/testkit/postgres-server';
import { inspectPostgres } from './inspection.ts';
import { migratePostgres } from './migrate.ts';

let server: PostgresServer | undefined;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'chancery-tls-'));
  server = (await startPostgres(packagedBinaries)) ?? (await startPostgres());
  await migratePostgres({ url: url({}) });
});

afterAll(async () => {
  await server?.dispose();
  rmSync(folder, { recursive: true });
});

function url(parameters: Readonly<Record<string, string>>, host = '127.0.0.1'): string {
  if (server === undefined) throw new Error('there is no PostgreSQL to test with');
  const address = new URL(server.url);
  address.hostname = host;
  for (const [name, value] of Object.entries(parameters)) address.searchParams.set(name, value);
  return address.href;
}

const openssl = (...words: readonly string[]): unknown =>
  execFileSync('openssl', words, { cwd: folder, stdio: 'pipe' });

const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];

function makeAuthority(name: string): string {
  const out = ['-keyout', `${name}.key`, '-out', `${name}.crt`];
  openssl('req', '-x509', ...key, ...out, '-days', '2', '-subj', `/CN=${name}`);
  return join(folder, `${name}.crt`);
}

/** Gives the server a certificate of this authority for the name `localhost`, and turns TLS on. */
async function turnOn(authority: string): Promise<void> {
  openssl('req', ...key, '-keyout', 'server.key', '-out', 'server.csr', '-subj', '/CN=server');
  writeFileSync(join(folder, 'names'), 'subjectAltName=DNS:localhost\n');
  const signed = ['-CA', `${authority}.crt`, '-CAkey', `${authority}.key`, '-CAcreateserial'];
  const out = ['-out', 'server.crt', '-days', '2', '-extfile', 'names'];
  openssl('x509', '-req', '-in', 'server.csr', ...signed, ...out);
  const owner = new Client({ connectionString: url({}) });
  await owner.connect();
  const { rows } = await owner.query<{ data_directory: string }>('SHOW data_directory');
  const data = rows[0]?.data_directory ?? '';
  const { uid, gid } = statSync(data);
  for (const file of ['server.key', 'server.crt']) {
    execFileSync('cp', [join(folder, file), join(data, file)]);
    chownSync(join(data, file), uid, gid);
    execFileSync('chmod', ['600', join(data, file)]);
  }
  await owner.query('ALTER SYSTEM SET ssl = on');
  await owner.query('SELECT pg_reload_conf()');
  await owner.end();
}

/** Whether the connection is encrypted, or why there is none. */
async function connecting(address: string): Promise<unknown> {
  try {
    return (await inspectPostgres({ url: address })).isEncrypted;
  } catch (error) {
    if (error instanceof RefusalError) return `${error.refusal.message} | ${error.refusal.remedy}`;
    throw error;
  }
}

const untrusted = /certificate.*\| Name the file of the authority/;

describe.runIf(process.env['DATABASE_URL'] === undefined)('TLS', () => {
  it('that the server does not have is refused at once, and never replaced by plain text', async () => {
    for (const mode of ['require', 'verify-ca', 'verify-full', 'no-verify']) {
      expect(await connecting(url({ sslmode: mode }))).toMatch(
        /does not support SSL.*\| Turn TLS on/,
      );
    }
    for (const mode of ['prefer', 'allow', 'on', '']) {
      expect(await connecting(url({ sslmode: mode }))).toMatch(/may end in plain text, or is none/);
    }
    expect(await connecting(url({ ssl: 'true' }))).toMatch(/says ssl, which is not known/);
    expect(await connecting(url({ sslmode: 'disable' }))).toBe(false);
    expect(await connecting(url({}))).toBe(false);
  });

  it('is as strict as sslmode says', async () => {
    const [right, wrong] = [makeAuthority('right'), makeAuthority('wrong')];
    await turnOn('right');
    const full = { sslmode: 'verify-full', sslrootcert: right };
    await expect.poll(() => connecting(url(full, 'localhost')), { timeout: 30_000 }).toBe(true);
    expect(await connecting(url({ sslrootcert: right }, 'localhost'))).toBe(true);
    expect(await connecting(url({ sslmode: 'require', sslrootcert: right }, 'localhost'))).toBe(
      true,
    );
    expect(await connecting(url({ sslmode: 'verify-ca', sslrootcert: right }))).toBe(true);
    expect(await connecting(url({ sslmode: 'no-verify' }))).toBe(true);
    expect(await connecting(url(full))).toMatch(/not in the cert's list.*\| Name the file/);
    for (const sslmode of ['require', 'verify-ca', 'verify-full']) {
      expect(await connecting(url({ sslmode }, 'localhost'))).toMatch(untrusted);
      expect(await connecting(url({ sslmode, sslrootcert: wrong }, 'localhost'))).toMatch(
        untrusted,
      );
    }
    expect(await connecting(url({ sslrootcert: join(folder, 'none') }))).toMatch(
      /none, the sslrootcert of the address, cannot be read \(ENOENT\)/,
    );
  });
});
