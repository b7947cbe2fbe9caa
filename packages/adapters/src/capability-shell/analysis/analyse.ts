import { posix } from 'node:path';
import type { Deed } from '@chancery/kernel/programs';
import { Collected, keep, type CommandRecord } from './collected.ts';
import type { Analysis } from './finding.ts';
import type { Row } from '../programs/row.ts';
import { readLine, type Told } from './line.ts';
import { deviceOf, isOutside, placesOf } from './path.ts';
import { isProgramName, readRow, rowFor, takesName, type DeclaredRows } from './program.ts';
import { assign, beginning, copied, type Scope } from './scope.ts';
import type { Lookup, PackageFacts, Site } from './site.ts';
import { readAssignment } from './variable.ts';
import { isWhole, whole, type Word } from './word.ts';

/** Longest chain of shells in shells, and of scripts that run scripts, that is read. */
const maxDepth = 8;

/** Where a command is to run. */
export interface Place {
  /** Relative to the workspace. */
  readonly folder: string;
  /** Path of the workspace, where it is known: what lies below is in the workspace. */
  readonly root?: string;
  /** Of the package in a folder, relative to the workspace; undefined where there is none. */
  readonly factsOf: (folder: string) => PackageFacts | undefined;
  /** What a ledger tells of programs besides what is built in. */
  readonly declared?: DeclaredRows | undefined;
  /** Variables that it is given, and its input; those that are left out it has as they are. */
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string;
}

const nowhere: Place = { folder: '.', factsOf: () => undefined };

/** What a line for /bin/sh could run, and what that does. */
export function analyseLine(line: string, place: Place = nowhere): Analysis {
  return analyse(place, (reader, scope) => reader.line(line, scope, outermost));
}

/** The same of a program with its arguments. */
export function analyseWords(words: readonly string[], place: Place = nowhere): Analysis {
  return analyse(place, (reader, scope) => {
    const told = { scope, input: place.input, ...outermost };
    if (words.some((word) => word.includes('\0'))) keep(reader.collected.line.unclear, 'a NUL');
    reader.words(words.map(whole), told);
  });
}

function analyse(place: Place, read: (reader: Reader, scope: Scope) => void): Analysis {
  const reader = new Reader(place);
  for (const [name, value] of Object.entries(place.env ?? {})) reader.variable(name, value);
  read(reader, beginning(place.folder));
  return reader.collected.told();
}

/** How deep in other lines a line stands, and where its programs are looked for. */
interface Depth {
  readonly depth: number;
  readonly from: Lookup;
}

const outermost: Depth = { depth: 0, from: 'system' };

const looksInProject = (from: Lookup): boolean => from === 'project' || from === 'npm';

/** Where a program finds those that it runs itself. */
const followed = (from: Lookup): Lookup =>
  from === 'npm' ? 'project' : from === 'python' ? 'system' : from;

/** What follows these in a line runs in the folder that they name. */
const entering: ReadonlySet<string> = new Set(['cd', 'pushd']);

/** What these run changes the shell itself: its folder, its variables. */
const transparent: ReadonlySet<string> = new Set(['builtin', 'command', 'eval']);

/** A program of the system by its path: nothing that a run can write. */
const systemProgram = /^\/(?:usr\/(?:local\/)?)?s?bin\/[^/]+$/;

class Reader {
  readonly collected = new Collected();
  private readonly place: Place;

  constructor(place: Place) {
    this.place = place;
  }

  /** A variable that is given from outside. */
  variable(name: string, value: string): void {
    const told = { scope: beginning('.'), input: undefined, ...outermost };
    readAssignment(name, whole(value), this.site(this.collected.line, told));
  }

  line(line: string, scope: Scope, { depth, from }: Depth): void {
    const ofLine = this.collected.line;
    if (depth === maxDepth || this.collected.full) {
      keep(ofLine.unclear, 'more lines in lines than are read');
      return;
    }
    readLine(line, scope, {
      command: (words, told) => this.words(words, { ...told, depth, from }),
      assignment: (name, value) =>
        readAssignment(name, value, this.site(ofLine, { scope, input: undefined, depth, from })),
      reads: (word, at) => this.touch(word, { scope: at, record: ofLine, member: 'reads' }),
      writes: (word, at) => this.touch(word, { scope: at, record: ofLine, member: 'writes' }),
      unclear: (why) => keep(ofLine.unclear, why),
    });
  }

  words(words: readonly Word[], told: Told & Depth): void {
    const [first, ...rest] = words;
    if (first === undefined || !isWhole(first) || !isProgramName(first.text)) {
      keep(this.collected.line.unclear, 'a program that is not told by its name');
      return;
    }
    if (this.collected.full) {
      keep(this.collected.line.unclear, 'more commands than are read');
      return;
    }
    const name = posix.basename(first.text);
    this.collected.add(name);
    // A file that is called by its path is not the program of that name: a list of what may run does not mean it.
    if (first.text.includes('/') && !systemProgram.test(first.text)) {
      if (/\s/.test(first.text)) keep(this.collected.line.unclear, 'a path with blanks in it');
      else this.collected.add(first.text);
    }
    const record = this.collected.open(name, words);
    const site = this.site(record, told);
    const { from } = told;
    const isInstalled = looksInProject(from) && site.facts?.installed.has(name) === true;
    const known = { from, isInstalled, declared: this.place.declared };
    // A list of what may run does not mean a program that a package brings under the name of another.
    if (takesName(name, known)) this.collected.add(`node_modules/.bin/${name}`);
    const row = rowFor(first.text, known);
    if (told.scope.functions.has(name)) {
      // Its body was read where it stands.
      if (row !== undefined) keep(record.unclear, 'a function by the name of a program');
      return;
    }
    if (row === undefined) keep(record.unclear, 'nothing is known of this program');
    else readRow(rest, row, site);
  }

