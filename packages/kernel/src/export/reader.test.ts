import {
  exportOf,
  ledgerFixture,
  refusalOf,
  trustRuntime,
  valueOf,
  writeRun,
} from '@chancery/testkit/builders';
import { describe, expect, test } from 'vitest';
import { bytesDigest, type Digest } from '../encoding/index.ts';
import { contentsOf } from '../ledger/index.ts';
import type { Result } from '../refusal/index.ts';
import { chainAfter, emptyChain } from './chain.ts';
import { lineBytesMax, partBytes } from './limits.ts';
import type { ExportMark } from './mark.ts';
import { ExportReader, type ExportRecord } from './reader.ts';
import { ExportWriter, fitsExport } from './writer.ts';

const blobs = new Map<Digest, Uint8Array>();
const on = ledgerFixture();
trustRuntime(on);
writeRun(on, 'r1', on.writ, blobs);
const whole = exportOf(on, { blobs });
const partial = exportOf(on, { blobs, streams: ['control', 'ledger', 'run:r1'] });

const utf8 = new TextEncoder();

/** Reads a text in chunks of so many bytes. */
function read(text: string | Uint8Array, chunkBytes = 1 << 16): Result<readonly ExportRecord[]> {
  const bytes = typeof text === 'string' ? utf8.encode(text) : text;
  const reader = new ExportReader();
  const records: ExportRecord[] = [];
  for (let at = 0; at < bytes.length; at += chunkBytes) {
    const read = reader.push(bytes.subarray(at, at + chunkBytes));
    if (!read.ok) return read;
    records.push(...read.value);
  }
  const finished = reader.finish();
  return finished.ok ? { ok: true, value: records } : finished;
}

/** Lines with a last one that fits them, as somebody who forges would write it. */
function closedAnew(lines: readonly string[]): string {
  const kept = lines.map((line) => line.replace(/\n$/, ''));
  const digest = kept.reduce(chainAfter, emptyChain);
  const entries = kept.filter((line) => line.startsWith('{"at":')).length;
  return `${[...kept, `{"end":{"digest":"${digest}","entries":${entries},"lines":${kept.length}}}`].join('\n')}\n`;
}

const codeOf = (text: string | Uint8Array): string => refusalOf(read(text)).code;
const messageOf = (text: string): string =>
  refusalOf(read(text)).message.replace('not a whole and unchanged export: ', '');

describe('an export that is read', () => {
  test('gives the entries and blobs that were written', () => {
    const records = valueOf(read(whole.join('')));
    const entries = records.flatMap((record) => (record.type === 'entry' ? [record.entry] : []));
    expect(entries.map(({ stored }) => stored)).toEqual(on.recorder.stored);
    const named = on.recorder.entries.flatMap(({ entry }) =>
      contentsOf(entry).flatMap((content) => ('blob' in content ? [content.blob.digest] : [])),
    );
    const given = new Map(entries.flatMap((entry) => [...entry.blobs]));
    expect([...given.keys()]).toEqual([...new Set(named)]);
    for (const [digest, bytes] of given) expect([...bytes]).toEqual([...(blobs.get(digest) ?? [])]);
    expect(records.map(({ type }) => type)).toEqual([
      'manifest',
      ...on.recorder.stored.map(() => 'entry'),
      'end',
    ]);
  });

  test('gives the streams of a partial one, each entry with its place in the ledger', () => {
    const records = valueOf(read(partial.join('')));
    const shown = records.flatMap((record): readonly unknown[] =>
      record.type === 'stream'
        ? [record.proof.stream]
        : record.type === 'entry'
          ? [record.entry.stored]
          : [],
    );
    const of = (stream: string) => on.recorder.stored.filter((entry) => entry.stream === stream);
    expect(shown).toEqual(['control', 'ledger', ...of('ledger'), 'run:r1', ...of('run:r1')]);
  });

  test.each([1, 2, 7, 100, 4_096])('is the same in chunks of %d bytes', (chunkBytes) => {
    expect(read(whole.join(''), chunkBytes)).toEqual(read(whole.join('')));
  });

  test('keeps nothing of the chunks that it was given', () => {
    const reader = new ExportReader();
    const chunk = new Uint8Array(64);
    const bytes = utf8.encode(whole.join(''));
    for (let at = 0; at < bytes.length; at += chunk.length) {
      const piece = bytes.subarray(at, at + chunk.length);
      chunk.set(piece);
      valueOf(reader.push(chunk.subarray(0, piece.length)));
    }
    expect(reader.finish()).toEqual({ ok: true, value: null });
  });
});

