import { createHash, randomBytes } from 'node:crypto';
import { join } from 'node:path';
import {
  decodeBase64,
  encodeBase64,
  isJsonObject,
  parseRecord,
  type Digest,
} from '@chancery/kernel/encoding';
import { done, refused, type Result } from '@chancery/kernel/refusal';
import type { SubjectKeys } from '@chancery/runtime/removal';
import { destroyPrivateFile, namesIn, placePrivateFile, readPrivateFile } from './private-file.ts';
import { openContent, sealContent } from './sealed-content.ts';

const suffix = '.subject.json';
const kind = 'chancery-subject-key';
const keyBytes = 32;

interface SubjectKey {
  readonly id: Digest;
  readonly subject: string;
  readonly key: Uint8Array;
}

/**
 * Keys of subjects in a folder, a file for each, readable by its owner only. The name of a file is
 * the id of its key; who the subject is stands inside and goes with it.
 */
export function subjectKeys(folder: string): SubjectKeys {
  const find = (subject: string): Result<readonly Digest[]> => {
    const found: Digest[] = [];
    for (const name of namesIn(folder).toSorted()) {
      if (name.startsWith('.') || !name.endsWith(suffix)) continue;
      const read = readSubjectKey(join(folder, name), name.slice(0, -suffix.length));
      if (!read.ok && read.refusal.code === 'key.missing') continue;
      if (!read.ok) return read;
      if (read.value.subject === subject) found.push(read.value.id);
    }
    return done(found);
  };
  const load = (id: Digest) => readSubjectKey(join(folder, id + suffix), id);
  return {
    find,
    ensure: (subject) => {
      const known = find(subject);
      if (!known.ok) return known;
      const [first] = known.value;
      return first === undefined ? make(folder, subject) : done(first);
    },
    seal: (id, bytes) => {
      const read = load(id);
      return read.ok ? done(sealContent(read.value, bytes)) : read;
    },
    open: (id, sealed) => {
      const read = load(id);
      return read.ok ? openContent(read.value, sealed) : read;
    },
    destroy: (id) => destroyPrivateFile(folder, id + suffix),
  };
}

function make(folder: string, subject: string): Result<Digest> {
  const key = randomBytes(keyBytes);
  const id = idOf(key);
  const text = JSON.stringify({ v: 1, kind, id, subject, key: encodeBase64(key) }, null, 2);
  const placed = placePrivateFile(folder, id + suffix, `${text}\n`);
  return placed.ok ? done(id) : placed;
}

/** Names a key and tells nothing of it: a key is as random as its id. */
function idOf(key: Uint8Array): Digest {
  return createHash('sha256').update('chancery:subject-key:v1\n').update(key).digest('hex');
}

/** Refuses as `readPrivateFile`, and `key.invalid`; what the file holds appears in no message. */
function readSubjectKey(file: string, id: Digest): Result<SubjectKey> {
  const text = readPrivateFile(file);
  if (!text.ok) return text;
  // What was cut off while it was destroyed.
  if (/^\0*$/.test(text.value)) return refused('key.missing', `${file} is blank`);
  const parsed = parseRecord(text.value);
  if (parsed.ok && isJsonObject(parsed.value)) {
    const { v, kind: found, subject, key } = parsed.value;
    const bytes = typeof key === 'string' ? decodeBase64(key) : undefined;
    const isWhole = v === 1 && found === kind && bytes?.length === keyBytes;
    if (isWhole && typeof subject === 'string' && idOf(bytes) === id) {
      return done({ id, subject, key: bytes });
    }
  }
  return refused('key.invalid', `${file} is not the key of a subject that its name says`);
}
