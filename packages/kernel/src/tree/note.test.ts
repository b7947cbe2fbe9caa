import { refusalOf, signerFrom, valueOf } from '@chancery/testkit/builders';
import { describe, expect, test } from 'vitest';
import { ed25519Signer, signerOf } from '../encoding/index.ts';
import { decodeBase64, encodeBase64 } from '../encoding/index.ts';
import { Fault } from '../refusal/index.ts';
import { formatNote, noteSignaturesMax, parseNote } from './note.ts';
import { cosignNote, signNote, verifyNote } from './note-signature.ts';
import { parseVerifierKey, verifierKey, verifierKeyText } from './verifier-key.ts';

/** The example of the Go package golang.org/x/mod/sumdb/note. */
const neumann = {
  key: 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW',
  seed: 'AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz',
  text:
    'If you think cryptography is the answer to your problem,\n' +
    "then you don't know what your problem is.\n",
  signature:
    '— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n',
};
const enoch =
  '— EnochRoot rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/5n2tiOHp+vAF1aGrQ5ovTG01oOTGwnWLox33WWd1RvMc+QQ=\n';
const signedNote = `${neumann.text}\n${neumann.signature}`;
const neumannKey = valueOf(parseVerifierKey(neumann.key));
const enochSigner = signerOf(ed25519Signer(new Uint8Array(32)));

describe('the examples of golang.org/x/mod/sumdb/note', () => {
  test('a verifier key is read, and written the same', () => {
    expect(verifierKeyText(neumannKey)).toBe(neumann.key);
    expect(neumannKey).toMatchObject({
      name: 'PeterNeumann',
      hash: 'c74f20a3',
      algorithm: 'ed25519',
    });
  });

  test('a note is verified, and written the same', () => {
    const note = valueOf(parseNote(signedNote));
    expect(note.text).toBe(neumann.text);
    expect(valueOf(verifyNote(note, [neumannKey]))).toEqual([
      { key: neumannKey, timeS: undefined },
    ]);
    expect(formatNote(note)).toBe(signedNote);
  });

  test('a note is signed by the same key to the same bytes', () => {
    const seed = decodeBase64(neumann.seed)?.slice(1) ?? new Uint8Array();
    const signature = signNote(neumann.text, 'PeterNeumann', signerOf(ed25519Signer(seed)));
    expect(formatNote({ text: neumann.text, signatures: [signature] })).toBe(signedNote);
  });

  test('a second signature is added', () => {
    const { text, signatures } = valueOf(parseNote(signedNote));
    const added = [...signatures, signNote(text, 'EnochRoot', enochSigner)];
    expect(formatNote({ text, signatures: added })).toBe(`${signedNote}${enoch}`);
  });
});

describe('the signatures of a note', () => {
  const enochKey = verifierKey('EnochRoot', enochSigner.id, 'ed25519');
  const both = valueOf(parseNote(`${signedNote}${enoch}`));
  const codeOf = (text: string, keys = [neumannKey, enochKey]) =>
    refusalOf(verifyNote(valueOf(parseNote(text)), keys)).code;

  test('by unknown keys are ignored, by known ones are told in their order', () => {
    expect(valueOf(verifyNote(both, [enochKey]))).toEqual([{ key: enochKey, timeS: undefined }]);
    const keys = valueOf(verifyNote(both, [enochKey, neumannKey])).map(({ key }) => key.name);
    expect(keys).toEqual(['PeterNeumann', 'EnochRoot']);
  });

  test('by one key count once', () => {
    const twice = valueOf(parseNote(`${signedNote}${neumann.signature}`));
    expect(valueOf(verifyNote(twice, [neumannKey]))).toHaveLength(1);
  });

  test('by nobody who is known are refused', () => {
    expect(codeOf(signedNote, [enochKey])).toBe('checkpoint.invalid');
    expect(codeOf(signedNote, [])).toBe('checkpoint.invalid');
  });

  test('of which one by a known key does not verify are refused as a whole', () => {
    const altered = neumann.signature.replace('JnAM=', 'JnAQ=');
    expect(codeOf(`${neumann.text}\n${enoch}${altered}`)).toBe('checkpoint.invalid');
    expect(codeOf(`${neumann.text.replace('If', 'if')}\n${enoch}`)).toBe('checkpoint.invalid');
  });

  test('of a name that is known with a key that is not are of an unknown key', () => {
    const impostor = signNote(both.text, 'PeterNeumann', enochSigner);
    const note = { ...both, signatures: [impostor] };
    expect(refusalOf(verifyNote(note, [neumannKey])).message).toContain('no known key');
  });

  test('are not looked at when two of the given keys cannot be told apart', () => {
    expect(codeOf(signedNote, [neumannKey, neumannKey])).toBe('verifier.invalid');
  });
});