describe('a blob', () => {
  const sized = (length: number): Uint8Array =>
    Uint8Array.from({ length }, (_, index) => (index * 31) % 256);
  const [head = '', entry = ''] = [whole[0], whole.at(-2)];

  test.each([0, 1, partBytes, partBytes + 1, 3 * partBytes])('of %d bytes comes back', (length) => {
    const bytes = sized(length);
    const digest = bytesDigest(bytes);
    const writer = new ExportWriter();
    const reader = new ExportReader();
    valueOf(reader.push(utf8.encode(head)));
    const lines = writer.entry(entry.trimEnd(), [{ digest, bytes }]);
    expect(lines.split('\n')).toHaveLength(Math.max(1, Math.ceil(length / partBytes)) + 2);
    const [record] = valueOf(reader.push(utf8.encode(lines)));
    expect(record?.type === 'entry' ? record.entry.blobs : undefined).toEqual(
      new Map([[digest, bytes]]),
    );
  });

  test('that is too long for an entry is told before it is written', () => {
    const blob = { digest: '', bytes: new Uint8Array((1 << 26) + 1) };
    expect(fitsExport('{}', [blob])).toBe(true);
    expect(fitsExport('{}', [blob, blob])).toBe(false);
    expect(fitsExport('x'.repeat(lineBytesMax), [])).toBe(true);
    expect(fitsExport('€'.repeat(lineBytesMax / 2), [])).toBe(false);
  });
});

describe('an export that was cut short', () => {
  test('is refused wherever it was', () => {
    const bytes = utf8.encode(partial.join(''));
    for (let length = 0; length < bytes.length; length += 1) {
      if (length > 2_000 && length % 41 !== 0 && length < bytes.length - 500) continue;
      expect([length, codeOf(bytes.subarray(0, length))]).toEqual([length, 'export.truncated']);
    }
  });

  test('goes on behind the mark of its reader with the same bytes', () => {
    const bytes = utf8.encode(whole.join(''));
    const records = valueOf(read(bytes));
    for (const length of [0, 2_000, 9_000, 15_000, bytes.length - 300]) {
      const reader = new ExportReader();
      valueOf(reader.push(bytes.subarray(0, length)));
      const { mark } = reader;
      expect(length - mark.bytes).toBeLessThan(5_000);
      const rest = rewritten(records, mark);
      expect(new TextDecoder().decode(bytes.subarray(0, mark.bytes)) + rest).toBe(whole.join(''));
    }
  });
});

/** What a writer adds behind a mark. */
function rewritten(records: readonly ExportRecord[], mark: ExportMark): string {
  const writer = new ExportWriter(mark);
  let text = '';
  let entries = 0;
  for (const record of records) {
    if (record.type === 'manifest' && mark.lines === 0) text += writer.manifest(record.manifest);
    if (record.type === 'entry') {
      entries += 1;
      if (entries <= mark.entries) continue;
      const named = [...record.entry.blobs].map(([digest, bytes]) => ({ digest, bytes }));
      text += writer.entry(record.entry.stored.text, named);
    }
  }
  return text + writer.end();
}

