import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openssl } from './openssl.ts';

export type KeyKind = 'rsa' | 'rsa-small' | 'p256' | 'p384' | 'p521';

export interface CertificateRequest {
  readonly name: string;
  readonly key?: KeyKind;
  /** Undefined for one that signs itself. */
  readonly issuer?: string;
  /** Lines of an extension section of OpenSSL. */
  readonly extensions: readonly string[];
  /** As YYYYMMDDHHMMSSZ; by default from 2020 to 2099. */
  readonly from?: string;
  readonly to?: string;
  readonly hash?: 'sha1' | 'sha256' | 'sha384' | 'sha512';
}

const keyArguments: Readonly<Record<KeyKind, readonly string[]>> = {
  rsa: ['-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:2048'],
  'rsa-small': ['-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:1024'],
  p256: ['-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256'],
  p384: ['-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-384'],
  p521: ['-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-521'],
};

/** Extensions of an authority that issues certificates. */
export const authorityExtensions = [
  'basicConstraints=critical,CA:true',
  'keyUsage=critical,keyCertSign,cRLSign',
] as const;

/** Extensions of a certificate for timestamps. */
export const timeExtensions = [
  'basicConstraints=critical,CA:false',
  'keyUsage=critical,digitalSignature',
  'extendedKeyUsage=critical,timeStamping',
  'subjectKeyIdentifier=hash',
] as const;

/** Certificates and keys that OpenSSL makes, in a folder of their own: NAME.pem and NAME.key. */
export class Pki {
  readonly folder = mkdtempSync(join(tmpdir(), 'chancery-pki-'));

  issue(request: CertificateRequest): void {
    const { name, issuer = name, key = 'p256', extensions } = request;
    const { from = '20200101000000Z', to = '20990101000000Z', hash = 'sha256' } = request;
    openssl(this.folder, ['genpkey', ...keyArguments[key], '-out', `${name}.key`]);
    this.#write('index.txt', '');
    this.#write('issue.cnf', configOf(extensions));
    const subject = ['-subj', `/O=Chancery tests/CN=${name}`, '-config', 'issue.cnf'];
    openssl(this.folder, ['req', '-new', '-key', `${name}.key`, '-out', 'new.csr', ...subject]);
    const signer = issuer === name ? ['-selfsign'] : ['-cert', `${issuer}.pem`];
    openssl(this.folder, [
      ...['ca', '-batch', '-config', 'issue.cnf', '-name', 'issuing', '-notext'],
      ...[...signer, '-keyfile', `${issuer}.key`, '-in', 'new.csr', '-out', `${name}.pem`],
      ...['-startdate', from, '-enddate', to, '-md', hash, '-extensions', 'wanted'],
    ]);
  }

  /** Path of the certificate, or of the key. */
  path(file: string): string {
    return join(this.folder, file);
  }

  pem(...names: readonly string[]): string {
    return names.map((name) => readFileSync(this.path(`${name}.pem`), 'utf8')).join('');
  }

  /** Runs OpenSSL in the folder; what it prints. */
  run(args: readonly string[]): string {
    return openssl(this.folder, args).toString('utf8');
  }

  dispose(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  #write(file: string, text: string): void {
    writeFileSync(this.path(file), text);
  }
}

/** A root, and an authority `tsa` for time below it. */
export function timePki(): Pki {
  const pki = new Pki();
  pki.issue({ name: 'root', extensions: authorityExtensions });
  issueTime(pki, { name: 'tsa' });
  return pki;
}

/** Issues a certificate for timestamps, below the root, that differs in something. */
export function issueTime(pki: Pki, request: Partial<CertificateRequest> & { name: string }): void {
  pki.issue({ issuer: 'root', extensions: timeExtensions, ...request });
}

function configOf(extensions: readonly string[]): string {
  return `
[req]
distinguished_name = nothing
[nothing]
[issuing]
database = index.txt
new_certs_dir = .
rand_serial = yes
unique_subject = no
policy = anything
[anything]
organizationName = optional
commonName = supplied
[wanted]
${extensions.join('\n')}
`;
}
