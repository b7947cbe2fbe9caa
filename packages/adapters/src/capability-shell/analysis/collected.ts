import { deeds, type Deed } from '@chancery/kernel/programs';
import { unknown, type Analysis, type FoundCommand } from './finding.ts';
import { shown, type Word } from './word.ts';

/** Bounds of what is found, beyond which a line is not understood. */
const most = { commands: 200, paths: 200, unclear: 16, words: 40, wordChars: 200 };

/** Keeps a value once. */
export function keep<T>(list: T[], value: T): void {
  if (!list.includes(value)) list.push(value);
}

/** A command while it is read. */
export class CommandRecord {
  readonly program: string;
  subcommand: string | undefined;
  private readonly words: readonly Word[];
  readonly does: Deed[] = [];
  readonly reads: string[] = [];
  readonly writes: string[] = [];
  readonly unclear: string[] = [];

  constructor(program: string, words: readonly Word[]) {
    this.program = program;
    this.words = words;
  }

  told(): FoundCommand {
    const { program, subcommand, does, reads, writes, unclear } = this;
    const words = this.words
      .slice(0, most.words)
      .map((word) => shown(word).slice(0, most.wordChars));
    return {
      ...{ program, subcommand, words, does: inOrder(new Set(does)) },
      ...{ reads: reads.toSorted(), writes: writes.toSorted(), unclear: [...unclear] },
    };
  }
}

const inOrder = (does: ReadonlySet<Deed>): readonly Deed[] =>
  deeds.filter((deed) => does.has(deed));

function sorted(texts: ReadonlySet<string>): readonly string[] {
  return texts.size > 1 ? [...texts].sort() : [...texts];
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

  open(program: string, words: readonly Word[]): CommandRecord {
    const record = new CommandRecord(program, words);
    if (this.commands.length < most.commands) this.commands.push(record);
    else keep(this.line.unclear, 'more commands than are read');
    return record;
  }

  /** Whether nothing more is taken up. */
  get full(): boolean {
    return this.commands.length >= most.commands;
  }

  told(): Analysis {
    const does = new Set<Deed>();
    const reads = new Set<string>();
    const writes = new Set<string>();
    const reasons = new Set<string>();
    for (const record of [this.line, ...this.commands]) {
      for (const deed of record.does) does.add(deed);
      for (const path of record.reads) reads.add(path);
      for (const path of record.writes) writes.add(path);
      for (const why of record.unclear) reasons.add(reasonOf(record.program, why));
    }
    if (reads.size > most.paths || writes.size > most.paths) {
      reasons.add('more files than are told');
    }
    if (reasons.size > 0) this.programs.add(unknown);
    return new ToldAnalysis(this.commands, {
      programs: sorted(this.programs),
      does: inOrder(does),
      reads: sorted(reads).slice(0, most.paths),
      writes: sorted(writes).slice(0, most.paths),
      unclear: [...reasons].slice(0, most.unclear),
    });
  }
}

function reasonOf(program: string, why: string): string {
  return (program === '' ? why : `${program}: ${why}`).slice(0, most.wordChars);
}

/**
 * Commands are told where somebody asks: a decision does not. A class and no getter of a literal: each
 * of these would have a hidden class of its own, which keeps all that was read alive through every
 * scavenge, until a full collection.
 */
class ToldAnalysis implements Analysis {
  readonly programs: Analysis['programs'];
  readonly does: Analysis['does'];
  readonly reads: Analysis['reads'];
  readonly writes: Analysis['writes'];
  readonly unclear: Analysis['unclear'];
  readonly #records: readonly CommandRecord[];

  constructor(records: readonly CommandRecord[], found: Omit<Analysis, 'commands'>) {
    this.programs = found.programs;
    this.does = found.does;
    this.reads = found.reads;
    this.writes = found.writes;
    this.unclear = found.unclear;
    this.#records = records;
  }

  get commands(): Analysis['commands'] {
    return this.#records.map((record) => record.told());
  }
}
