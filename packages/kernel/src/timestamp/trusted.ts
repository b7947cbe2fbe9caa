import { decodeBase64 } from '../encoding/index.ts';
import { done, refused, type Result } from '../refusal/index.ts';
import { readCertificate, type Certificate } from './certificate.ts';

const armour = /-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]+)-----END CERTIFICATE-----/g;

/** The authorities in a PEM text (RFC 7468). Refuses `usage.invalid` where one cannot be trusted. */
export function readTrusted(pem: string): Result<readonly Certificate[]> {
  const trusted: Certificate[] = [];
  for (const [, base64 = ''] of pem.matchAll(armour)) {
    const bytes = decodeBase64(base64.replaceAll(/\s/g, ''));
    const certificate = bytes === undefined ? undefined : readCertificate(bytes);
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
