import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Peer, PeerMissing } from '../../bench/peer.ts';
import { installPeers, unlessMissing } from '../../bench/rows/peers.ts';

const rounds = JSON.stringify(join(import.meta.dirname, '../../bench/peers/rounds.mjs'));
const livesMs = 30_000;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'bench-peer-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function program(text: string): string {
  const file = join(folder, 'peer.mjs');
  writeFileSync(file, text);
  return file;
}

async function startOf(text: string, lives = livesMs): Promise<Peer> {
  return Peer.start({ file: program(text), args: [], livesMs: lives });
}

const serving = (round: string, stop = '() => undefined'): string =>
  `import { serveRounds } from ${rounds};\nawait serveRounds(${round}, ${stop});\n`;

describe('a peer', () => {
  it('runs a round each time that it is told to, says how long it took, and ends when it is told', async () => {
    const mark = join(folder, 'stopped');
    const stop = `() => import('node:fs').then((fs) => fs.writeFileSync(${JSON.stringify(mark)}, 'x'))`;
    const peer = await startOf(serving('() => new Promise((done) => setTimeout(done, 20))', stop));
    expect([await peer.round(), await peer.round()].every((ms) => ms > 10)).toBe(true);
    await peer.end();
    expect(() => rmSync(mark)).not.toThrow();
  });

  it('that ends before it is ready is missing', async () => {
    await expect(startOf('process.exit(3)')).rejects.toStrictEqual(
      new PeerMissing('it ended before it said "ready"'),
    );
  });

  it('that says what is missing has said why its row is', async () => {
    const text = `import { endMissing } from ${rounds};\nendMissing('there is no server');\n`;
    await expect(startOf(text)).rejects.toStrictEqual(new PeerMissing('there is no server'));
  });

  it('that ends during a round is missing', async () => {
    const peer = await startOf(serving('() => process.exit(3)'));
    await expect(peer.round()).rejects.toStrictEqual(
      new PeerMissing('it ended before it said "ms"'),
    );
    await peer.end();
  });

  it('that never answers is stopped when its time is over', async () => {
    const peer = await startOf(
      serving('() => new Promise(() => setInterval(() => 1, 1000))'),
      2_000,
    );
    await expect(peer.round()).rejects.toStrictEqual(
      new PeerMissing('it ended before it said "ms"'),
    );
    await peer.end();
  });

  it.each([
    ['Listening on 1234', 'it said Listening on 1234 instead of "ready"'],
    ['null', 'it said null instead of "ready"'],
    ['{"ms":1}', 'it said {"ms":1} instead of "ready"'],
  ])('that says %s is missing, for nothing is guessed from it', async (line, message) => {
    const text = `console.log(${JSON.stringify(line)}); process.stdin.resume();`;
    await expect(startOf(text)).rejects.toStrictEqual(new PeerMissing(message));
  });

  it.each(['"12"', 'null', '0', '-1'])('is not believed a round of %s ms', async (ms) => {
    const text = `console.log('{"ready":true}'); process.stdin.on('data', () => console.log('{"ms":${ms}}'));`;
    const peer = await startOf(text);
    await expect(peer.round()).rejects.toStrictEqual(
      new PeerMissing(`it said that a round took ${ms} ms`),
    );
    await peer.end();
  });
});

describe('a row', () => {
  it('is left out when its peer is missing, and others go on', async () => {
    const missing = async (): Promise<number> => Promise.reject(new PeerMissing('no server'));
    expect(await unlessMissing('a', missing)).toBeUndefined();
    expect(await unlessMissing('b', async () => 7)).toBe(7);
  });

  it('is not left out for a fault of the bench itself', async () => {
    const fault = async (): Promise<number> => Promise.reject(new Error('broken'));
    await expect(unlessMissing('a', fault)).rejects.toThrow('broken');
  });
});

describe('the packages of the peers', () => {
  it('are missing, with a remedy, when npm cannot install them', async () => {
    const manifest = { name: 'peers', version: '1.0.0', dependencies: { absent: 'file:absent' } };
    const lock = { name: 'peers', version: '1.0.0', lockfileVersion: 3, packages: {} };
    writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
    writeFileSync(join(folder, 'package-lock.json'), JSON.stringify(lock));
    const failure: unknown = await installPeers(folder).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(PeerMissing);
    expect(String(failure)).toMatch(/not installed: Installing [^]*failed[^]*absent[^]*remedy: /);
  });
});
