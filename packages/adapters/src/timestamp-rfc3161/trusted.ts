import { done, refused, type Result } from '@chancery/kernel/refusal';
import { readCertificate, type Certificate } from './certificate.ts';

const armour = /-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]+)-----END CERTIFICATE-----/g;

/** The authorities in a PEM text (RFC 7468). Refuses `usage.invalid` where one cannot be trusted. */
export function readTrusted(pem: string): Result<readonly Certificate[]> {
  const trusted: Certificate[] = [];
  for (const [, base64 = ''] of pem.matchAll(armour)) {
    const certificate = readCertificate(new Uint8Array(Buffer.from(base64, 'base64')));
    if (certificate === undefined) return unusable('a certificate in it cannot be read');
    if (!certificate.mayIssue) return unusable('a certificate in it is of no authority');
    trusted.push(certificate);
  }
  return trusted.length > 0 ? done(trusted) : unusable('there is no certificate in it');
}

function unusable(why: string): Result<never> {
  return refused('usage.invalid', `the trusted certificates cannot be used: ${why}`, {
    remedy: 'Give the certificates of authorities as PEM text.',
  });
}
