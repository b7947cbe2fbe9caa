import {
  exportOf,
  ledgerFixture,
  refusalOf,
  RunStory,
  trustRuntime,
  valueOf,
} from '@chancery/testkit/builders';
import { describe, expect, test } from 'vitest';
import { bytesOfHex, type Digest } from '../encoding/index.ts';
import type { Result } from '../refusal/index.ts';
import { chainAfter, emptyChain } from './chain.ts';
import { ExportCheck } from './check.ts';
import { gitDigest, readGitTree, type GitKind } from './git-object.ts';
import { partBytes } from './limits.ts';
import { lineText } from './line-forms.ts';
import { ExportReader, type ExportRecord } from './reader.ts';
import type { WorkspaceObject } from './workspace-walk.ts';

const utf8 = new TextEncoder();

interface GitObject {
  readonly kind: GitKind;
  readonly bytes: Uint8Array;
  readonly digest: Digest;
}

function object(kind: GitKind, bytes: Uint8Array): GitObject {
  return { kind, bytes, digest: gitDigest(kind, bytes) };
}

const file = (text: string): GitObject => object('blob', utf8.encode(text));

type NamedObject = readonly [mode: string, name: string, object: GitObject];

/** Bytes of a tree with these entries, in this order. */
function treeBytes(...entries: readonly NamedObject[]): Uint8Array {
  return Uint8Array.from(
    entries.flatMap(([mode, name, { digest }]) => [
      ...utf8.encode(`${mode} ${name}\0`),
      ...bytesOfHex(digest),
    ]),
  );
}

const tree = (...entries: readonly NamedObject[]): GitObject =>
  object('tree', treeBytes(...entries));

const hello = file('hello\n');
const long = object('blob', new Uint8Array(partBytes + 3).fill(7));
const inner = tree(['100644', 'hello', hello], ['120000', 'link', long]);
const one = tree(['100755', 'run', hello], ['40000', 'sub', inner]);
const other = tree(['40000', 'sub', inner], ['100644', 'z', long]);

const on = ledgerFixture();
trustRuntime(on);
const workspace = {
  ...{ baseCommit: '0'.repeat(40), branch: 'chancery/r', worktree: '/worktree' },
  outside: [],
};
for (const [name, repository, { digest }] of [
  ['r1', '/one', one],
  ['r2', '/two', one],
  ['r3', '/one', other],
  ['r4', '/one', one],
] as const) {
  new RunStory(on, name).start({ workspace: { ...workspace, repository, tree: digest } });
}

const whole = body(undefined);
const partial = body(['ledger', 'run:r2', 'run:r3']);

function body(streams: readonly string[] | undefined): readonly string[] {
  const scope = streams === undefined ? {} : { streams };
  const lines = exportOf(on, { ...scope, manifest: { workspaces: true } });
  return lines.slice(0, -1).map((line) => line.trimEnd());
}

function linesOf(...objects: readonly GitObject[]): readonly string[] {
  return objects.flatMap(({ digest, bytes }) => {
    const parts = Math.max(1, Math.ceil(bytes.length / partBytes));
    return Array.from({ length: parts }, (_, part) => {
      const piece = bytes.subarray(part * partBytes, (part + 1) * partBytes);
      return lineText({ type: 'object', part: { digest, part, parts, bytes: piece } });
    });
  });
}

/** With a last line that fits, as somebody who forges would write it. */
function closed(lines: readonly string[]): Uint8Array {
  const digest = lines.reduce(chainAfter, emptyChain);
  const entries = lines.filter((line) => line.startsWith('{"at":')).length;
  const end = lineText({ type: 'end', end: { digest, entries, lines: lines.length } });
  return utf8.encode(`${[...lines, end].join('\n')}\n`);
}

function read(lines: readonly string[]): Result<readonly ExportRecord[]> {
  const reader = new ExportReader();
  const records = reader.push(closed(lines));
  if (!records.ok) return records;
  const finished = reader.finish();
  return finished.ok ? records : finished;
}

const why = (lines: readonly string[]): string => {
  const { code, message } = refusalOf(read(lines));
  expect(code).toBe('export.invalid');
  return message.replace('not a whole and unchanged export: ', '');
};

/** Of each repository by itself, in the order of the runs; each tree before what it names. */
const inOrder = [one, hello, inner, long, one, hello, inner, long, other];

