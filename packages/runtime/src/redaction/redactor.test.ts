import { describe, expect, it, test } from 'vitest';
import { encodings } from '@chancery/testkit/encodings';
import { redactor } from './index.ts';

const secret = 'p4ss/"wörd"+x?';
const { redact, redactText, findSecret } = redactor({ secrets: [secret, 'short'] });

/** Written in parts, so that no scanner takes the samples for real ones. */
function sample(...parts: readonly string[]): string {
  return parts.join('');
}

const letters = 'AbCdEfGhIjKlMnOpQrStUvWxYz0123456789';

describe('a known value', () => {
  test.each([
    ['as it is', secret],
    ['in JSON', JSON.stringify({ secret })],
    ['in ASCII JSON', JSON.stringify({ secret }).replace('ö', '\\u00f6')],
    ['in JSON within JSON', JSON.stringify(JSON.stringify({ secret }))],
    ['in a URL', encodeURIComponent(secret)],
    ['in a URL, lowercase', encodeURIComponent(secret).replace(/%../g, (x) => x.toLowerCase())],
    ['in hexadecimal', Buffer.from(secret).toString('hex')],
    ['in uppercase hexadecimal', Buffer.from(secret).toString('hex').toUpperCase()],
    ['in base64', Buffer.from(secret).toString('base64')],
    ['in base64 after one byte', Buffer.from(`u${secret}`).toString('base64')],
    ['in base64 after two bytes', Buffer.from(`u:${secret}`).toString('base64')],
    ['in base64 of URLs', Buffer.from(`u:${secret}`).toString('base64url')],
  ])('is found %s', (_, text) => {
    expect(findSecret(`before ${text} after`)).toBe('known');
  });

  const inLines = 'bKOChaLLZZZcMkl3cvf6oty';

  test.each(Object.entries(encodings).filter(([, encode]) => encode(inLines).includes('\n')))(
    'that is written in lines of %s is found in a text of JSON, and in one within it',
    (_, encode) => {
      const { findSecret: find } = redactor({ secrets: [inLines] });
      const text = encode(`Ry${inLines}Tm0`);
      const once = JSON.stringify(text);
      expect([text, once, JSON.stringify(once)].map(find)).toEqual(['known', 'known', 'known']);
    },
  );

  test.each(['hexdump', 'odWithCharacters', 'xxd'])(
    'in a dump of %s is not told by the characters of its line, whatever follows it',
    (dump) => {
      const value = 'ThisIsAWholeLine"\\""\\"KN0wX';
      const { redactText: shown } = redactor({ secrets: [value] });
      for (const before of ['', 'vb', 'a whole line of it']) {
        for (const after of ['', 'a1E', 'a whole line of it']) {
          const text = encodings[dump]?.(before + value + after) ?? '';
          const quoted = JSON.stringify({ text, more: ' and more'.repeat(9) });
          for (const around of [
            text,
            `see ${text}${' and more'.repeat(9)}`,
            quoted,
            JSON.stringify(quoted),
          ]) {
            expect(shown(around).value).not.toMatch(/KN0w|N0wX/);
          }
        }
      }
    },
  );

  test('in a dump whose beginning was cut off is not told by the characters of its line', () => {
    const text = encodings['hexdump']?.('vbXquRRvTGMKN0w') ?? '';
    const { redactText: shown } = redactor({ secrets: ['XquRRvTGMKN0w'] });
    expect(shown(`${text.slice(text.indexOf('58'))}\nmore`).value).toBe('[redacted:known]\nmore');
  });

  test('in a dump takes no more from what follows than the characters of its line', () => {
    const { redactText: shown } = redactor({ secrets: ['XquRRvTGMKN0w'] });
    for (const dump of ['hexdump', 'odWithCharacters', 'xxd']) {
      const text = `${encodings[dump]?.('XquRRvTGMKN0w') ?? ''}${' and more'.repeat(9)}`;
      expect(shown(text).value).toMatch(/\[redacted:known\](?: and more){9}$/);
    }
  });

  test.each([
    ['base64', (text: Buffer) => text.toString('base64'), 76],
    ['base64', (text: Buffer) => text.toString('base64'), 64],
    ['hexadecimal', (text: Buffer) => text.toString('hex'), 60],
    ['uppercase hexadecimal', (text: Buffer) => text.toString('hex').toUpperCase(), 60],
  ])('that is long leaves no line of %s of %#', (_, encode, width) => {
    const long = Array.from({ length: 10 }, (__, at) => `${at}-Wf7kQ.${at * 7}`).join('');
    const lines = encode(Buffer.from(`${long}\n`)).match(new RegExp(`.{1,${width}}`, 'g')) ?? [];
    const { value } = redactor({ secrets: [long] }).redactText(lines.join('\n'));
    expect(lines.length).toBeGreaterThan(1);
    expect(lines.filter((line) => line.length >= 16 && value.includes(line.slice(0, 12)))).toEqual(
      [],
    );
  });

  test('is replaced wherever it stands', () => {
    expect(redactText(`a ${secret} b ${secret}`)).toEqual({
      value: 'a [redacted:known] b [redacted:known]',
      count: 2,
    });
  });

  test('of less than eight characters is not looked for', () => {
    expect(redactText('short')).toEqual({ value: 'short', count: 0 });
  });

  test('that overlaps another leaves nothing of either', () => {
    const both = redactor({ secrets: ['abcdefgh', 'fghijklm'] });
    expect(both.redactText('-abcdefghijklm-')).toEqual({ value: '-[redacted:known]-', count: 1 });
  });
});

