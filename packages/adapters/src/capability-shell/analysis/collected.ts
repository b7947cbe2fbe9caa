import { deeds, unknown, type Analysis, type Deed, type FoundCommand } from './finding.ts';

/** Bounds of what is found, beyond which a line is not understood. */
const most = { commands: 200, paths: 200, unclear: 16, words: 40, wordChars: 200 };

/** A command while it is read. */
export class CommandRecord {
  readonly program: string;
  subcommand: string | undefined;
  readonly words: readonly string[];
  readonly does = new Set<Deed>();
  readonly reads = new Set<string>();
  readonly writes = new Set<string>();
  readonly unclear = new Set<string>();

  constructor(program: string, words: readonly string[]) {
    this.program = program;
    this.words = words.slice(0, most.words).map((word) => word.slice(0, most.wordChars));
  }

  told(): FoundCommand {
    const { program, subcommand, words, does, reads, writes, unclear } = this;
    return {
      ...{ program, subcommand, words },
      does: deeds.filter((deed) => does.has(deed)),
      ...{ reads: [...reads].sort(), writes: [...writes].sort(), unclear: [...unclear] },
    };
  }
}

/** Takes up all that is found in a line. */
export class Collected {
  private readonly programs = new Set<string>();
  private readonly commands: CommandRecord[] = [];
  /** Of the line itself: its redirections, and what is no command. */
  readonly line = new CommandRecord('', []);

  add(program: string): void {
    this.programs.add(program);
  }

  open(program: string, words: readonly string[]): CommandRecord {
    const record = new CommandRecord(program, words);
    if (this.commands.length < most.commands) this.commands.push(record);
    else this.line.unclear.add('more commands than are read');
    return record;
  }

  /** Whether nothing more is taken up. */
  get full(): boolean {
    return this.commands.length >= most.commands;
  }

  told(): Analysis {
    const records = [this.line, ...this.commands];
    const all = <T>(member: (record: CommandRecord) => Iterable<T>): Set<T> =>
      new Set(records.flatMap((record) => [...member(record)]));
    const [reads, writes] = [all(({ reads: r }) => r), all(({ writes: w }) => w)];
    const unclear = [...all(reasonsOf)];
    if (reads.size > most.paths || writes.size > most.paths)
      unclear.push('more files than are told');
    const does = all((record) => record.does);
    if (reads.size > 0) does.add('read');
    if (writes.size > 0) does.add('write');
    const programs = unclear.length > 0 ? [...this.programs, unknown] : [...this.programs];
    return {
      programs: [...new Set(programs)].sort(),
      commands: this.commands.map((record) => record.told()),
      does: deeds.filter((deed) => does.has(deed)),
      reads: [...reads].sort().slice(0, most.paths),
      writes: [...writes].sort().slice(0, most.paths),
      unclear: unclear.slice(0, most.unclear),
    };
  }
}

function reasonsOf({ program, unclear }: CommandRecord): readonly string[] {
  return [...unclear].map((why) =>
    (program === '' ? why : `${program}: ${why}`).slice(0, most.wordChars),
  );
}
