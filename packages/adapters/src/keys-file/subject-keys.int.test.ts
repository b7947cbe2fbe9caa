import {
  chmodSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cases } from '@chancery/testkit/properties';
import type { Result } from '@chancery/kernel/refusal';
import type { SubjectKeys } from '@chancery/runtime/removal';
import { subjectKeys } from './subject-keys.ts';

let above: string;
let folder: string;
let keys: SubjectKeys;

beforeEach(() => {
  above = mkdtempSync(join(tmpdir(), 'subject-keys-'));
  folder = join(above, 'subjects');
  keys = subjectKeys(folder);
});

afterEach(() => {
  rmSync(above, { recursive: true });
});

function valueOf<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(result.refusal.message);
  return result.value;
}

const codeOf = (result: Result<unknown>) => (result.ok ? 'not refused' : result.refusal.code);
const text = new TextEncoder().encode('what Ada has written');
const fileOf = (id: string): string => join(folder, `${id}.subject.json`);

describe('the key of a subject', () => {
  it('is made once, for its owner alone, in a file whose name tells nothing of the subject', () => {
    expect(valueOf(keys.find('ada'))).toEqual([]);
    const id = valueOf(keys.ensure('ada'));
    expect([valueOf(keys.ensure('ada')), valueOf(keys.find('ada'))]).toEqual([id, [id]]);
    expect(readdirSync(folder)).toEqual([`${id}.subject.json`]);
    expect([statSync(folder).mode & 0o777, statSync(fileOf(id)).mode & 0o777]).toEqual([
      0o700, 0o600,
    ]);
    expect(valueOf(keys.ensure('bob'))).not.toBe(id);
  });

  it('is not used when others may read it, or when it is another than its file says', () => {
    const [ada, bob] = ['ada', 'bob'].map((name) => valueOf(keys.ensure(name)));
    chmodSync(fileOf(ada ?? ''), 0o640);
    expect(codeOf(keys.seal(ada ?? '', text))).toBe('key.exposed');
    expect(codeOf(keys.find('bob'))).toBe('key.exposed');
    renameSync(fileOf(bob ?? ''), fileOf(ada ?? ''));
    expect(codeOf(keys.seal(ada ?? '', text))).toBe('key.invalid');
    writeFileSync(fileOf(ada ?? ''), '{}', { mode: 0o600 });
    expect(codeOf(keys.seal(ada ?? '', text))).toBe('key.invalid');
  });

  it('is gone with the name of the subject when it is destroyed, also a second time', () => {
    const id = valueOf(keys.ensure('ada'));
    const sealed = valueOf(keys.seal(id, text));
    expect([keys.destroy(id), keys.destroy(id)].map(codeOf)).toEqual([
      'not refused',
      'not refused',
    ]);
    expect(readdirSync(folder)).toEqual([]);
    expect([keys.open(id, sealed), keys.seal(id, text)].map(codeOf)).toEqual([
      'key.missing',
      'key.missing',
    ]);
    expect(valueOf(keys.find('ada'))).toEqual([]);
    expect(valueOf(keys.ensure('ada'))).not.toBe(id);
  });

  it('that was cut off while it was destroyed is gone, and hinders no other', () => {
    const id = valueOf(keys.ensure('ada'));
    writeFileSync(fileOf(id), Buffer.alloc(readFileSync(fileOf(id)).length));
    expect(codeOf(keys.seal(id, text))).toBe('key.missing');
    expect(valueOf(keys.find('ada'))).toEqual([]);
    expect(codeOf(keys.ensure('bob'))).toBe('not refused');
    expect(codeOf(keys.destroy(id))).toBe('not refused');
  });
});

describe('what is sealed', () => {
  it('opens with its key to the same bytes, and is another each time', () => {
    const id = valueOf(keys.ensure('ada'));
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        const [one, other] = [valueOf(keys.seal(id, bytes)), valueOf(keys.seal(id, bytes))];
        expect([valueOf(keys.open(id, one)), valueOf(keys.open(id, other))]).toEqual([
          bytes,
          bytes,
        ]);
        expect(one).not.toEqual(other);
      }),
      cases(50),
    );
    expect(Buffer.from(valueOf(keys.seal(id, text))).includes(Buffer.from(text))).toBe(false);
  });

  it('opens with no other key', () => {
    const [ada = '', bob = ''] = ['ada', 'bob'].map((name) => valueOf(keys.ensure(name)));
    const sealed = [ada, bob].map((id) => valueOf(keys.seal(id, text)));
    expect(
      [keys.open(bob, sealed[0] ?? text), keys.open(ada, sealed[1] ?? text)].map(codeOf),
    ).toEqual(['ledger.corrupt', 'ledger.corrupt']);
  });

  it('does not open when any byte of it is another, or it is cut off', () => {
    const id = valueOf(keys.ensure('ada'));
    const sealed = valueOf(keys.seal(id, text));
    for (const at of sealed.keys()) {
      const changed = sealed.slice();
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect([
        codeOf(keys.open(id, changed)),
        codeOf(keys.open(id, sealed.subarray(0, at))),
      ]).toEqual(['ledger.corrupt', 'ledger.corrupt']);
    }
  });
});
