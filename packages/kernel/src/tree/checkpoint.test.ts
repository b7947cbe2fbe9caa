import { leavesOf, nodesOf, refusalOf, signerFrom, valueOf } from '@chancery/testkit/builders';
import { describe, expect, test } from 'vitest';
import { Fault } from '../refusal/index.ts';
import {
  checkpointText,
  ledgerVerifier,
  openCheckpoint,
  originOf,
  parseCheckpoint,
  signCheckpoint,
  type Checkpoint,
  type CheckpointTrust,
} from './checkpoint.ts';
import { emptyFrontier, grow, rootOf } from './frontier.ts';
import { emptyRoot } from './hash.ts';
import { proveInclusion } from './inclusion.ts';
import { formatNote, parseNote } from './note.ts';
import { cosignNote, signNote } from './note-signature.ts';
import { formatProofFile, parseProofFile, verifyProofFile } from './proof-file.ts';
import { parseVerifierKey, verifierKey } from './verifier-key.ts';

const ledger = 'ab'.repeat(32);
const leaves = leavesOf(5);
const head: Checkpoint = {
  origin: originOf(ledger),
  size: 5,
  root: rootOf(grow(emptyFrontier, leaves)),
  heads: undefined,
};
const owner = signerFrom(1);
const [first, second] = [signerFrom(2), signerFrom(3)];
const witnesses = [first, second].map((signer, index) =>
  verifierKey(`witness.example/w${index}`, signer.id, 'cosignature'),
);
const trust: CheckpointTrust = {
  origin: head.origin,
  log: [ledgerVerifier(ledger, owner.id)],
  witnesses,
  quorum: 0,
};
const signed = signCheckpoint(head, [owner]);

/** The note with cosignatures of as many of the witnesses. */
function cosigned(count: number): string {
  const { text, signatures } = valueOf(parseNote(signed));
  const more = [first, second]
    .slice(0, count)
    .map((signer, index) => cosignNote(text, `witness.example/w${index}`, signer, 7));
  return formatNote({ text, signatures: [...signatures, ...more] });
}

describe('the text of a checkpoint', () => {
  test('is origin, size and root, and the heads of the streams where they are known', () => {
    expect(checkpointText({ ...head, root: '00'.repeat(32) })).toBe(
      `chancery.alt/${ledger}\n5\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n`,
    );
    const text = checkpointText({ ...head, heads: '00'.repeat(32) });
    expect(text.split('\n')[3]).toBe(
      'chancery-heads/v1 AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=',
    );
  });

  test.each([head, { ...head, heads: ledger }, { ...head, size: 0, root: emptyRoot }])(
    'gives what was written',
    (checkpoint) => {
      expect(valueOf(parseCheckpoint(checkpointText(checkpoint)))).toEqual(checkpoint);
    },
  );

  test('may have extension lines that nobody here knows', () => {
    expect(valueOf(parseCheckpoint(`${checkpointText(head)}colour blue\n`))).toEqual(head);
  });

  const text = checkpointText({ ...head, heads: ledger });
  test.each([
    ['nothing', ''],
    ['no newline at the end', text.slice(0, -1)],
    ['no origin', text.slice(text.indexOf('\n'))],
    ['two lines', text.split('\n').slice(0, 2).join('\n')],
    ['a size with a zero before it', text.replace('\n5\n', '\n05\n')],
    ['a size with a sign', text.replace('\n5\n', '\n+5\n')],
    ['a size that is too large to count', text.replace('\n5\n', '\n9007199254740992\n')],
    ['a size that is none', text.replace('\n5\n', '\nfive\n')],
    ['a root too short', text.replace(/\n[^\n]+=\n/, '\nAAAA\n')],
    ['a root in other letters', text.replace(/=\nchancery/, '\nchancery')],
    ['another root of nothing', text.replace('\n5\n', '\n0\n')],
    ['an empty extension line', `${text}\n`],
    ['heads that are no hash', text.replace(/v1 .*/, 'v1 AAAA')],
    ['heads told twice', `${text}${text.split('\n')[3] ?? ''}\n`],
  ])('with %s is refused', (_what, wrong) => {
    expect(refusalOf(parseCheckpoint(wrong)).code).toBe('checkpoint.invalid');
  });

  test('is not written for what no tree has', () => {
    expect(() => checkpointText({ ...head, size: -1 })).toThrow(Fault);
    expect(() => checkpointText({ ...head, origin: 'a\nb' })).toThrow(Fault);
    expect(() => checkpointText({ ...head, root: 'x' })).toThrow(Fault);
    expect(() => originOf('x')).toThrow(Fault);
  });
});

