import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ExportReader, ExportWriter, gitDigest, type ExportRecord } from '@chancery/kernel/export';
import { Stand, type JsonLine } from '../cli-fixture.ts';

let stand: Stand;
let run: string;
let erased: string;

const at = (name: string): string => join(stand.folder, name);
const inHome = (home: string) => ({ CHANCERY_HOME: home });

async function one(words: readonly string[], home = stand.home): Promise<JsonLine & Exit> {
  const { exit, lines } = await stand.json(words, inHome(home));
  const [line] = lines;
  if (line === undefined) throw new Error(`${words.join(' ')} printed nothing`);
  return { ...line, exit };
}

interface Exit {
  readonly exit: number | null;
}

/** What is in a folder: modes, symlinks and bytes. */
function contentsOf(folder: string): Readonly<Record<string, string>> {
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();
  return Object.fromEntries(
    paths.map((path) => {
      const full = join(folder, path);
      const stats = lstatSync(full);
      if (stats.isSymbolicLink()) return [path, `link ${readlinkSync(full)}`];
      if (stats.isDirectory()) return [path, 'folder'];
      return [path, `${stats.mode & 0o100} ${readFileSync(full).toString('hex')}`];
    }),
  );
}

async function checkedOut(home: string, seq: number): Promise<ReturnType<typeof contentsOf>> {
  const folder = at(`checkout-${readdirSync(stand.folder).length}`);
  const line = await one(['world', run, '--at', String(seq), '--checkout', folder], home);
  expect(line.exit).toBe(0);
  return contentsOf(folder);
}

beforeAll(async () => {
  stand = new Stand();
  const bytes = Array.from({ length: 60_000 }, (_, index) => `line ${index * 31}\r\n`).join('');
  stand.makeRepo({ 'a.txt': 'hello\n', 'deep/er/b.txt': bytes, 'run.sh': '#!/bin/sh\n' });
  chmodSync(join(stand.repo, 'run.sh'), 0o755);
  symlinkSync('../nowhere', join(stand.repo, 'deep', 'link'));
  writeFileSync(join(stand.repo, '.gitattributes'), '*.txt text eol=lf\n');
  stand.git('add', '-A');
  stand.git('commit', '-q', '-m', 'more');
  await stand.init();
  const write = (text: string) => ({
    calls: [{ name: 'fs.write', args: { path: 'a.txt', text } }],
  });
  const model = stand.script(write('first\n'), write('second\r\n'), { say: 'Done.' });
  run = await driven(model);
  const secret = stand.script(write('what only Ada knows'), { say: 'Done.' });
  erased = await driven(secret, '--subject', 'ada');
  expect((await one(['checkpoint'])).exit).toBe(0);
});

afterAll(() => {
  stand.remove();
});

async function driven(model: string, ...more: readonly string[]): Promise<string> {
  const words = ['run', 'Write', '--repo', stand.repo, '--model', model, ...more];
  const { lines, exit } = await stand.json(words);
  if (exit !== 0) throw new Error(JSON.stringify(lines.at(-1)));
  return String(lines.at(-1)?.['run']);
}

async function lastSeq(): Promise<number> {
  return Number((await one(['world', run]))['seq']);
}

