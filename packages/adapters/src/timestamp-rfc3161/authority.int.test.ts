import type { Result } from '@chancery/kernel/refusal';
import { readTrusted, replyBytesMax } from '@chancery/kernel/timestamp';
import type { Attestation } from '@chancery/runtime/transparency';
import {
  answering,
  checked,
  content,
  opensslMissing,
  replyTo,
  startTimeServer,
  timePki,
  told,
  type Answerer,
  type Pki,
} from '@chancery/testkit/timestamp-authority';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { timeAuthority } from './authority.ts';

const closing: (() => Promise<void>)[] = [];
const type = 'application/timestamp-reply';
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

/** What comes of asking an authority that answers so. */
async function asked(answerer: Answerer, pem = '', patienceMs = 10_000) {
  const server = await startTimeServer(answerer);
  closing.push(() => server.close());
  return { url: server.url, result: await attested(server.url, pem, patienceMs) };
}

async function attested(
  url: string,
  pem: string,
  patienceMs = 10_000,
): Promise<Result<Attestation>> {
  const trusted = readTrusted(pem);
  const authority = timeAuthority({ url, trusted: trusted.ok ? trusted.value : [], patienceMs });
  return authority.ok ? authority.value.attest(content) : authority;
}

const title = `an authority${opensslMissing === undefined ? '' : `: left out, ${opensslMissing}`}`;

describe.skipIf(opensslMissing !== undefined)(title, () => {
  let pki: Pki;
  beforeAll(() => {
    pki = timePki();
  });
  afterAll(() => pki.dispose());

  it('attests a time, by a reply that can be checked again without it', async () => {
    const answerer = answering((query) => replyTo(pki, query, { signer: 'tsa' }));
    const { result } = await asked(answerer, pki.pem('root'));
    expect(told(result)).toBe('ok');
    if (!result.ok) return;
    expect(checked(pki, result.value.reply)).toEqual({ ok: true, value: result.value.time });
  });

  it('is not believed with the answer to an earlier request', async () => {
    const kept: Uint8Array[] = [];
    const answerer = answering((query) => {
      kept.push(replyTo(pki, query, { signer: 'tsa' }));
      return kept[0] ?? query;
    });
    const server = await startTimeServer(answerer);
    closing.push(() => server.close());
    expect(told(await attested(server.url, pki.pem('root')))).toBe('ok');
    expect(told(await attested(server.url, pki.pem('root')))).toEqual([
      'timestamp.mismatch',
      'the timestamp answers another request',
    ]);
  });

  it('says why it refuses', async () => {
    const answerer = answering((query) =>
      replyTo(pki, query, { signer: 'tsa', imprints: 'sha512' }),
    );
    const { result } = await asked(answerer, pki.pem('root'));
    expect(result).toMatchObject({
      ok: false,
      refusal: { code: 'timestamp.refused', details: { status: 2, failure: 'badAlg' } },
    });
  });

  it('is not trusted by who trusts another', async () => {
    const other = timePki();
    const answerer = answering((query) => replyTo(other, query, { signer: 'tsa' }));
    const { result } = await asked(answerer, pki.pem('root'));
    expect(told(result)[0]).toBe('timestamp.untrusted');
    other.dispose();
  });
});

describe('who answers as no authority does', () => {
  it.each<[string, string, Answerer]>([
    [
      'with a page',
      `it answers no ${type}`,
      (_, response) => void response.writeHead(200, { 'content-type': 'text/html' }).end('<p>'),
    ],
    [
      'without a type',
      `it answers no ${type}`,
      (_, response) => void response.writeHead(200).end('x'),
    ],
    [
      'with an error',
      'HTTP status 500',
      (_, response) => void response.writeHead(500, { 'content-type': type }).end('x'),
    ],
    [
      'by sending elsewhere',
      'fetch failed: unexpected redirect',
      (_, response) => void response.writeHead(307, { location: '/elsewhere' }).end(),
    ],
    [
      'without end',
      `it answers over ${replyBytesMax} bytes`,
      (_, response) => {
        response.writeHead(200, { 'content-type': type });
        for (let piece = 0; piece < 4; piece += 1) response.write(new Uint8Array(32_768));
      },
    ],
    ['by closing', 'fetch failed: other side closed', (_, response) => void response.destroy()],
  ])('%s is refused', async (_what, why, answerer) => {
    const { url, result } = await asked(answerer);
    expect(told(result)).toEqual(['timestamp.unreachable', `${url}: ${why}`]);
  });

  it.each<[string, Answerer]>([
    ['never', () => undefined],
    ['half', (_, response) => void response.writeHead(200, { 'content-type': type }).write('x')],
  ])('%s in the given time is refused', async (_what, answerer) => {
    const { url, result } = await asked(answerer, '', 200);
    const why = 'The operation was aborted due to timeout';
    expect(told(result)).toEqual(['timestamp.unreachable', `${url}: ${why}`]);
  });

  it('with nothing has given no timestamp', async () => {
    const { result } = await asked(answering(() => new Uint8Array()));
    expect(told(result)).toEqual(['timestamp.invalid', 'the reply is no timestamp']);
  });

  it('nowhere is refused', async () => {
    const server = await startTimeServer(() => undefined);
    await server.close();
    const [code, message] = told(await attested(server.url, ''));
    expect([code, message]).toEqual(['timestamp.unreachable', expect.stringContaining('REFUSED')]);
  });

  it.each(['tsa.example', 'ftp://tsa.example/', 'file:///tsa', 'http://me:pass@tsa.example/', ''])(
    'at %j has no address',
    async (url) => {
      expect(told(await attested(url, ''))).toEqual([
        'usage.invalid',
        `${JSON.stringify(url)} is no http or https address`,
      ]);
    },
  );
});

describe('the certificates that are trusted', () => {
  it.each([
    ['', 'there is no certificate in it'],
    ['-----BEGIN CERTIFICATE-----\nMAMCAQA=\n-----END CERTIFICATE-----\n', 'cannot be read'],
  ])('are not %j', (pem, why) => {
    const [code, message] = told(readTrusted(pem));
    expect([code, message]).toEqual(['usage.invalid', expect.stringContaining(why)]);
  });
});
