import { bytesOfHex, decodeBase64, encodeBase64, hexOfBytes } from '../encoding/index.ts';
import { assert, done, refused, type Result } from '../refusal/index.ts';
import { isKeyName } from './verifier-key.ts';

/** One signature line: whose it says it is, and the bytes after the hash of the key. */
export interface NoteSignature {
  readonly name: string;
  readonly hash: string;
  readonly bytes: Uint8Array;
}

/** Text and signatures (C2SP signed-note). Nothing of it is to be believed before `verifyNote`. */
export interface Note {
  /** Ends in a newline, which is signed as well. */
  readonly text: string;
  readonly signatures: readonly NoteSignature[];
}

/** More are refused, so that nobody can make a verifier work for ever. */
export const noteSignaturesMax = 64;

const hashBytes = 4;
const forbidden = /[\u0000-\u0009\u000b-\u001f]/;
const linePrefix = '— ';

/** @throws {Fault} for what `parseNote` would not read. */
export function formatNote({ text, signatures }: Note): string {
  assert(isText(text) && text.endsWith('\n'), 'the text of a note is lines of plain text');
  assert(signatures.length > 0 && signatures.length <= noteSignaturesMax, 'a note is signed');
  return `${text}\n${signatures.map(signatureLine).join('')}`;
}

export function signatureLine({ name, hash, bytes }: NoteSignature): string {
  assert(isKeyName(name) && bytes.length > 0, 'a signature has a name and bytes');
  return `${linePrefix}${name} ${encodeBase64(Uint8Array.of(...bytesOfHex(hash), ...bytes))}\n`;
}

/** Refuses `checkpoint.invalid` for anything that `formatNote` would not have written. */
export function parseNote(note: string): Result<Note> {
  if (!isText(note)) return malformed('it is not plain text');
  const blank = note.lastIndexOf('\n\n');
  if (blank < 0 || !note.endsWith('\n')) return malformed('no signatures stand after a blank line');
  const lines = note.slice(blank + 2).split('\n');
  // What stands after the last newline is nothing.
  lines.pop();
  if (lines.length === 0) return malformed('it is not signed');
  if (lines.length > noteSignaturesMax) return malformed('it has too many signatures');
  const signatures: NoteSignature[] = [];
  for (const line of lines) {
    const signature = parseLine(line);
    if (signature === undefined) return malformed('a line of its signatures is none');
    signatures.push(signature);
  }
  return done({ text: note.slice(0, blank + 1), signatures });
}

function parseLine(line: string): NoteSignature | undefined {
  if (!line.startsWith(linePrefix)) return undefined;
  const [name = '', base64 = '', ...rest] = line.slice(linePrefix.length).split(' ');
  const raw = decodeBase64(base64);
  if (!isKeyName(name) || rest.length > 0 || raw === undefined || raw.length <= hashBytes) {
    return undefined;
  }
  return { name, hash: hexOfBytes(raw.subarray(0, hashBytes)), bytes: raw.subarray(hashBytes) };
}

function isText(text: string): boolean {
  return text.isWellFormed() && !forbidden.test(text);
}

function malformed(message: string): Result<never> {
  return refused('checkpoint.invalid', `not a signed note: ${message}`);
}
