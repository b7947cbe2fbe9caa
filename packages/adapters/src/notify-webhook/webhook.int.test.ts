import { createPublicKey, verify } from 'node:crypto';
import {
  createServer,
  type IncomingHttpHeaders,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Notification } from '@chancery/domain/notifications';
import { ed25519Signer, signerOf } from '@chancery/kernel/encoding';
import { newWebhookSecret, readWebhookSecret, readWebhookUrl, webhookCourier } from './index.ts';
import { signatureHeader } from './signature.ts';

const signer = signerOf(ed25519Signer(new Uint8Array(32).fill(9)));
const secretText = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const secret = secretOf(secretText);

const notification: Notification = {
  v: 1,
  id: 'a'.repeat(64),
  kind: 'approval.requested',
  ...{ ledger: 'b'.repeat(64), position: 7, atMs: 1_000 },
  ...{ run: 'r1', action: 'c'.repeat(64), channel: 'human' },
  text: 'run r1 waits for 1 of 2 on human: its risk is high',
};

interface Received {
  readonly path: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

let server: Server;
let received: Received[];
let answer: (response: ServerResponse) => void;
let url: URL;

function secretOf(text: string): Uint8Array {
  const read = readWebhookSecret(text);
  if (!read.ok) throw new Error(read.refusal.message);
  return read.value;
}

beforeEach(async () => {
  received = [];
  answer = (response) => response.writeHead(204).end();
  server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (text: string) => (body += text));
    request.on('end', () => {
      received.push({ path: request.url, headers: request.headers, body });
      answer(response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/T0/secret-path`);
});

afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const courier = () => webhookCourier({ url, secret, signer, nowMs: () => 1_614_265_330_999 });

describe('a webhook', () => {
  it('is sent the notification as JSON, with its id and a time in seconds', async () => {
    expect(await courier().deliver(notification)).toEqual({ ok: true, value: null });
    const [{ path, headers, body } = { path: '', headers: {}, body: '' }] = received;
    expect({ path, told: JSON.parse(body) as unknown }).toEqual({
      path: '/T0/secret-path',
      told: notification,
    });
    expect(headers).toMatchObject({
      'content-type': 'application/json',
      'webhook-id': notification.id,
      'webhook-timestamp': '1614265330',
    });
  });

  it('is signed with the secret and with the key of the runtime, over what was sent', async () => {
    await courier().deliver(notification);
    const given = String(received[0]?.headers['webhook-signature']);
    const body = received[0]?.body ?? '';
    const message = { id: notification.id, timestamp: '1614265330', body };
    expect(given).toBe(signatureHeader(message, { secret, signer }));
    const [, signature = ''] = given.split(' v1a,');
    const raw = Buffer.from(signer.id.slice('ed25519:'.length), 'hex').toString('base64url');
    const key = createPublicKey({ format: 'jwk', key: { kty: 'OKP', crv: 'Ed25519', x: raw } });
    const signed = Buffer.from(`${message.id}.${message.timestamp}.${body}`);
    expect(verify(null, signed, key, Buffer.from(signature, 'base64'))).toBe(true);
  });

  it.each([301, 302, 307, 308])('follows no redirection with status %i', async (status) => {
    answer = (response) => response.writeHead(status, { location: '/elsewhere' }).end();
    expect(await courier().deliver(notification)).toMatchObject({
      ok: false,
      refusal: { code: 'hook.unreachable' },
    });
    expect(received.map(({ path }) => path)).toEqual(['/T0/secret-path']);
  });

  it.each([400, 401, 404, 410, 429, 500, 503])('has not arrived with status %i', async (status) => {
    answer = (response) => response.writeHead(status).end('no');
    const told = await courier().deliver(notification);
    expect(told).toMatchObject({
      ok: false,
      refusal: { code: 'hook.unreachable', retryable: true },
    });
    expect(told.ok ? '' : told.refusal.message).toBe(`${url.origin}: HTTP status ${status}`);
  });

  it('has not arrived where nobody listens, or the connection is cut', async () => {
    answer = (response) => response.destroy();
    const cut = await courier().deliver(notification);
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    const nobody = await courier().deliver(notification);
    for (const told of [cut, nobody]) {
      expect(told).toMatchObject({ ok: false, refusal: { code: 'hook.unreachable' } });
      expect(told.ok ? '' : told.refusal.message).not.toContain('secret-path');
    }
  });
});

it('signs as the example of Standard Webhooks does', () => {
  const message = {
    id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
    timestamp: '1614265330',
    body: '{"test": 2432232314}',
  };
  expect(signatureHeader(message, { secret, signer }).split(' ')[0]).toBe(
    'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  );
});

describe('the secret of a webhook', () => {
  it('is made anew each time, in the form that is read', () => {
    const [one, two] = [newWebhookSecret(), newWebhookSecret()];
    expect(one).not.toBe(two);
    expect(secretOf(one)).toHaveLength(32);
  });

  it.each(['', 'whsec_', 'MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', 'whsec_short', 'whsec_%%%%'])(
    'is not %j, and is not shown in the refusal',
    (text) => {
      const read = readWebhookSecret(text);
      expect(read).toMatchObject({ ok: false, refusal: { code: 'hook.invalid' } });
      if (text.length > 8) expect(read.ok ? '' : read.refusal.message).not.toContain(text.slice(6));
    },
  );
});

describe('the address of a webhook', () => {
  it.each([
    'https://hooks.example.org/a/b?c=d',
    'http://127.0.0.1:8080/x',
    'http://localhost/x',
    'http://[::1]:1/x',
  ])('may be %s', (text) => {
    expect(readWebhookUrl(text).ok).toBe(true);
  });

  it.each([
    'hooks.example.org',
    'http://hooks.example.org/x',
    'http://127.0.0.1.example.org/x',
    'http://10.0.0.1/x',
    'https://user:word@hooks.example.org/x',
    'https://hooks.example.org/x#y',
    'file:///etc/passwd',
    'ftp://hooks.example.org/',
  ])('may not be %s', (text) => {
    const read = readWebhookUrl(text);
    expect(read).toMatchObject({ ok: false, refusal: { code: 'hook.invalid' } });
    expect(read.ok ? '' : read.refusal.message).not.toMatch(/word|passwd/);
  });
});
