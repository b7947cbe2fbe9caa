import { expect, test } from 'vitest';
import { allDetectors } from './detectors.ts';
import { redactor } from './index.ts';

const { redactText } = redactor({ secrets: ['correct horse battery staple'] });

/** Texts that begin to look like a secret over and over, and never are one. */
const hostile: Readonly<Record<string, string>> = {
  keys: '-----BEGIN RSA PRIVATE KEY',
  armours: '-----BEGIN CERTIFICATE-----',
  web: '://a:',
  jwt: 'eyJ',
  dottedJwt: 'eyJabcdefgh.',
  names: 'token',
  assignments: 'password=',
  options: '--token ',
  curl: 'curl -u ',
  login: 'login ',
  quotes: 'api_key="\\',
  spaces: 'secret          ',
  prefixes: 'ghp_',
  hex: 'deadbeef01',
  base64: 'AKIA/LS0tLS1CRUdJTi',
  bearer: 'bearer ',
  unicode: 'pässword=é',
};

/** Eight times as much is more than the longest look, which would hide what grows with it. */
const short = 3_000;
const factor = 8;
/** Linear is the factor; quadratic would be its square. */
const most = factor * 3;

test.each(Object.entries(hostile))('time grows with the length of the text only: %s', (_, part) => {
  const small = part.repeat(Math.ceil(short / part.length));
  const large = small.repeat(factor);
  redactText(small);
  expect(bestMs(large) / Math.max(bestMs(small), 0.05)).toBeLessThan(most);
});

test('nothing that a detector looks for is without a bound', () => {
  const unbounded = allDetectors().filter(({ pattern }) =>
    /[^\\][*+](?![^[]*\])|,\}/.test(pattern().source),
  );
  expect(unbounded.map(({ pattern }) => pattern().source)).toEqual([]);
});

function bestMs(text: string): number {
  const times = Array.from({ length: 5 }, () => {
    const at = performance.now();
    redactText(text);
    return performance.now() - at;
  });
  return Math.min(...times);
}
