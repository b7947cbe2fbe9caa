import { createServer, type Server, type ServerResponse } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ed25519Signer, leafDigest, signerOf } from '@chancery/kernel/encoding';
import { refusal, RefusalError } from '@chancery/kernel/refusal';
import {
  emptyFrontier,
  formatNote,
  grow,
  ledgerVerifier,
  originOf,
  parseNote,
  rootOf,
  signCheckpoint,
  signNote,
} from '@chancery/kernel/tree';
import { addCheckpointText, type AddCheckpoint } from '@chancery/kernel/witness';
import { keptPath, Witness, type TileStore } from '@chancery/runtime/transparency';
import { valueOf } from '@chancery/testkit/builders';
import { serveWitness, witnessOverHttp, type Served } from './index.ts';

const ledger = 'a'.repeat(64);
const [log, own, stranger] = [1, 2, 3].map((seed) =>
  signerOf(ed25519Signer(new Uint8Array(32).fill(seed))),
) as [ReturnType<typeof signerOf>, ReturnType<typeof signerOf>, ReturnType<typeof signerOf>];

/** A tree of these entries, each a character; signed by the log, unless by another. */
const noteOf = (history: string, by = log, of = ledger): string => {
  const leaves = Array.from(history).map((each) => leafDigest(each));
  const head = { size: history.length, root: rootOf(grow(emptyFrontier, leaves)) };
  return signCheckpoint({ origin: originOf(of), ...head, heads: undefined }, [by]);
};

const requestOf = (history: string, change: Partial<AddCheckpoint> = {}): string =>
  addCheckpointText({ oldSize: 0, proof: [], note: noteOf(history), ...change });

let served: Served;
let witness: Witness;
let files: Map<string, Uint8Array>;
let isFull: boolean;
const failures: unknown[] = [];

const kept: TileStore = {
  read: async (path) => files.get(path),
  write: async (path, bytes) => {
    if (isFull) throw new RefusalError(refusal('ledger.unreachable', 'the tiles: ENOSPC'));
    files.set(path, bytes);
  },
};

beforeEach(async () => {
  files = new Map();
  isFull = false;
  failures.length = 0;
  witness = new Witness({
    ...{ name: 'witness.example', signer: own, kept },
    logs: [{ origin: originOf(ledger), keys: [ledgerVerifier(ledger, log.id)] }],
    clock: { nowMs: () => 1_700_000_000_999 },
  });
  const onFailure = (error: unknown) => void failures.push(error);
  served = await serveWitness({ witness, kept }, { host: '127.0.0.1', port: 0, onFailure });
});

afterEach(() => served.close());

async function post(body: string | Uint8Array<ArrayBuffer>) {
  const response = await fetch(`${served.url}add-checkpoint`, { method: 'POST', body });
  const type = response.headers.get('content-type');
  return { status: response.status, type, text: await response.text() };
}

/** A request that has no proof, with a hash as if it had. */
const surplus = (request: string): string =>
  request.replace('\n\n', `\n${Buffer.alloc(32).toString('base64')}\n\n`);

describe('a witness that is served', () => {
  it('answers with its cosignature, and keeps what it has signed', async () => {
    const { status, text } = await post(requestOf('abc'));
    expect({ status, text }).toEqual({
      status: 200,
      text: expect.stringMatching(/^— witness\.example [A-Za-z0-9+/=]+\n$/) as string,
    });
    const path = keptPath(originOf(ledger));
    expect(Buffer.from(files.get(path) ?? []).toString()).toBe(noteOf('abc') + text);
    expect(await (await fetch(served.url + path)).text()).toBe(noteOf('abc') + text);
  });

  it.each([
    [400, 'what is no request', 'nothing'],
    [400, 'bytes that are no text', new Uint8Array([0xff, 0xfe])],
    [400, 'more than a request can be', 'x'.repeat(70_000)],
    [400, 'an old size beyond the new one', requestOf('abc', { oldSize: 4 })],
    [403, 'what another has signed', requestOf('abc', { note: noteOf('abc', stranger) })],
    [404, 'another log', requestOf('abc', { note: noteOf('abc', log, 'b'.repeat(64)) })],
    [409, 'an old size that is not the last', requestOf('abcd', { oldSize: 1 })],
    [422, 'a proof that proves nothing', requestOf('abcd', { oldSize: 3 })],
    [409, 'another tree of the same size', requestOf('abx', { oldSize: 3 })],
    [422, 'the same tree with a proof, where none is', surplus(requestOf('abc', { oldSize: 3 }))],
    [422, 'another tree of the same size with one', surplus(requestOf('abx', { oldSize: 3 }))],
  ])('answers with status %i to %s', async (status, _what, body) => {
    expect((await post(requestOf('abc'))).status).toBe(200);
    const before = files.get(keptPath(originOf(ledger)));
    expect((await post(body)).status).toBe(status);
    expect(files.get(keptPath(originOf(ledger)))).toBe(before);
    expect(failures).toEqual([]);
  });

  it('keeps the signatures of the log alone, of however many that were sent', async () => {
    const note = noteOf('abc');
    const { text, signatures } = valueOf(parseNote(note));
    const others = Array.from({ length: 62 }, (_, nth) => signNote(text, `other-${nth}`, stranger));
    const all = [...signatures, ...signatures, ...others];
    const padded = formatNote({ text, signatures: all });
    const answer = await post(requestOf('abc', { note: padded }));
    expect(answer.status).toBe(200);
    const bytes = files.get(keptPath(originOf(ledger))) ?? [];
    expect(Buffer.from(bytes).toString()).toBe(note + answer.text);
    expect(failures).toEqual([]);
  });

  it('tells the size of the last tree as the protocol says', async () => {
    await post(requestOf('abc'));
    expect(await post(requestOf('abcd'))).toEqual({
      ...{ status: 409, type: 'text/x.tlog.size', text: '3\n' },
    });
  });

  it('is told nothing of who goes away half-way, and goes on', async () => {
    const socket = connect(Number(new URL(served.url).port), '127.0.0.1');
    const head = 'POST /add-checkpoint HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 999\r\n\r\n';
    await new Promise((resolve) => socket.write(`${head}old 0`, resolve));
    socket.resetAndDestroy();
    expect((await post(requestOf('abc'))).status).toBe(200);
    await served.close();
    expect(failures).toEqual([]);
  });

  it('gives no cosignature that it could not write down', async () => {
    isFull = true;
    const { status, text } = await post(requestOf('abc'));
    expect({ status, text }).toEqual({ status: 503, text: 'ledger.unreachable\n' });
    expect(failures).toHaveLength(1);
    isFull = false;
    expect((await post(requestOf('abx'))).status).toBe(200);
  });

  it('cosigns one of two histories that are shown at the same moment', async () => {
    const histories = ['abc', 'abx', 'a', 'abcd', 'xyz'];
    const answers = await Promise.all(histories.map((each) => post(requestOf(each))));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  });

  it.each([
    ['GET', 'add-checkpoint', 405],
    ['POST', keptPath(originOf(ledger)), 405],
    ['GET', keptPath(originOf(ledger)), 404],
    ['GET', '', 404],
    ['GET', '../checkpoint', 404],
    ['GET', `${'A'.repeat(64)}/checkpoint`, 404],
  ])('answers %s /%s with %i', async (method, path, status) => {
    expect((await fetch(served.url + path, { method })).status).toBe(status);
  });
});