describe('a cosignature', () => {
  const witness = signerFrom(9);
  const key = verifierKey('witness.example/w1', witness.id, 'cosignature');
  const text = 'example.com/log\n1\nroot\n';
  const cosigned = cosignNote(text, key.name, witness, 1_679_315_147);

  test('has the time in eight bytes before the signature, over the time and the text', () => {
    const { bytes } = cosigned;
    expect([...bytes.subarray(0, 8)]).toEqual([0, 0, 0, 0, 0x64, 0x18, 0x50, 0xcb]);
    const message = `cosignature/v1\ntime 1679315147\n${text}`;
    const plain = witness.sign(new TextEncoder().encode(message));
    expect(Buffer.from(bytes.subarray(8)).toString('hex')).toBe(plain);
  });

  test('is verified with its time', () => {
    const note = valueOf(parseNote(formatNote({ text, signatures: [cosigned] })));
    expect(valueOf(verifyNote(note, [key]))).toEqual([{ key, timeS: 1_679_315_147 }]);
  });

  test.each([
    ['another time', Uint8Array.of(1, ...cosigned.bytes.subarray(1))],
    ['a second more', cosigned.bytes.map((byte, index) => (index === 7 ? byte + 1 : byte))],
    ['no signature', cosigned.bytes.subarray(0, 8)],
    ['a byte more', Uint8Array.of(...cosigned.bytes, 0)],
  ])('with %s is refused', (_what, bytes) => {
    const note = { text, signatures: [{ ...cosigned, bytes }] };
    expect(refusalOf(verifyNote(note, [key])).code).toBe('checkpoint.invalid');
  });

  test('of a time that is too large to count is refused', () => {
    const time = 2n ** 53n;
    const message = new TextEncoder().encode(`cosignature/v1\ntime ${time.toString()}\n${text}`);
    const bytes = Buffer.alloc(72);
    bytes.writeBigUInt64BE(time);
    bytes.write(witness.sign(message), 8, 'hex');
    const note = { text, signatures: [{ ...cosigned, bytes: Uint8Array.from(bytes) }] };
    expect(refusalOf(verifyNote(note, [key])).code).toBe('checkpoint.invalid');
  });

  test('of a key is no plain signature of that key, and none is a cosignature', () => {
    const plainKey = verifierKey(key.name, witness.id, 'ed25519');
    expect(plainKey.hash).not.toBe(key.hash);
    const posing = { text, signatures: [{ ...cosigned, hash: plainKey.hash }] };
    expect(refusalOf(verifyNote(posing, [plainKey])).code).toBe('checkpoint.invalid');
    const plain = { ...signNote(text, key.name, witness), hash: key.hash };
    expect(refusalOf(verifyNote({ text, signatures: [plain] }, [key])).code).toBe(
      'checkpoint.invalid',
    );
  });

  test('in the example of C2SP tlog-cosignature is read with its time', () => {
    const example =
      'example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n' +
      '— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n' +
      '— witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==\n';
    const note = valueOf(parseNote(example));
    expect(note.signatures.map(({ name, hash, bytes }) => [name, hash, bytes.length])).toEqual([
      ['example.com/behind-the-sofa', '033de0ae', 64],
      ['witness.example.com/w1', '8d66cf3f', 72],
    ]);
    expect(formatNote(note)).toBe(example);
  });
});

