import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cases } from '@chancery/testkit/properties';
import { helloBytes, readClientHello } from './client-hello.ts';
import { helloOf } from './proxy-fixture.ts';

const real = await helloOf({ servername: 'site.example.org' });

/** The message of a hello, in records of these sizes. */
function inRecords(hello: Buffer, size: number): Buffer {
  const message = hello.subarray(5);
  const records: Buffer[] = [];
  for (let at = 0; at < message.length; at += size) {
    const part = message.subarray(at, at + size);
    const head = Buffer.from([22, 3, 1, 0, 0]);
    head.writeUInt16BE(part.length, 3);
    records.push(head, part);
  }
  return Buffer.concat(records);
}

/** One with these extensions, each a type and a body. */
function made(...extensions: readonly (readonly [number, readonly number[]])[]): Buffer {
  const list = extensions.flatMap(([type, body]) => [
    ...[type >> 8, type & 255, body.length >> 8, body.length & 255],
    ...body,
  ]);
  const body = [
    ...[3, 3, ...Array.from({ length: 32 }, () => 7), 0, 0, 2, 0x13, 0x01, 1, 0],
    ...[list.length >> 8, list.length & 255, ...list],
  ];
  const message = [1, 0, body.length >> 8, body.length & 255, ...body];
  return Buffer.from([22, 3, 1, message.length >> 8, message.length & 255, ...message]);
}

function nameOf(text: string, type = 0): readonly number[] {
  const name = [...Buffer.from(text, 'latin1')];
  return [0, name.length + 3, type, 0, name.length, ...name];
}

const malformed = { kind: 'malformed' };

describe('a client hello', () => {
  it.each([
    [{ servername: 'site.example.org' }, 'site.example.org'],
    [{ servername: 'SITE.example.org' }, 'site.example.org'],
    [{ servername: '' }, undefined],
    [{ servername: 'a.b', minVersion: 'TLSv1.2', maxVersion: 'TLSv1.2' } as const, 'a.b'],
    [{ servername: 'a.b', ALPNProtocols: ['h2', 'http/1.1'] }, 'a.b'],
  ])('of Node with %j names %s', async (options, serverName) => {
    expect(readClientHello(await helloOf(options))).toEqual({
      ...{ kind: 'read', serverName, isEncrypted: false },
    });
  });

  it.each([1, 3, 4, 5, 100, 300])('is read from records of %i bytes', (size) => {
    expect(readClientHello(inRecords(real, size))).toMatchObject({
      serverName: 'site.example.org',
    });
  });

  it('is partial wherever it is cut off', () => {
    const whole = inRecords(real, 97);
    for (let length = 0; length < whole.length; length += 1) {
      expect(readClientHello(whole.subarray(0, length))).toEqual({ kind: 'partial' });
    }
  });

  it('tells that it may name another host in secret', () => {
    const hello = made([0, nameOf('a.b')], [0xfe0d, [0]]);
    expect(readClientHello(hello)).toEqual({ kind: 'read', serverName: 'a.b', isEncrypted: true });
  });

  it.each<[string, Buffer]>([
    ['two names in one list', made([0, [0, 12, 0, 0, 3, 97, 46, 98, 0, 0, 3, 99, 46, 100]])],
    ['two lists of names', made([0, nameOf('a.b')], [0, nameOf('c.d')])],
    ['a name of another kind', made([0, nameOf('a.b', 1)])],
    ['an empty name', made([0, nameOf('')])],
    ['an empty list', made([0, []])],
    ['a name with a NUL', made([0, nameOf('a.b\0.c')])],
    ['more after its names', made([0, [...nameOf('a.b'), 0]])],
    ['another extension twice', made([43, [0]], [43, [0]])],
    ['another record', Buffer.from([23, 3, 3, 0, 1, 0])],
    ['another message', Buffer.from([22, 3, 3, 0, 4, 2, 0, 0, 0])],
    ['an empty record', Buffer.from([22, 3, 3, 0, 0])],
    ['a length without end', Buffer.from([22, 3, 3, 0, 4, 1, 255, 255, 255])],
    ['no TLS', Buffer.from('GET / HTTP/1.1\r\n')],
    ['the hello of SSLv2', Buffer.from([0x80, 0x2e, 1, 3, 1, 0])],
    ['more behind it in its record', Buffer.concat([lengthened(real), Buffer.from([1])])],
  ])('with %s is malformed', (_, bytes) => {
    expect(readClientHello(bytes)).toEqual(malformed);
  });

  it('is read, partial or malformed, whatever it is', () => {
    const changed = fc
      .array(fc.tuple(fc.nat({ max: real.length - 1 }), fc.nat({ max: 255 })), { maxLength: 4 })
      .map((changes) => {
        const bytes = Buffer.from(real);
        for (const [at, value] of changes) bytes[at] = value;
        return bytes;
      });
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 400 }), changed), (bytes) => {
        const found = readClientHello(bytes);
        expect(['read', 'partial', 'malformed']).toContain(found.kind);
        if (found.kind === 'read') expect(bytes.length).toBeLessThan(helloBytes);
      }),
      cases(100),
    );
  });
});

/** Its record one byte longer than the message. */
function lengthened(hello: Buffer): Buffer {
  const longer = Buffer.from(hello);
  longer.writeUInt16BE(hello.readUInt16BE(3) + 1, 3);
  return longer;
}