describe('a signed checkpoint', () => {
  test('opens with the key of the log', () => {
    const opened = valueOf(openCheckpoint(signed, trust));
    expect(opened.checkpoint).toEqual(head);
    expect(opened.signatures).toEqual([{ key: trust.log[0], timeS: undefined }]);
  });

  test('opens when a quorum of witnesses has signed, and tells when they did', () => {
    const opened = valueOf(openCheckpoint(cosigned(2), { ...trust, quorum: 2 }));
    expect(opened.signatures.map(({ key, timeS }) => [key.name, timeS])).toEqual([
      [head.origin, undefined],
      ['witness.example/w0', 7],
      ['witness.example/w1', 7],
    ]);
  });

  test.each([
    ['fewer witnesses than the quorum', cosigned(1), { ...trust, quorum: 2 }],
    ['a quorum that is no number', cosigned(2), { ...trust, quorum: Number.NaN }],
    ['another origin', signed, { ...trust, origin: originOf('cd'.repeat(32)) }],
    ['no key of the log', cosigned(1), { ...trust, log: [] }],
    ['another root', signed.replace(/\n5\n/, '\n6\n'), trust],
    ['text that is no checkpoint', noted('only\n'), trust],
  ])('with %s is refused', (_what, note, wanted) => {
    expect(refusalOf(openCheckpoint(note, wanted)).code).toBe('checkpoint.invalid');
  });

  test('is not witnessed by a key twice, nor by the key of the log', () => {
    const { text, signatures } = valueOf(parseNote(signed));
    const names = ['witness.example/a', 'witness.example/b'];
    for (const [signer, quorum] of [
      [first, 2],
      [owner, 1],
    ] as const) {
      const keys = names.map((name) => verifierKey(name, signer.id, 'cosignature'));
      const more = names.map((name) => cosignNote(text, name, signer, 7));
      const note = formatNote({ text, signatures: [...signatures, ...more] });
      const refusal = refusalOf(openCheckpoint(note, { ...trust, witnesses: keys, quorum }));
      expect(refusal.code).toBe('checkpoint.invalid');
    }
  });

  function noted(text: string): string {
    return formatNote({ text, signatures: [signNote(text, head.origin, owner)] });
  }
});