test('the structure stays, with keys and numbers redacted too', () => {
  const digits = redactor({ secrets: ['1234567890', 'password'] });
  const value = {
    'password-1': [true, null, 7, 1234567890],
    nested: { password: { __proto__: 'x' }, secret: 'password' },
  };

  expect(digits.redact(value)).toEqual({
    value: {
      '[redacted:known]-1': [true, null, 7, '[redacted:known]'],
      nested: { '[redacted:known]': {}, secret: '[redacted:known]' },
    },
    count: 4,
  });
});

test('keys that become equal are kept apart', () => {
  const two = redactor({ secrets: ['password', 'passw0rd'] });

  expect(two.redact({ password: 1, passw0rd: 2 })).toEqual({
    value: { '[redacted:known]': 1, '[redacted:known]#2': 2 },
    count: 2,
  });
});

test('a key called __proto__ stays data', () => {
  const value = JSON.parse(`{"__proto__": "x"}`) as { readonly [key: string]: string };

  expect(Object.entries(redact(value).value as object)).toEqual([['__proto__', 'x']]);
});

describe('a secret is known by its looks:', () => {
  const pem = (kind: string): string =>
    `-----BEGIN ${kind}-----\nProc-Type: 4,ENCRYPTED\n\n${letters}\n-----END ${kind}-----`;
  const jwt = ['eyJhbGciOiJIUzI1NiJ9', 'eyJzdWIiOiIxMjM0NTY3ODkwIn0', letters].join('.');

  test.each([
    ['private-key', pem('RSA PRIVATE KEY')],
    ['private-key', pem('OPENSSH PRIVATE KEY')],
    ['private-key', pem('PGP PRIVATE KEY BLOCK')],
    ['private-key', JSON.stringify(pem('PRIVATE KEY')).slice(1, -1)],
    ['aws-key', sample('AKIA', 'ABCDEFGHIJ234567')],
    ['aws-key', sample('ASIA', 'ABCDEFGHIJ234567')],
    ['github-token', sample('ghp_', letters)],
    ['github-token', sample('gho_', letters)],
    ['github-token', sample('github_pat_', letters)],
    ['gitlab-token', sample('glpat-', letters)],
    ['slack-token', sample('xoxb-', '1234567890-', letters)],
    ['anthropic-key', sample('sk-ant-', 'api03-', letters)],
    ['openai-key', sample('sk-', 'proj-', letters)],
    ['openai-key', sample('sk-', letters)],
    ['google-key', sample('AIza', letters.slice(0, 35))],
    ['stripe-key', sample('sk_live_', letters)],
    ['stripe-key', sample('rk_live_', letters)],
    ['npm-token', sample('npm_', letters)],
    ['jwt', jwt],
  ])('%s %s', (kind, text) => {
    expect(redactText(`x=${text}`)).toEqual({ value: `x=[redacted:${kind}]`, count: 1 });
    expect(redactText(`x\\n${text}\\n`)).toEqual({ value: `x\\n[redacted:${kind}]\\n`, count: 1 });
    expect(findSecret(text)).toBe(kind);
  });

  test('a private key whose end was cut off', () => {
    expect(redactText(`x=${pem('PRIVATE KEY').slice(0, 60)}`)).toEqual({
      value: 'x=[redacted:private-key]',
      count: 1,
    });
  });

  test('the password of a URL, and that alone', () => {
    expect(redactText('postgres://me:hunter22@db:5432/x')).toEqual({
      value: 'postgres://me:[redacted:url-password]@db:5432/x',
      count: 1,
    });
  });

  test.each([
    'AKIAABCDEFGHIJ2345678',
    'sk-loading-spinner-of-the-page-header-region',
    'https://example.com:8080/a@b',
    'postgres://me:${PASSWORD}@db',
    'git@example.com:a/b.git',
    'ghp_short',
    '-----BEGIN CERTIFICATE-----\nabc\n-----END CERTIFICATE-----',
    'eyJhbGciOiJIUzI1NiJ9.e30.x',
    '3f786850e387550fdab836ed7e6dc881de23001b',
  ])('%s is none', (text) => {
    expect(redactText(text)).toEqual({ value: text, count: 0 });
    expect(findSecret(text)).toBeUndefined();
  });
});