  private site(record: CommandRecord, told: Told & Depth): Site {
    return new CommandSite(this, record, told);
  }

  factsAt({ folders }: Scope): PackageFacts | undefined {
    const [folder, ...others] = folders ?? [];
    return folder === undefined || others.length > 0 ? undefined : this.place.factsOf(folder);
  }

  touch(
    word: Word,
    { scope, record, member }: { scope: Scope; record: CommandRecord; member: 'reads' | 'writes' },
  ): void {
    keep(record.does, member === 'reads' ? 'read' : 'write');
    const device = deviceOf(word.text);
    if (device === 'none' && isWhole(word)) return;
    if (device === 'network') keep(record.does, 'external');
    if (device === 'device' && member === 'writes') keep(record.does, 'irreversible');
    const places = placesOf(word, scope.folders);
    if (places !== undefined) {
      for (const place of places) this.keepPlace(place, record, member);
    } else if (member === 'writes') keep(record.unclear, 'a file that it writes is not told');
  }

  private keepPlace(place: string, record: CommandRecord, member: 'reads' | 'writes'): void {
    const { root } = this.place;
    const isInRoot = root !== undefined && place.startsWith(`${root}/`);
    const known = isInRoot ? place.slice(root.length + 1) : place;
    keep(record[member], known);
    if (member === 'writes' && isOutside(known)) keep(record.does, 'outside');
  }
}

/** A command while its words are read. */
class CommandSite implements Site {
  readonly input: string | undefined;
  private readonly reader: Reader;
  private readonly record: CommandRecord;
  private readonly told: Told & Depth;
  /** Where what follows runs. */
  private at: Scope;
  private isElsewhere: boolean;
  private stands = false;

  constructor(reader: Reader, record: CommandRecord, told: Told & Depth, isElsewhere = false) {
    this.reader = reader;
    this.record = record;
    this.told = told;
    this.at = told.scope;
    this.input = told.input;
    this.isElsewhere = isElsewhere;
  }

  get folders(): readonly string[] | undefined {
    return this.at.folders;
  }

  get facts(): PackageFacts | undefined {
    return this.isElsewhere ? undefined : this.reader.factsAt(this.at);
  }

  subcommand(name: string): void {
    const { record, reader } = this;
    record.subcommand = record.subcommand === undefined ? name : `${record.subcommand} ${name}`;
    reader.collected.add(`${record.program} ${record.subcommand}`);
  }

  does(deed: Deed): void {
    keep(this.record.does, deed);
  }

  reads(word: Word): void {
    this.reader.touch(word, { scope: this.at, record: this.record, member: 'reads' });
  }

  writes(word: Word): void {
    this.reader.touch(word, { scope: this.at, record: this.record, member: 'writes' });
  }

  unclear(why: string): void {
    keep(this.record.unclear, why);
  }

  readWords(words: readonly Word[], from = followed(this.told.from)): void {
    const { depth, input } = this.told;
    if (depth === maxDepth) this.unclear('more commands in commands than are read');
    else this.reader.words(words, { scope: this.inner(), input, depth: depth + 1, from });
  }

  readLine(line: string, from = followed(this.told.from)): void {
    this.reader.line(line, this.inner(), { depth: this.told.depth + 1, from });
  }

  readRow(words: readonly Word[], row: Row): void {
    const { reader, record, told, at, isElsewhere } = this;
    readRow(words, row, new CommandSite(reader, record, { ...told, scope: at }, isElsewhere));
  }

  assigns(name: string, value: Word): void {
    assign(this.told.scope, name, undefined);
    readAssignment(name, value, this);
  }

  standsIn(folder: Word): void {
    // Which of two counts is the affair of the program.
    if (this.stands) this.unclear('its folder is told twice');
    else this.enters(folder);
    this.stands = true;
  }

  elsewhere(): void {
    this.isElsewhere = true;
  }

  enters(folder: Word): void {
    const folders = foldersOf(folder, this.at);
    if (entering.has(this.record.program)) this.told.scope.folders = folders;
    else this.at = { ...this.at, folders };
  }

  /** What it runs changes the shell itself, or a shell of its own. */
  private inner(): Scope {
    return transparent.has(this.record.program) ? this.at : copied(this.at);
  }
}

function foldersOf(folder: Word, { folders }: Scope): readonly string[] | undefined {
  if (!isWhole(folder) || folder.text === '') return undefined;
  const { text } = folder;
  if (text.startsWith('/') || text.startsWith('~')) return [posix.normalize(text)];
  return folders?.map((from) => posix.join(from, text));
}