describe('an export with workspaces', () => {
  it('brings every recorded state of files into another home, byte for byte', async () => {
    const written = await one(['export', '--with-workspaces', '--to', at('whole')]);
    expect(written).toMatchObject({ exit: 0, workspaces: true, streams: null });
    const { stdout } = await stand.run(['export', '--with-workspaces']);
    expect(stdout).toBe(readFileSync(at('whole'), 'utf8'));
    const home = at('copy');
    expect(await one(['import', at('whole')], home)).toMatchObject({ exit: 0, workspaces: true });
    const last = await lastSeq();
    const states = new Set<string>();
    for (let seq = last % 6; seq <= last; seq += 6) {
      const there = await checkedOut(home, seq);
      expect(there).toEqual(await checkedOut(stand.home, seq));
      states.add(there['a.txt'] ?? '');
    }
    expect(states.size).toBe(3);
    const again = await one(['export', '--with-workspaces', '--to', at('again')], home);
    expect(again.exit).toBe(0);
    expect(readFileSync(at('again'))).toEqual(readFileSync(at('whole')));
  });

  it('brings the files to where the entries are already', async () => {
    const home = at('later');
    expect((await one(['export', '--to', at('entries')])).exit).toBe(0);
    expect((await one(['import', at('entries')], home)).exit).toBe(0);
    const words = ['world', run, '--checkout', at('none')];
    expect(await one(words, home)).toMatchObject({ exit: 2, code: 'repo.missing' });
    expect(await one(['import', at('whole')], home)).toMatchObject({ exit: 0, appended: 0 });
    const last = await lastSeq();
    expect(await checkedOut(home, last)).toEqual(await checkedOut(stand.home, last));
  });

  it('goes on with the same bytes where it was cut short', async () => {
    const whole = readFileSync(at('whole'));
    for (const length of [3_000, whole.length - 400_000, whole.length - 30]) {
      writeFileSync(at('cut'), whole.subarray(0, length));
      const resumed = await one(['export', '--with-workspaces', '--to', at('cut')]);
      expect(resumed).toMatchObject({ exit: 0, before: length, bytes: whole.length });
      expect(readFileSync(at('cut')).equals(whole)).toBe(true);
      writeFileSync(at('cut'), whole.subarray(0, length));
      const other = await one(['export', '--to', at('cut')]);
      expect(other).toMatchObject({ exit: 2, code: 'usage.invalid' });
    }
  });

  it('of some streams has the files of their runs, and is verified', async () => {
    const words = ['export', '--with-workspaces', '--stream', `run:${run}`, '--to', at('run')];
    expect((await one(words)).exit).toBe(0);
    expect(await one(['import', at('run'), '--dry-run'], at('nobody'))).toMatchObject({
      ...{ exit: 0, workspaces: true, streams: ['ledger', `run:${run}`] },
    });
    const files = filesIn('run');
    expect(files).toContain('second\r\n');
    expect(files).not.toContain('what only Ada knows');
    expect(filesIn('whole')).toContain('what only Ada knows');
  });

  it('is refused before anything is there when an object is missing, altered or too many', async () => {
    const records = recordsOf('whole');
    const objects = records.filter(({ type }) => type === 'object');
    expect(objects.length).toBeGreaterThan(8);
    const victim = objects.at(-1);
    const forged = {
      missing: records.filter((record) => record !== victim),
      altered: records.map((record) =>
        record === victim && record.type === 'object'
          ? { ...record, bytes: Buffer.from('something else') }
          : record,
      ),
      surplus: records.flatMap((record) => (record === victim ? [record, record] : [record])),
    };
    for (const [what, changed] of Object.entries(forged)) {
      writeFileSync(at(what), rewritten(changed));
      const home = at(`home of ${what}`);
      const refused = await one(['import', at(what)], home);
      expect([what, refused.exit, refused['code']]).toEqual([what, 7, 'export.invalid']);
      expect([what, existsSync(home)]).toEqual([what, false]);
    }
    writeFileSync(at('unchanged'), rewritten(records));
    expect(readFileSync(at('unchanged'))).toEqual(readFileSync(at('whole')));
  });

  it('is not written where a recorded file is gone or was altered', async () => {
    const copy = at('damaged');
    cpSync(stand.home, copy, { recursive: true });
    const store = looseFileIn(copy);
    rmSync(store);
    const words = ['export', '--with-workspaces', '--to', at('lost')];
    expect(await one(words, copy)).toMatchObject({ exit: 7, code: 'workspace.incomplete' });
    writeFileSync(store, 'this is no object');
    expect(await one(words, copy)).toMatchObject({ exit: 7, code: 'workspace.incomplete' });
    expect((await one(['export', '--to', at('entries alone')], copy)).exit).toBe(0);
  });

  it('leaves out the files of a subject that was erased', async () => {
    expect((await one(['erase', 'ada', '--yes'])).exit).toBe(0);
    await one(['checkpoint']);
    expect((await one(['export', '--with-workspaces', '--to', at('after')])).exit).toBe(0);
    const files = filesIn('after');
    expect(files).toContain('second\r\n');
    expect(files).not.toContain('what only Ada knows');
    const home = at('copy after');
    expect((await one(['import', at('after')], home)).exit).toBe(0);
    expect((await one(['world', erased], home)).exit).toBe(0);
    const last = await lastSeq();
    expect(await checkedOut(home, last)).toEqual(await checkedOut(stand.home, last));
  });
});

function recordsOf(name: string): readonly ExportRecord[] {
  const read = new ExportReader().push(readFileSync(at(name)));
  if (!read.ok) throw new Error(read.refusal.message);
  return read.value;
}

/** Contents of all objects of an export. */
function filesIn(name: string): readonly string[] {
  return recordsOf(name).flatMap((record) =>
    record.type === 'object' ? [Buffer.from(record.bytes).toString('latin1')] : [],
  );
}

/** The export that consists of these, each under the digest that it had, well formed to its last line. */
function rewritten(records: readonly ExportRecord[]): string {
  const writer = new ExportWriter();
  return records
    .map((record) => {
      switch (record.type) {
        case 'manifest':
          return writer.manifest(record.manifest);
        case 'stream':
          return writer.stream(record.proof);
        case 'entry': {
          const { stored, blobs } = record.entry;
          const named = [...blobs].map(([digest, bytes]) => ({ digest, bytes }));
          return writer.entry(stored.text, named);
        }
        case 'object':
          return writer.object({ digest: record.object.digest, bytes: record.bytes });
        case 'end':
          return writer.end();
      }
    })
    .join('');
}

/** A file that holds one object of the snapshots of a home: that of the word that was written last. */
function looseFileIn(home: string): string {
  const snapshots = join(home, 'snapshots');
  const [store = ''] = readdirSync(snapshots).filter((name) => /^[0-9a-f]{32}$/.test(name));
  const digest = gitDigest('blob', Buffer.from('second\r\n'));
  return join(snapshots, store, 'objects', digest.slice(0, 2), digest.slice(2));
}