describe('an export that was changed', () => {
  test('is refused whichever byte it was', () => {
    const bytes = utf8.encode(whole.join(''));
    for (let at = 0; at < bytes.length; at += at < 3_000 || at > bytes.length - 300 ? 1 : 23) {
      const changed = bytes.slice();
      changed[at] = (changed[at] ?? 0) ^ (1 << (at % 8));
      expect([at, read(changed).ok]).toEqual([at, false]);
    }
  });

  test('is refused as that of a later version, whatever else is new', () => {
    expect(codeOf('{"export":{"version":4}}\n')).toBe('export.newer');
    expect(codeOf('{"compression":"zstd","export":{"later":{},"version":5}}\n')).toBe(
      'export.newer',
    );
    expect(codeOf('{"export":{"version":0}}\n')).toBe('export.invalid');
    expect(codeOf('{"export":{"version":"2"}}\n')).toBe('export.invalid');
  });

  test('is refused when it is none at all', () => {
    for (const text of [
      '\n',
      '\u0000\n',
      '[]\n',
      'null\n',
      '{}\n',
      'PK\u0003\u0004\n',
      '{"export":null}\n',
    ]) {
      expect([text, codeOf(text)]).toEqual([text, 'export.invalid']);
    }
    expect(codeOf('')).toBe('export.truncated');
    expect(codeOf(Uint8Array.of(0xff, 0x0a))).toBe('export.invalid');
    expect(codeOf(`\ufeff${whole.join('')}`)).toBe('export.invalid');
  });

  test('is refused with a line that never ends, before all of it has come', () => {
    const reader = new ExportReader();
    const chunk = new Uint8Array(1 << 20).fill(0x20);
    const codes = Array.from({ length: 17 }, () => reader.push(chunk)).map(({ ok }) => ok);
    expect(codes.indexOf(false)).toBe(16);
  });
});

const isEntry = (line: string): boolean => line.startsWith('{"at":');
const isBlob = (line: string): boolean => line.startsWith('{"blob":');
const isInclusion = (line: string): boolean => line.startsWith('{"inclusion":');
const isStream = (line: string): boolean => line.startsWith('{"stream":');

/** The lines with others in the place of the first that is asked for. */
function put(
  lines: readonly string[],
  where: (line: string) => boolean,
  ...instead: readonly ((line: string) => string)[]
): readonly string[] {
  const at = lines.findIndex(where);
  const line = lines[at] ?? '';
  return [...lines.slice(0, at), ...instead.map((make) => make(line)), ...lines.slice(at + 1)];
}

const same = (line: string): string => line;
const [head = ''] = whole;
const body = whole.slice(0, -1);
const parts = partial.slice(0, -1);
const firstBlob = body.find(isBlob) ?? '';
const entries = on.recorder.entries.length;

