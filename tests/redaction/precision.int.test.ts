import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { redactor } from '@chancery/runtime/redaction';
import { randomOf } from './corpus.ts';

const { redactText } = redactor({ secrets: [] });
const root = path.resolve(import.meta.dirname, '../..');

/** Large public packages as the registry has them: set-up has installed them. None holds a secret. */
const packages = [
  ...['typescript', 'eslint', 'rolldown', 'vitest', 'prettier', 'knip', 'zod', 'fast-check'],
  ...['ajv', 'playwright-core', 'ai', 'vite', 'acorn', 'yaml', 'dependency-cruiser'],
];
const texts = /\.(?:[cm]?[jt]sx?|json|md|map|ya?ml|txt|lock|css|html|sh)$/i;

function filesOf(name: string): readonly string[] {
  const folder = path.join(root, 'node_modules', name);
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && texts.test(entry.name))
    .map((entry) => path.join(entry.parentPath, entry.name));
}

function touched(files: readonly string[]): readonly string[] {
  return files
    .filter((file) => redactText(readFileSync(file, 'utf8')).count > 0)
    .map((file) => path.relative(root, file));
}

describe('sources without a secret', () => {
  const all = packages.map(filesOf).filter((files) => files.length > 0);

  it('are left as they are, but for two files in a hundred at most', () => {
    expect(all.length).toBeGreaterThanOrEqual(10);
    const files = all.flat();
    const wrong = touched(files);
    console.log(`${wrong.length} of ${files.length} files touched\n${wrong.join('\n')}`);
    expect(wrong.length / files.length).toBeLessThanOrEqual(0.02);
  });

  it('are left as they are where they are lock files', () => {
    expect(touched([path.join(root, 'package-lock.json')])).toEqual([]);
  });
});

describe('what looks like a secret', () => {
  const random = randomOf('look-alikes');
  const hex = (length: number): string =>
    Array.from({ length }, () => Math.floor(random() * 16).toString(16)).join('');
  const uuid = (): string => [8, 4, 4, 4, 12].map(hex).join('-');
  const sha = (name: string, encoding: 'hex' | 'base64'): string =>
    createHash(name).update(hex(8)).digest(encoding);
  const base64 = Buffer.from(Array.from({ length: 900 }, () => Math.floor(random() * 256)));

  const lookAlikes: Readonly<Record<string, () => string>> = {
    'an MD5': () => `${sha('md5', 'hex')}  file.txt`,
    'a commit': () => `commit ${sha('sha1', 'hex')} (HEAD -> main)`,
    'a shortened diff header': () => `index ${hex(7)}..${hex(7)} 100644`,
    'a SHA-256': () => `sha256:${sha('sha256', 'hex')}`,
    'an image digest': () => `image: app@sha256:${sha('sha256', 'hex')}`,
    'an integrity': () => `"integrity": "sha512-${sha('sha512', 'base64')}"`,
    'a yarn checksum': () => `  checksum: 10c0/${sha('sha512', 'hex')}`,
    'a go.sum line': () => `golang.org/x/sys v0.1.0 h1:${sha('sha256', 'base64')}`,
    'a UUID': () => `{"id": "${uuid()}", "token_id": "${uuid()}"}`,
    'a trace': () => `traceparent: 00-${hex(32)}-${hex(16)}-01`,
    'an inlined image': () => `src="data:image/png;base64,${base64.toString('base64')}"`,
    'an inlined source map': () =>
      `//# sourceMappingURL=data:application/json;base64,${base64.toString('base64')}`,
    'an ETag': () => `ETag: "${hex(32)}"`,
    'an asset name': () => `/assets/index-${hex(8)}.js?v=${hex(12)}`,
    'a public key': () => `ssh-ed25519 ${base64.subarray(0, 51).toString('base64')} me@host`,
    'a certificate': () =>
      `-----BEGIN CERTIFICATE-----\n${base64.toString('base64')}\n-----END CERTIFICATE-----`,
    'a key of AWS documentation': () => 'AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE',
    'a placeholder': () => 'API_KEY=<your-api-key> TOKEN=${TOKEN} SECRET={{ secret }}',
    crosses: () => `token: "ghp_${'x'.repeat(36)}"`,
    zeros: () => `STRIPE_KEY=sk_live_${'0'.repeat(24)}`,
    'a version': () => 'node-v24.21.0-linux-x64.tar.gz 2026-11-26T10:00:00.000Z',
    'an ARN': () => 'arn:aws:iam::123456789012:role/service-role/lambda-basic-execution',
    'a mapping': () => '"mappings": "AAAA,SAASA,EAAMC,GACb,OAAOC,QAAQC,IAAIF"',
    'a minified file': () => 'var t=e.token,n=t?r.getToken(t):i.a1b2;s.password=t.value2||n;',
    'a type': () => 'interface Auth { password: string; apiKey?: string; token: Token2Value }',
  };

  it.each(Object.entries(lookAlikes))('is left as it is: %s', (_, write) => {
    for (let nth = 0; nth < 50; nth += 1) {
      const text = write();
      expect(redactText(text)).toEqual({ value: text, count: 0 });
    }
  });
});