test('a known value within a secret of known looks is one place', () => {
  const known = redactor({ secrets: ['GhIjKlMnOp'] });

  expect(known.redactText(sample('ghp_', letters))).toEqual({
    value: '[redacted:github-token]',
    count: 1,
  });
});

test.each([
  '{"DB_PASSWORD": "vault:db-2"}',
  'DB_PASSWORD=vault:db-2',
  '{"apiKey":"vault:k3y.of.the-9th-service_x"}',
  'TOKEN=vault:t0k3n',
])('a handle of the vault is no secret: %s', (text) => {
  expect(redactText(text)).toEqual({ value: text, count: 0 });
});

describe('a known value that was cut off', () => {
  const line = 'a line of output\n'.repeat(300);

  it.each([
    ['as it is', secret.slice(0, 9)],
    ['but for its last character', secret.slice(0, -1)],
    ['in hexadecimal', Buffer.from(secret).toString('hex').slice(0, 13)],
    ['as bytes of hexadecimal', (encodings['spaces']?.(secret) ?? '').slice(0, 26)],
    ['in escapes', (encodings['percent']?.(secret) ?? '').slice(0, 24)],
  ])('is redacted at the end of a long text: %s', (_, part) => {
    expect(redactText(line + part)).toEqual({ value: `${line}[redacted:known]`, count: 1 });
  });

  it('is left where it tells too little, or where nothing was cut', () => {
    for (const text of [line + secret.slice(0, 7), `${line}${secret.slice(0, 9)}.`, 'p4ss/"wör']) {
      expect(redactText(text)).toEqual({ value: text, count: 0 });
    }
  });
});

describe('a known value that is broken into lines', () => {
  it.each([
    ['ends with a backslash before an n', 'correct-horse\\', 'correct-\nhorse\\n'],
    ['holds a backslash and an n', 'correct\\nhorse', 'corr\nect\\nhorse'],
    ['begins with an n after a backslash', 'north-by-west', '\\north\n-by-west'],
    ['ends with a bar before a broken line', 'correct-horse|', 'correct-\nhorse|\n|x'],
  ])('is redacted where it %s', (_, known, text) => {
    const { value, count } = redactor({ secrets: [known], knownOnly: true }).redact(text);
    expect(count).toBe(1);
    expect(value).toMatch(/redacted/);
    expect(value).not.toMatch(/horse|west/);
  });

  it('is found in a dump that shows the written end of a line', () => {
    const known = '|\\naaaaaaaaaa';
    const text = encodings['hexdump']?.(`    ${known}`) ?? '';
    const { value } = redactor({ secrets: [known], knownOnly: true }).redact(text);
    expect(value).toBe('00000000  20 20 20 20 [redacted:known]');
  });
});
