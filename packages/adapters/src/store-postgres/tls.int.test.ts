import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RefusalError } from '@chancery/kernel/refusal';
import {
  CertificateAuthority,
  hasOpenssl,
  packagedBinaries,
  serveTls,
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

/** Gives the server a certificate of this authority for the name `localhost`, and turns TLS on. */
async function turnOn(authority: CertificateAuthority): Promise<void> {
  const owner = new Client({ connectionString: url({}) });
  await owner.connect();
  await serveTls(owner, { certificate: authority.issue('server', ['localhost']) });
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

describe.runIf(hasOpenssl && process.env['DATABASE_URL'] === undefined)('TLS', () => {
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
    const authority = new CertificateAuthority(folder, 'right');
    const right = authority.certificate;
    const wrong = new CertificateAuthority(folder, 'wrong').certificate;
    await turnOn(authority);
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

  it('takes no certificate without its key, no key that others may read, and nothing that is none', async () => {
    const { certificate, key } = new CertificateAuthority(folder, 'clients').issue('ada');
    const said = (parameters: Readonly<Record<string, string>>): Promise<unknown> =>
      connecting(url({ sslmode: 'no-verify', ...parameters }));
    expect(await said({ sslcert: certificate })).toMatch(/sslcert without sslkey/);
    expect(await said({ sslkey: key })).toMatch(/sslkey without sslcert/);
    chmodSync(key, 0o640);
    expect(await said({ sslcert: certificate, sslkey: key })).toMatch(
      /others may read .*clients-ada.key.*\| chmod 600/,
    );
    chmodSync(key, 0o600);
    writeFileSync(join(folder, 'letter'), 'Dear', { mode: 0o600 });
    const letter = join(folder, 'letter');
    for (const parameters of [
      { sslcert: letter, sslkey: key },
      { sslcert: certificate, sslkey: letter },
    ]) {
      expect(await said(parameters)).toMatch(/cannot be used/);
    }
  });
});
