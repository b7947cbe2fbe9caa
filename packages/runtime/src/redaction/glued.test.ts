import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { redactor } from './index.ts';

const { redactText } = redactor({ secrets: [] });

/** Characters that look drawn, the same at every time. */
function drawn(alphabet: string, length: number): string {
  const bytes = createHash('sha512').update(alphabet).digest();
  return Array.from({ length }, (_, at) => alphabet[(bytes[at] ?? 0) % alphabet.length]).join('');
}

const lower = 'abcdefghijklmnopqrstuvwxyz';
const hex = drawn('0123456789abcdef', 32);
const mixed = drawn(`${lower}${lower.toUpperCase()}0123456789`, 60);
const upper = drawn(`${lower.toUpperCase()}0123456789`, 16);
const jwt = ['eyJhbGciOiJIUzI1NiJ9', 'eyJzdWIiOiIxMjM0NTY3ODkwIn0', mixed.slice(0, 43)].join('.');

test.each([
  // Four characters that are given, or hexadecimal digits behind two.
  ['databricks-token', `dapi${hex}`],
  ['twilio-key', `SK${hex}`],
  ['aws-key', `AKIA${upper}`],
  ['aws-key', 'AKIAABCDEFGHIJ234567'],
  ['google-key', `AIza${mixed.slice(0, 35)}`],
  // Signs that are in no data count for more.
  ['asana-token', `1/1234567890123456:${hex}`],
  ['azure-client-secret', `abc8Q~${mixed.slice(0, 34)}`],
  ['telegram-token', `1234567890:AA${mixed.slice(0, 33)}`],
  // What it begins with may have begun before.
  ['newrelic-license', `${hex}0a1bNRAL`],
  ['jwt', jwt],
])('%s is known directly behind a letter or digit: %s', (kind, token) => {
  for (const before of ['a', 'Z', '7', 'file', 'cat5']) {
    expect(redactText(`${before}${token}\n`).value).toBe(`${before}[redacted:${kind}]\n`);
  }
});

test.each([
  ['openai-key', `sk-${mixed.slice(0, 48)}`],
  ['huggingface-token', `hf_${mixed.slice(0, 34)}`],
  ['firecrawl-key', `fc-${hex}`],
])('%s is known behind what no word goes on like: %s', (kind, token) => {
  for (const before of ['A', '7']) {
    expect(redactText(`${before}${token}\n`).value).toBe(`${before}[redacted:${kind}]\n`);
  }
});

test('what is in a row of data is none, but where it is too rare for it', () => {
  const data = Buffer.from(mixed).toString('base64').repeat(2);
  const rare = `dapi${hex}`;
  const google = `AIza${mixed.slice(0, 35)}`;
  expect(redactText(data + google)).toEqual({ value: data + google, count: 0 });
  expect(redactText(data + rare).value).toBe(`${data}[redacted:databricks-token]`);
});

test.each([
  ['a word and letters', `disk-${mixed.slice(0, 40)}`],
  ['a word and a hash', `rfc-${hex}`],
  ['a word and a longer hash', `disk_${hex}${hex.slice(0, 16)}`],
  ['a longer hash with a name behind it', `${hex}${hex}-us1`],
  ['a word that goes on', `MALAYSIAANDSINGAPOREARES`],
  ['a name of many words', 'theAIzaOfAllNamesThatAreLongerThan35InUnit'],
  ['what begins with two characters that are given', `aK2${mixed}`],
  ['a name of a member', 'errorSG.aLongNameOfAMember.anotherNameOfOne'],
])('%s is none', (_, text) => {
  expect(redactText(text)).toEqual({ value: text, count: 0 });
});
