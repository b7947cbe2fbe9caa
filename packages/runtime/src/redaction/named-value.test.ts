import { describe, expect, it, test } from 'vitest';
import { redactor } from './index.ts';

const { redact, redactText } = redactor({ secrets: [] });

/** Drawn once; written in parts, so that no scanner takes it for a real one. */
const key = ['Zq3v8LxK', '2mTn9RbW', '7cYp4HsD'].join('');

describe('a value under a name for secrets', () => {
  it.each([
    [`API_KEY=${key}`],
    [`apiKey: '${key}'`],
    [`"api_key": "${key}"`],
    [JSON.stringify(JSON.stringify({ clientSecret: key })).slice(1, -1)],
    [`<accessToken>${key}</accessToken>`],
    [`setAccessToken("${key}")`],
    [`tool --api-key ${key}`],
    [`Server=db;Uid=app;Password=hunter22;`],
    [`X-Api-Key: ${key}`],
    [`?token=${key}&page=1`],
    [`DB_PASSWORD=hunter22`],
    [`password: "tr0ub4dor&3"`],
    [`//packages.example/:_authToken=${key}`],
    [`machine example.org login me password hunter22`],
    [`Authorization: Bearer ${key}`],
    [`Authorization: Basic ${btoa('me:hunter22')}`],
    [`curl -u me:hunter22 https://host`],
  ])('is redacted, and nothing else of %s', (text) => {
    const { value, count } = redactText(text);
    expect(count).toBe(1);
    const [before = '', after = ''] = value.split(/\[redacted:[a-z-]+\]/);
    expect(text.startsWith(before) && text.endsWith(after)).toBe(true);
    expect(before.length).toBeGreaterThan(0);
    expect(value).not.toMatch(/hunter22|tr0ub|Zq3v/);
  });

  it.each([
    'const token = scanner.getToken();',
    'token: SyntaxKind.StringLiteral1;',
    'password: string',
    'password: "Password"',
    'password=${DB_PASSWORD}',
    'password: <your password>',
    'api_key: "your-api-key-goes-here-1"',
    'apiKey: process.env.API_KEY1',
    'API_KEY=xxxxxxxxxxxxxxxx1234',
    'secret: "[redacted:known]"',
    'tokenType: "urn:ietf:params:oauth:2"',
    'csrfToken: "f81d4fae7dec11d0a76500a0c91e6bf6"',
    'tokenHash: "9f86d081884c7d659a2feaa0c55ad015"',
    'secret: 550e8400-e29b-41d4-a716-446655440000',
    '"integrity": "sha512-Zq3v8LxK2mTn9RbW7cYp4HsDZq3v8LxK2mTn9RbW7cYp4HsD=="',
    'nextPageToken=Zq3v8LxK2mTn9RbW7cYp4HsD',
    'token value1 is not valid here',
    'commit 3f786850e387550fdab836ed7e6dc881de23001b',
    'https://user:password@example.com',
    'Basic authentication is not secure',
    'bearer of the news1',
    'password: "/run/secrets/db1"',
    'PASSWORD=./password1.txt',
    'api_key: "https://host.example/4f7a9c2e1b8d"',
    'token: "my-custom-element-version2"',
    'linear: "3f786850e387550fdab836ed7e6dc881de23001b"',
  ])('that is none is left as it is: %s', (text) => {
    expect(redactText(text)).toEqual({ value: text, count: 0 });
  });
});

test('a token under a name for secrets is told by its look', () => {
  expect(redactText(`DEPLOY_TOKEN=${['ghp', key.repeat(2)].join('_')}`).value).toBe(
    'DEPLOY_TOKEN=[redacted:github-token]',
  );
});

test('a member of an object is known by its name as the same text in JSON is', () => {
  expect(redact({ apiKey: key, path: key, list: [{ password: 'hunter22' }] })).toEqual({
    value: {
      apiKey: '[redacted:named-secret]',
      path: key,
      list: [{ password: '[redacted:named-secret]' }],
    },
    count: 2,
  });
});