describe('a note', () => {
  test('is separated from its signatures by the last empty line', () => {
    const note = `a\n\nb\n\n${neumann.signature}`;
    expect(valueOf(parseNote(note)).text).toBe('a\n\nb\n');
  });

  test.each([
    ['nothing', ''],
    ['no signature', 'text\n\n'],
    ['no blank line', `text\n${neumann.signature}`],
    ['no newline at the end', signedNote.slice(0, -1)],
    ['no newline after a second signature', `${signedNote}${enoch}`.slice(0, -1)],
    ['a carriage return', signedNote.replace('\n', '\r\n')],
    ['a control character', signedNote.replace('If', '\u0007')],
    ['a lone surrogate', signedNote.replace('If', '\ud800')],
    ['a hyphen for the dash', signedNote.replace('—', '-')],
    ['no name', signedNote.replace('PeterNeumann ', ' ')],
    ['a plus in the name', signedNote.replace('PeterNeumann', 'Peter+Neumann')],
    ['a space in the name', signedNote.replace('PeterNeumann', 'Peter\u00a0Neumann')],
    ['something after the signature', signedNote.replace('AM=\n', 'AM= \n')],
    ['what is not base64', signedNote.replace('AM=', 'AM')],
    ['base64 that ends in other bits', signedNote.replace('JnAM=', 'JnAN=')],
    ['a signature of no byte', `text\n\n— n ${encodeBase64(new Uint8Array(4))}\n`],
    ['a line between the signatures', `${signedNote}x\n${enoch}`],
    ['too many signatures', `text\n\n${enoch.repeat(noteSignaturesMax + 1)}`],
  ])('with %s is refused', (_what, text) => {
    expect(refusalOf(parseNote(text)).code).toBe('checkpoint.invalid');
  });

  test('with 64 signatures is read', () => {
    const note = valueOf(parseNote(`text\n\n${enoch.repeat(noteSignaturesMax)}`));
    expect(note.signatures).toHaveLength(64);
  });

  test('that could not be read is not written', () => {
    const { signatures } = valueOf(parseNote(signedNote));
    expect(() => formatNote({ text: 'no newline', signatures })).toThrow(Fault);
    expect(() => formatNote({ text: 'text\n', signatures: [] })).toThrow(Fault);
    const unnamed = signatures.map((signature) => ({ ...signature, name: '' }));
    expect(() => formatNote({ text: 'text\n', signatures: unnamed })).toThrow(Fault);
  });
});

describe('a verifier key', () => {
  test.each([
    ['nothing', ''],
    ['no key', 'PeterNeumann+c74f20a3'],
    ['another hash', neumann.key.replace('c74f20a3', 'c74f20a4')],
    ['a hash in capitals', neumann.key.replace('c74f20a3', 'C74F20A3')],
    ['another name', neumann.key.replace('Peter', 'Paul')],
    ['no name', neumann.key.replace('PeterNeumann', '')],
    ['a key too short', 'PeterNeumann+c74f20a3+ARpc'],
    ['a type that is not Ed25519', neumann.key.replace('+ARpc', '+Ahpc')],
    ['what is not base64', `${neumann.key}=`],
  ])('with %s is refused', (_what, text) => {
    expect(refusalOf(parseVerifierKey(text)).code).toBe('verifier.invalid');
  });

  test('of a witness is read, and written the same', () => {
    const key = verifierKey('witness.example/w1', signerFrom(9).id, 'cosignature');
    expect(valueOf(parseVerifierKey(verifierKeyText(key)))).toEqual(key);
  });

  test('with base64 that holds a plus is read', () => {
    const keys = Array.from({ length: 9 }, (_, seed) =>
      verifierKey('n', signerFrom(seed).id, 'ed25519'),
    );
    const plus = keys.filter((key) => verifierKeyText(key).split('+').length > 3);
    expect(plus.length).toBeGreaterThan(0);
    for (const key of plus) expect(valueOf(parseVerifierKey(verifierKeyText(key)))).toEqual(key);
  });
});