describe('a proof file (C2SP tlog-proof)', () => {
  const { path } = valueOf(proveInclusion(nodesOf(leaves), 3, 5));
  const file = { index: 3, path, checkpoint: signed };
  const text = formatProofFile(file);

  test('begins with its version, the index, and the path, before the signed checkpoint', () => {
    const lines = text.split('\n');
    expect(lines.slice(0, 2)).toEqual(['c2sp.org/tlog-proof@v1', 'index 3']);
    expect(lines[2 + path.length]).toBe('');
    expect(text.endsWith(`\n\n${signed}`)).toBe(true);
    expect(valueOf(parseProofFile(text))).toEqual(file);
  });

  test('carries extra data that nobody signed', () => {
    const more = { ...file, extra: Uint8Array.of(1, 2, 3) };
    expect(formatProofFile(more).split('\n')[1]).toBe('extra AQID');
    expect(valueOf(parseProofFile(formatProofFile(more)))).toEqual(more);
  });

  test('of the only leaf has no path', () => {
    const alone = { index: 0, path: [], checkpoint: signed };
    expect(valueOf(parseProofFile(formatProofFile(alone)))).toEqual(alone);
  });

  test('holds for its leaf, by a signed head', () => {
    const opened = valueOf(verifyProofFile(text, leaves[3] ?? '', trust));
    expect(opened.checkpoint).toEqual(head);
  });

  test.each([
    ['another leaf', text, leaves[2] ?? '', 'proof.invalid'],
    ['another index', text.replace('index 3', 'index 2'), leaves[3] ?? '', 'proof.invalid'],
    ['another size', text.replace('\n5\n', '\n6\n'), leaves[3] ?? '', 'checkpoint.invalid'],
    ['no form', '', leaves[3] ?? '', 'proof.invalid'],
  ])('does not hold for %s', (_what, wrong, leaf, code) => {
    expect(refusalOf(verifyProofFile(wrong, leaf, trust)).code).toBe(code);
  });

  test.each([
    ['no checkpoint', text.slice(0, text.indexOf('\n\n'))],
    ['another version', text.replace('@v1', '@v2')],
    ['no index', text.replace('index 3\n', '')],
    ['an index with a zero before it', text.replace('index 3', 'index 03')],
    ['an index that is too large', text.replace('index 3', 'index 9007199254740992')],
    ['extra data after the index', text.replace('index 3', 'index 3\nextra AQID')],
    ['extra data of no byte', text.replace('index 3', 'extra \nindex 3')],
    ['extra data that is not base64', text.replace('index 3', 'extra AQI\nindex 3')],
    ['a path of other lines', text.replace('index 3', 'index 3\nAQID')],
    ['a path too long', text.replace('index 3', `index 3${`\n${'A'.repeat(43)}=`.repeat(65)}`)],
    ['carriage returns', text.replaceAll('\n', '\r\n')],
  ])('with %s is refused', (_what, wrong) => {
    expect(refusalOf(parseProofFile(wrong)).code).toBe('proof.invalid');
  });
});

describe('the head of a log that others run', () => {
  // As sum.golang.org served it on 9 January 2023, with the line of a witness whose key nobody has
  // told: README of witness/golang/cmd/addrwitness in google/trillian-examples (Apache-2.0). The key
  // of the log is that of cmd/go (BSD-3-Clause).
  const note = [
    'go.sum database tree',
    '15067302',
    'gJyioq6dwR9n+NjEWORfYmH+ubeYm3kH42BBQ0bTpYI=',
    '',
    '— sum.golang.org Az3grp1rvWOs5NKlr/xR4GLN/CDyzzakmt1o61uSxYKpK1SerqOP2ClbX/peKUZjYnyomH5Xz7GZG3TpB7OeKn4E2ww=',
    '— test.example.com qTGhC/xIPQ0AXKHK6Y+9ypRfuvMZWPjRXM8NiOg5M1WREn07VQXyuIXM3NRNav3ieVFLUqDRK77PWDmL6w8w84UqeAw=',
    '',
  ].join('\n');
  const key = valueOf(
    parseVerifierKey('sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8'),
  );
  const trust = { origin: 'go.sum database tree', log: [key], witnesses: [], quorum: 0 };

  test('is believed by its key, and not when it was changed', () => {
    expect(valueOf(openCheckpoint(note, trust))).toEqual({
      checkpoint: {
        ...{ origin: trust.origin, size: 15_067_302, heads: undefined },
        root: '809ca2a2ae9dc11f67f8d8c458e45f6261feb9b7989b7907e360414346d3a582',
      },
      signatures: [{ key, timeS: undefined }],
    });
    const changed = note.replace('15067302', '15067303');
    expect(openCheckpoint(changed, trust)).toMatchObject({
      ok: false,
      refusal: { code: 'checkpoint.invalid' },
    });
  });
});
