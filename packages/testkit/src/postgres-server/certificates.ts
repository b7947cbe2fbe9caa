import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, chownSync, copyFileSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Whether certificates can be made here. */
export const hasOpenssl = spawnSync('openssl', ['version']).status === 0;

/** Files of a certificate and its private key, in PEM. */
export interface Certificate {
  readonly certificate: string;
  readonly key: string;
}

const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];

/** An authority of a test, made with openssl in a folder of the test. */
export class CertificateAuthority {
  /** File of its own certificate. */
  readonly certificate: string;
  readonly #folder: string;
  readonly #name: string;

  constructor(folder: string, name: string) {
    this.#folder = folder;
    this.#name = name;
    this.certificate = join(folder, `${name}.crt`);
    const out = ['-keyout', `${name}.key`, '-out', `${name}.crt`];
    this.#openssl('req', '-x509', ...newKey, ...out, '-days', '2', '-subj', `/CN=${name}`);
  }

  /** A certificate for a common name, and for the hosts that it is to be good for. */
  issue(name: string, hosts: readonly string[] = []): Certificate {
    const file = `${this.#name}-${name}`;
    const out = ['-keyout', `${file}.key`, '-out', `${file}.csr`];
    this.#openssl('req', ...newKey, ...out, '-subj', `/CN=${name}`);
    const names = hosts.map((host) => `DNS:${host}`).join(',');
    const extension = names === '' ? 'basicConstraints=CA:FALSE' : `subjectAltName=${names}`;
    writeFileSync(join(this.#folder, `${file}.ext`), `${extension}\n`);
    this.#openssl(
      ...['x509', '-req', '-in', `${file}.csr`, '-days', '2', '-CAcreateserial'],
      ...['-CA', `${this.#name}.crt`, '-CAkey', `${this.#name}.key`],
      ...['-out', `${file}.crt`, '-extfile', `${file}.ext`],
    );
    const key = join(this.#folder, `${file}.key`);
    chmodSync(key, 0o600);
    return { certificate: join(this.#folder, `${file}.crt`), key };
  }

  #openssl(...words: readonly string[]): void {
    execFileSync('openssl', words, { cwd: this.#folder, stdio: 'pipe' });
  }
}

export interface TlsServing {
  readonly certificate: Certificate;
  /** A role that is let in by a certificate of this authority and by nothing else. */
  readonly client?: { readonly role: string; readonly authority: string };
}

/** A connection of a role that may do everything. */
interface Owner {
  query(sql: string): Promise<{ readonly rows: readonly object[] }>;
}

/** Turns TLS on in a server of this machine. It takes effect a moment after this has resolved. */
export async function serveTls(owner: Owner, { certificate, client }: TlsServing): Promise<void> {
  const data = await settingOf(owner, 'data_directory');
  const hba = await settingOf(owner, 'hba_file');
  const { uid, gid } = statSync(data);
  const place = (file: string, name: string): void => {
    copyFileSync(file, join(data, name));
    chownSync(join(data, name), uid, gid);
    chmodSync(join(data, name), 0o600);
  };
  place(certificate.certificate, 'server.crt');
  place(certificate.key, 'server.key');
  if (client !== undefined) {
    place(client.authority, 'clients.crt');
    const rule = `hostssl all ${client.role} 127.0.0.1/32 cert\n`;
    writeFileSync(hba, rule + readFileSync(hba, 'utf8'));
    await owner.query("ALTER SYSTEM SET ssl_ca_file = 'clients.crt'");
  }
  await owner.query('ALTER SYSTEM SET ssl = on');
  await owner.query('SELECT pg_reload_conf()');
}

async function settingOf(owner: Owner, name: string): Promise<string> {
  const { rows } = await owner.query(`SELECT current_setting('${name}') AS value`);
  const [row] = rows;
  if (row === undefined || !('value' in row) || typeof row.value !== 'string') {
    throw new Error(`the server has no setting ${name}`);
  }
  return row.value;
}
