import { expect, test } from 'vitest';
import { checksumOf, isChecksummed } from './checksum.ts';
import { redactor } from './index.ts';

const { redactText } = redactor({ secrets: [] });

test('the checksum is CRC-32 to the base of 62, six digits with zeros before them', () => {
  // CRC-32 of "123456789" is 0xcbf43926 by every list of check values; of nothing it is 0.
  let rest = 0xcbf43926;
  let digits = '';
  while (rest > 0) {
    digits =
      '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'.charAt(rest % 62) + digits;
    rest = Math.floor(rest / 62);
  }
  expect(checksumOf('123456789')).toBe(digits.padStart(6, '0'));
  expect(checksumOf('')).toBe('000000');
});

test('a token with its checksum is one, and with another is none', () => {
  const body = 'k'.repeat(30);
  expect(isChecksummed(`ghp_${body}${checksumOf(body)}`)).toBe(true);
  expect(isChecksummed(`ghp_${body}${checksumOf(`${body}k`)}`)).toBe(false);
});

test('what looks like a placeholder is redacted where its checksum tells that it is a token', () => {
  const body = `example${'0'.repeat(23)}`;
  const text = (end: string): string => `token ghp_${body}${end}`;
  expect(redactText(text(checksumOf(body)))).toEqual({
    value: 'token [redacted:github-token]',
    count: 1,
  });
  expect(redactText(text('000000')).count).toBe(0);
});