describe('an export with the objects of workspaces', () => {
  test('gives each once for each repository, with what it is of', () => {
    const records = valueOf(read([...whole, ...linesOf(...inOrder)]));
    const objects = records.flatMap((record): readonly WorkspaceObject[] =>
      record.type === 'object' ? [record.object] : [],
    );
    expect(objects.map(({ repository, digest }) => [repository, digest])).toEqual(
      inOrder.map(({ digest }, index) => [index >= 4 && index < 8 ? '/two' : '/one', digest]),
    );
    const bytes = records.flatMap((record) => (record.type === 'object' ? [record.bytes] : []));
    expect(bytes.map((each) => [...each])).toEqual(inOrder.map((each) => [...each.bytes]));
  });

  test('of some streams has those of their runs alone', () => {
    const objects = linesOf(one, hello, inner, long, other, inner, hello, long);
    const check = new ExportCheck(on.ledger);
    valueOf(check.push(closed([...partial, ...objects])));
    expect(valueOf(check.finish()).scope).toBe('streams');
    expect(why([...partial, ...linesOf(...inOrder)])).toContain('is not to be here');
  });

  test.each(inOrder.map((_, index) => index))('is refused without object %d', (index) => {
    const lines = linesOf(...inOrder.filter((_, at) => at !== index));
    expect(why([...whole, ...lines])).toMatch(/is missing|is not to be here/);
  });

  test('is refused with an object too many, twice, or in another order', () => {
    const surplus = file('surplus');
    expect(why([...whole, ...linesOf(...inOrder, surplus)])).toContain(surplus.digest);
    expect(why([...whole, ...linesOf(one, one, ...inOrder.slice(1))])).toContain('not to be here');
    expect(why([...whole, ...linesOf(one, inner, hello, ...inOrder.slice(3))])).toContain(
      'not to be here',
    );
  });

  test('is refused with other bytes under a digest, and with parts out of order', () => {
    const altered = { ...hello, bytes: utf8.encode('hellO\n') };
    expect(why([...whole, ...linesOf(one, altered, ...inOrder.slice(2))])).toBe(
      `the object ${hello.digest} has other bytes`,
    );
    const [first = '', second = ''] = linesOf(long);
    const before = [...whole, ...linesOf(one, hello, inner)];
    const after = linesOf(...inOrder.slice(4));
    expect(read([...before, first, second, ...after]).ok).toBe(true);
    expect(why([...before, second, first, ...after])).toContain('do not follow each other');
    expect(why([...before, first, ...after])).toContain('not to be here');
    expect(why([...before, first])).toMatch(/is missing/);
  });

  test('is refused with objects before its last entry, and with anything else among them', () => {
    const entry = whole.at(-1) ?? '';
    const objects = linesOf(...inOrder);
    expect(why([...whole.slice(0, -1), ...objects, entry])).toContain('another number');
    expect(why([...whole, ...objects.slice(0, 2), entry])).toContain('between the objects');
    expect(why([...partial.slice(0, -2), ...objects])).toMatch(/not to be here|is missing/);
  });

  test('is refused where its first line speaks of none', () => {
    const plain = exportOf(on)
      .slice(0, -1)
      .map((line) => line.trimEnd());
    expect(read(plain).ok).toBe(true);
    expect(why([...plain, ...linesOf(...inOrder)])).toContain('is not to be here');
    expect(why(whole)).toContain('is missing');
  });
});

describe('a tree', () => {
  const named = (name: string): Uint8Array => treeBytes(['100644', name, hello]);

  test('names files, symlinks and folders', () => {
    expect(readGitTree(one.bytes)).toEqual([
      { kind: 'blob', digest: hello.digest },
      { kind: 'tree', digest: inner.digest },
    ]);
    expect(readGitTree(new Uint8Array(0))).toEqual([]);
  });

  test.each(['', '.', '..', 'a/b', '../a', '.git', '.GIT'])('never leads to %j', (name) => {
    expect(readGitTree(named(name))).toBe(undefined);
    expect(readGitTree(named(`${name}x`))?.length ?? 0).toBe(name.includes('/') ? 0 : 1);
  });

  test('has each name once, in the order of git', () => {
    const a = ['120000', 'a', hello] as const;
    expect(readGitTree(treeBytes(a, ['100644', 'a.b', hello], ['40000', 'a', inner]))).toBe(
      undefined,
    );
    expect(readGitTree(treeBytes(a, a))).toBe(undefined);
    expect(readGitTree(treeBytes(['100644', 'b', hello], a))).toBe(undefined);
    const folders = treeBytes(['100644', 'a.b', hello], ['40000', 'a', inner]);
    expect(readGitTree(folders)).toHaveLength(2);
  });

  test('has no other modes, and is whole', () => {
    for (const mode of ['160000', '100664', '040000', '']) {
      expect(readGitTree(treeBytes([mode, 'a', hello]))).toBe(undefined);
    }
    for (let length = 1; length < one.bytes.length; length += 1) {
      const cut = readGitTree(one.bytes.subarray(0, length));
      expect(cut === undefined || cut.length === 1).toBe(true);
    }
    const notUtf8 = Uint8Array.from(named('a'));
    notUtf8[7] = 0xff;
    expect(readGitTree(notUtf8)).toBe(undefined);
  });
});