describe('whoever asks a witness', () => {
  it('is given its cosignature, or why there is none', async () => {
    const asked = witnessOverHttp(served.url, witness.key);
    const add = (history: string, oldSize = 0) =>
      asked.add({ oldSize, proof: [], note: noteOf(history) });
    expect(await add('abc')).toMatchObject({ ok: true });
    expect(await add('abcd')).toMatchObject({
      refusal: { code: 'witness.stale', details: { size: 3 } },
    });
    expect(await add('abx', 3)).toMatchObject({ refusal: { code: 'witness.forked' } });
  });

  const answers: readonly (readonly [string, number, Record<string, string>, string])[] = [
    ['witness.unreachable', 302, { location: '/elsewhere' }, ''],
    ['witness.unreachable', 500, {}, 'broken'],
    ['witness.unreachable', 200, {}, 'x'.repeat(20_000)],
    ['witness.malformed', 409, { 'content-type': 'text/x.tlog.size' }, 'three\n'],
    ['witness.malformed', 409, { 'content-type': 'text/x.tlog.size' }, '3'],
    ['witness.malformed', 409, { 'content-type': 'text/x.tlog.size' }, '9007199254740993\n'],
    ['witness.forked', 409, { 'content-type': 'text/plain' }, '\u001b[31mred\n'],
  ];
  it.each(answers)('refuses with %s what is answered with %i %j', async (code, ...answer) => {
    const [status, headers, body] = answer;
    const server = createServer((_request, response) =>
      response.writeHead(status, headers).end(body),
    );
    const url = await listening(server);
    const request = { oldSize: 0, proof: [], note: noteOf('abc') };
    const left = await witnessOverHttp(url, witness.key).add(request);
    expect(left).toMatchObject({ ok: false, refusal: { code } });
    expect(JSON.stringify(left)).not.toContain('\\u001b');
    await new Promise((resolve) => server.close(resolve));
    expect(await witnessOverHttp(url, witness.key).add(request)).toMatchObject({
      refusal: { code: 'witness.unreachable' },
    });
  });
});

const failing: readonly (readonly [string, (response: ServerResponse) => void])[] = [
  ['is cut off', (response) => response.socket?.destroy()],
  [
    'is cut off in the middle',
    (response) => response.socket?.end('HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n\u2014 w'),
  ],
  ['never comes', () => undefined],
  ['comes without an end', (response) => void response.write('\u2014 witness')],
  ['is no answer', (response) => response.socket?.end('SSH-2.0-OpenSSH\r\n')],
];

it.each(failing)(
  'a witness whose answer %s is unreachable, keeps what it has cosigned, and answers the next',
  async (_what, fails) => {
    // The witness has cosigned what it was sent; nobody was told.
    let failures = 1;
    const between = createServer((request, response) => {
      void text(request).then(async (body) => {
        const answer = await post(body);
        if (failures-- > 0) fails(response);
        else
          response.writeHead(answer.status, { 'content-type': answer.type ?? '' }).end(answer.text);
      });
    });
    const asked = witnessOverHttp(await listening(between), witness.key, 300);
    const add = (history: string, oldSize = 0) =>
      asked.add({ oldSize, proof: [], note: noteOf(history) });
    expect(await add('abc')).toMatchObject({
      refusal: { code: 'witness.unreachable', retryable: true },
    });
    expect(await add('abx')).toMatchObject({ refusal: { code: 'witness.stale' } });
    expect(await add('abx', 3)).toMatchObject({ refusal: { code: 'witness.forked' } });
    expect(await add('abc', 3)).toMatchObject({ ok: true });
    between.closeAllConnections();
    await new Promise((resolve) => between.close(resolve));
  },
);

async function listening(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('it does not listen');
  return `http://127.0.0.1:${address.port}/`;
}
