import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cases } from '@chancery/testkit/properties';
import { redactor } from './index.ts';

const known = 'p4ss/"wörd"+x?';
const { redactText, stream } = redactor({ secrets: [known, 'l'.repeat(70)] });
const letters = 'AbCdEfGhIjKlMnOpQrStUvWxYz0123456789';

/** What secrets are made of, whole and in parts that end or begin like one. */
const pieces = fc.constantFrom(
  ...['\n', ' ', '"', ':', '=', '@', '://', 'token', 'PASSWORD', 'api_key', '-----', 'eyJ', 'ghp_'],
  ...['a plain line of text\n', letters, letters.slice(0, 16), 'hunter22', 'postgres://me:', '.'],
  ...['-----BEGIN RSA PRIVATE KEY-----', '-----END RSA PRIVATE KEY-----', 'curl -u me:', 'AKIA'],
  ...['[redacted:known]', 'login me password ', '--token ', 'Bearer ', 'é€😀', 'l'.repeat(35)],
  known,
  known.slice(0, 6),
  known.slice(6),
  Buffer.from(`x${known}`).toString('base64'),
  encodeURIComponent(known),
  `ghp_${letters}`,
  `{"apiKey": "${letters}"}`,
  `DATADOG_API_KEY=${'0a1b2c3d'.repeat(4)}`,
  // What is known by something far before or after it, over any cut.
  `curl -X POST https://host/${'path/'.repeat(30)} -u me:hunter22 `,
  `"clientSecret": "${`${letters}-`.repeat(4)}"`,
  `eyJ${letters.repeat(3)}.eyJ${letters.repeat(3)}.${letters}`,
  `tool --token ${letters} ${'and more '.repeat(30)}`,
  `{"csrf_token": "${letters}"} ${'and more '.repeat(30)}`,
  `xAKIAABCDEFGHIJ234567 ${'and more '.repeat(30)}`,
);

const texts = fc.array(pieces, { maxLength: 40 }).map((parts) => parts.join(''));

function inChunks(text: string, lengths: readonly number[]): { value: string; count: number } {
  const { write, end } = stream();
  const shown: { value: string; count: number }[] = [];
  let at = 0;
  for (let nth = 0; at < text.length; nth += 1) {
    const length = lengths[nth % lengths.length] ?? 1;
    shown.push(write(text.slice(at, at + length)));
    at += length;
  }
  shown.push(end());
  return {
    value: shown.map(({ value }) => value).join(''),
    count: shown.reduce((sum, { count }) => sum + count, 0),
  };
}

test('a text in chunks is redacted as it is whole, however it is cut', () => {
  fc.assert(
    fc.property(
      texts,
      fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 8 }),
      (text, lengths) => {
        expect(inChunks(text, lengths)).toEqual(redactText(text));
      },
    ),
    cases(600),
  );
});

test('a text without anything to look at is shown while it arrives', () => {
  const { write } = stream();
  const shown = Array.from({ length: 100 }, () => write('1234567890\n').value).join('');
  expect(shown.length).toBeGreaterThan(700);
});
