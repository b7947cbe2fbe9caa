import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ed25519Signer, signerOf } from '@chancery/kernel/encoding';
import { originOf, signCheckpoint } from '@chancery/kernel/tree';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { httpAnchor } from './index.ts';

const signer = signerOf(ed25519Signer(new Uint8Array(32).fill(7)));
const noteOf = (size: number): string => {
  const root = String(size % 10).repeat(64);
  return signCheckpoint({ origin: originOf('a'.repeat(64)), size, root, heads: undefined }, [
    signer,
  ]);
};

interface Received {
  readonly method: string | undefined;
  readonly path: string | undefined;
  readonly type: string | undefined;
  readonly caching: string | undefined;
  readonly body: string;
}

let server: Server;
let received: Received[];
let answer: (response: ServerResponse) => void;
let url: URL;

beforeEach(async () => {
  received = [];
  server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (text: string) => (body += text));
    request.on('end', () => {
      const { method, url: path, headers } = request;
      const { 'content-type': type, 'cache-control': caching } = headers;
      received.push({ method, path, type, caching, body });
      answer(response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/kept?of=us`);
});

afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const unreachable = { ok: false, refusal: { code: 'anchor.unreachable', retryable: true } };

describe('an anchor over HTTP', () => {
  it('sends a checkpoint as it is, and reads all of them back from the same address', async () => {
    answer = (response) => response.writeHead(201).end();
    expect(await httpAnchor(url).publish(noteOf(1))).toEqual({ ok: true, value: null });
    answer = (response) => response.end(noteOf(1) + noteOf(2));
    const notes = [noteOf(1), noteOf(2)];
    expect(await httpAnchor(url).published()).toEqual({ ok: true, value: notes });
    const type = 'text/plain; charset=utf-8';
    expect(received).toEqual([
      expect.objectContaining({ method: 'POST', path: '/kept?of=us', type, body: noteOf(1) }),
      expect.objectContaining({
        ...{ method: 'GET', path: '/kept?of=us', caching: 'no-cache', body: '' },
      }),
    ]);
  });

  it.each([301, 302, 307, 308])('follows no redirection with status %i', async (status) => {
    answer = (response) => response.writeHead(status, { location: '/elsewhere' }).end();
    expect(await httpAnchor(url).publish(noteOf(1))).toMatchObject(unreachable);
    expect(await httpAnchor(url).published()).toMatchObject(unreachable);
    expect(received.map(({ path }) => path)).toEqual(['/kept?of=us', '/kept?of=us']);
  });

  it.each([400, 403, 404, 500, 503])('is unreachable with status %i', async (status) => {
    answer = (response) => response.writeHead(status).end(noteOf(1));
    expect(await httpAnchor(url).publish(noteOf(1))).toMatchObject(unreachable);
    expect(await httpAnchor(url).published()).toMatchObject(unreachable);
  });

  it('is unreachable when the answer ends in the middle, or never does', async () => {
    answer = (response) => {
      response.writeHead(200, { 'content-length': 1_000 }).write(noteOf(1));
      setImmediate(() => response.destroy());
    };
    expect(await httpAnchor(url).published()).toMatchObject(unreachable);
    let written = 0;
    answer = (response) => {
      const more = (): void => {
        written += 65_536;
        response.write('a'.repeat(65_536), () => {
          if (!response.destroyed) more();
        });
      };
      more();
    };
    const left = await httpAnchor(url).published();
    expect(left).toMatchObject(unreachable);
    expect(left.ok ? '' : left.refusal.message).toContain('it is longer than 16777216 bytes');
    expect(written).toBeGreaterThan(16_777_216);
  });

  it('waits so long and no longer, for an answer and for the rest of one', async () => {
    const impatient = httpAnchor(url, { patienceMs: 200 });
    answer = () => undefined;
    expect(await impatient.publish(noteOf(1))).toMatchObject(unreachable);
    expect(await impatient.published()).toMatchObject(unreachable);
    answer = (response) => {
      response.write(noteOf(1));
      const drip = setInterval(() => response.write('a'), 20);
      response.on('close', () => clearInterval(drip));
    };
    expect(await impatient.published()).toMatchObject(unreachable);
  });

  it('takes no answer for whole that has another length than it says', async () => {
    const bytes = Buffer.byteLength(noteOf(1));
    for (const length of [bytes + 1, bytes - 1]) {
      answer = (response) => {
        // So that Node's own server does not find it out.
        response.socket?.end(`HTTP/1.1 200 OK\r\nContent-Length: ${length}\r\n\r\n${noteOf(1)}`);
      };
      const { ok, ...left } = await httpAnchor(url).published();
      const code = length > bytes ? 'anchor.unreachable' : 'anchor.broken';
      expect({ ok, ...left }).toMatchObject({ ok: false, refusal: { code } });
    }
  });

  it('takes the next checkpoint after one of which nobody knows whether it was kept', async () => {
    let kept = '';
    const ways: readonly ((response: ServerResponse) => void)[] = [
      (response) => response.socket?.destroy(),
      (response) => response.writeHead(500).end(),
      (response) => {
        kept += received.at(-1)?.body ?? '';
        response.socket?.destroy();
      },
    ];
    for (const [index, fails] of ways.entries()) {
      answer = fails;
      expect(await httpAnchor(url).publish(noteOf(index))).toMatchObject(unreachable);
    }
    answer = (response) => {
      kept += received.at(-1)?.body ?? '';
      response.writeHead(201).end();
    };
    expect(await httpAnchor(url).publish(noteOf(3))).toEqual({ ok: true, value: null });
    answer = (response) => response.end(kept);
    expect(await httpAnchor(url).published()).toEqual({ ok: true, value: [2, 3].map(noteOf) });
  });

  it('is broken when it gives something else than notes', async () => {
    for (const text of ['<!doctype html>\n', noteOf(1).slice(0, -5), `${noteOf(1)}\n`]) {
      answer = (response) => response.end(text);
      expect(await httpAnchor(url).published()).toMatchObject({
        ok: false,
        refusal: { code: 'anchor.broken' },
      });
    }
  });

  it('tells no query of its address, which can hold a secret', async () => {
    answer = (response) => response.writeHead(500).end();
    const left = await httpAnchor(url).published();
    expect(left.ok ? '' : left.refusal.message).toContain(`${url.origin}/kept: HTTP status 500`);
    expect(left.ok ? '' : left.refusal.message).not.toContain('of=us');
  });
});