/** Lines that are chained anew, by somebody who can write an export. */
const forged: Readonly<Record<string, readonly [readonly string[], string]>> = {
  'two first lines': [put(body, isEntry, () => head, same), 'its first line, and no other'],
  'a first line that is an entry': [body.slice(1), 'its first line, and no other'],
  'an entry too few': [put(body, isEntry), `${entries - 1} entries are here`],
  'an entry too many': [[...body, body.findLast(isEntry) ?? ''], `it has more than the ${entries}`],
  'an entry without a place': [
    put(body, isEntry, (line) => line.replace(/"v":1\}$/m, '"w":1}')),
    'the text of an entry does not tell its place',
  ],
  'a line of no meaning': [put(body, isEntry, () => '{"note":{}}\n', same), 'a line of no meaning'],
  'a line of an inherited name': [
    put(body, isEntry, () => '{"toString":{}}\n', same),
    'a line of no meaning',
  ],
  'a line of two meanings': [
    put(body, isEntry, () => '{"blob":{},"end":{}}\n', same),
    'a line of no meaning',
  ],
  'a line that is not canonical': [
    put(body, isBlob, (line) => ` ${line}`),
    'a line is not canonical',
  ],
  'an empty line': [put(body, isEntry, () => '\n', same), 'a line is not canonical'],
  'a first line with more': [
    put(
      body,
      () => true,
      (line) => line.replace('{"export"', '{"also":1,"export"'),
    ),
    'the first line has members of no meaning',
  ],
  'a blob with other bytes': [
    put(body, isBlob, (line) => line.replace(/"base64":"..../, '"base64":"AAAA')),
    'has other bytes',
  ],
  'a blob that is not base64': [
    put(body, isBlob, (line) => line.replace(/"base64":"./, '"base64":"*')),
    'is none',
  ],
  'a blob of no part': [
    put(body, isBlob, (line) => line.replace('"parts":1', '"parts":0')),
    'is none',
  ],
  'a blob of too many parts': [
    put(body, isBlob, (line) => line.replace('"parts":1', '"parts":9000')),
    'is none',
  ],
  'a short part before the last': [
    put(body, isBlob, (line) => line.replace('"parts":1', '"parts":2')),
    'has another length',
  ],
  'a blob with more members': [
    put(body, isBlob, (line) => line.replace('"parts":1', '"parts":1,"x":1')),
    'a blob has not the members of one',
  ],
  'a blob twice': [put(body, isBlob, same, same), 'comes twice for one entry'],
  'a blob before the end': [[...body, firstBlob], 'an entry is missing'],
  'a part out of order': [
    put(body, isBlob, (line) => line.replace('"part":0,"parts":1', '"part":1,"parts":2')),
    'do not follow each other',
  ],
  'a stream in a whole ledger': [
    put(body, isEntry, () => parts.find(isStream) ?? '', same),
    'is not to be here',
  ],
  'an inclusion in a whole ledger': [
    put(body, isEntry, () => parts.find(isInclusion) ?? '', same),
    'an inclusion stands outside of a stream',
  ],
  'a stream too few': [
    parts.slice(0, parts.findLastIndex(isStream)),
    'the stream run:r1 is missing',
  ],
  'a stream twice': [put(parts, isStream, same, same), 'is not to be here'],
  'a stream before its time': [put(parts, isStream), 'the stream ledger is not to be here'],
  'a proof of another kind': [
    put(parts, isStream, () => (parts.find(isInclusion) ?? '').replace('inclusion', 'stream')),
    'a proof of another kind',
  ],
  'a proof that is none': [
    put(parts, isStream, () => '{"stream":{"type":"head"}}\n'),
    'not the JSON of a proof',
  ],
  'an entry of another stream': [
    put(
      parts,
      (line) => line.includes('"stream":"ledger","v":1'),
      (line) => line.replace('"stream":"ledger","v":1', '"stream":"policy","v":1'),
    ),
    'an entry of policy is not to be here',
  ],
  'an entry without its inclusion': [put(parts, isInclusion), 'stands without its inclusion'],
  'two inclusions for an entry': [put(parts, isInclusion, same, same), 'an entry is missing'],
  'an inclusion in another tree': [
    put(parts, isInclusion, (line) => line.replace(/"size":\d+/, '"size":9999')),
    'an inclusion is not one in the checkpoint',
  ],
  'an inclusion behind the tree': [
    put(parts, isInclusion, (line) => line.replace(/"index":\d+/, `"index":${entries}`)),
    'an inclusion is not one in the checkpoint',
  ],
  'an inclusion before a stream': [
    put(parts, isStream, () => parts.find(isInclusion) ?? '', same),
    'an inclusion stands outside of a stream',
  ],
};

describe('an export that was forged with a right last line', () => {
  test.each(Object.entries(forged))('is refused with %s', (_, [lines, message]) => {
    expect(messageOf(closedAnew(lines))).toContain(message);
    expect(codeOf(closedAnew(lines))).toBe('export.invalid');
  });

  test.each(['entries', 'lines'])('is refused when the last line tells other %s', (member) => {
    const text = closedAnew(body).replace(new RegExp(`"${member}":(\\d+)`), `"${member}":1`);
    expect(messageOf(text)).toBe('what its last line says of the others does not hold');
  });

  test('is refused with anything behind its last line', () => {
    for (const more of ['\n', ' ', '{}', head]) {
      expect(messageOf(closedAnew(body) + more)).toBe('something stands behind its end');
    }
  });

  test.each([
    ['a checkpoint that is none', '"checkpoint":"', '"checkpoint":"x'],
    ['a ledger that is none', '"ledger":"', '"ledger":"x'],
    ['no key', /"keys":\["[^"]+"\]/, '"keys":[]'],
    ['a key that is none', '"keys":["', '"keys":["x'],
    ['more members', '"ledger":"', '"kind":1,"ledger":"'],
    ['streams without that of the keys', '"streams":null', '"streams":["run:r1"]'],
    ['streams out of order', '"streams":null', '"streams":["ledger","control"]'],
  ])('is refused with %s in its first line', (_, from, to) => {
    const [first = '', ...others] = body;
    expect(messageOf(closedAnew([first.replace(from, to), ...others]))).toContain('the first line');
  });
});
