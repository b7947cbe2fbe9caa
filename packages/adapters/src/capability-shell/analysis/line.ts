import {
  forEachChild,
  parse,
  type Command,
  type Redirection,
  type SyntaxNode,
  type Word as WordNode,
} from 'unbash';
import { readRedirections } from './redirection.ts';
import { assign, copied, eitherFolder, joinInto, type Scope } from './scope.ts';
import { wordOf } from './syntax-word.ts';
import { anyWords, type Word } from './word.ts';

/** What is done with the commands of a line, in the order in which they stand there. */
export interface Heard {
  command(words: readonly Word[], told: Told): void;
  assignment(name: string, value: Word, scope: Scope): void;
  reads(word: Word, scope: Scope): void;
  writes(word: Word, scope: Scope): void;
  unclear(why: string): void;
}

export interface Told {
  readonly scope: Scope;
  readonly input: string | undefined;
}

/**
 * Syntax of bash that another /bin/sh reads as something else, to the point of running words that
 * bash would not: `((rm x))` is a subshell there, `[[ a || rm x ]]` a list.
 */
const unportable: ReadonlySet<SyntaxNode['type']> = new Set<SyntaxNode['type']>([
  'AnsiCQuoted',
  'ArithmeticCommand',
  'ArithmeticFor',
  'ArrayValue',
  'Coproc',
  'ExtendedGlob',
  'FileDescriptorVariable',
  'HereString',
  'LocaleString',
  'ProcessSubstitution',
  'Select',
  'TestCommand',
  'Transform',
  'Unknown',
]);

/** What is in these may happen, or not. */
const branching: ReadonlySet<SyntaxNode['type']> = new Set<SyntaxNode['type']>([
  ...(['If', 'While', 'Case', 'Subshell'] as const),
]);

/** Most values of a loop that are told apart. */
const mostValues = 16;

/** How often bodies of loops are read in one line. */
const mostBodies = 64;

/** Control characters, blanks and marks of Unicode that a person, or another reader, takes for something else. */
const deceptive =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u00a0\u00ad\u1680\u180e\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ufeff]/;

/** What is longer, or stands in more parentheses or braces, takes the parser seconds. */
const most = { chars: 131_072, depth: 64 };

const tooLarge = 'a line that is longer or deeper than is read';

/** Reads a line for /bin/sh to its end. What cannot be read, or is read by others otherwise, is told. */
export function readLine(line: string, scope: Scope, heard: Heard): void {
  if (/[\r\0]/.test(line)) heard.unclear('a carriage return or a NUL');
  if (line.length > most.chars || depthOf(line) > most.depth) {
    heard.unclear(tooLarge);
    return;
  }
  if (expandsInSubscript(line)) heard.unclear('an expansion in a subscript');
  try {
    new LineReader(line, heard).read(scope);
  } catch (error) {
    // What stands in each other without parentheses, such as functions or sums, ends at the stack.
    if (!(error instanceof RangeError)) throw error;
    heard.unclear(tooLarge);
  }
}

/** How many parentheses and braces are open at once, or seem to be: those in quotes count as well. */
function depthOf(line: string): number {
  let deepest = 0;
  let depth = 0;
  for (const [mark] of line.matchAll(/[(){}]/g)) {
    depth = mark === '(' || mark === '{' ? depth + 1 : Math.max(0, depth - 1);
    deepest = Math.max(deepest, depth);
  }
  return deepest;
}

/** Arithmetic expands what stands in a subscript, wherever the text of it comes from. */
function expandsInSubscript(line: string): boolean {
  let isInside = false;
  for (const [mark] of line.matchAll(/\w\[|[\]\n]|\$\(|`/g)) {
    if (mark === ']' || mark === '\n') isInside = false;
    else if (mark.endsWith('[')) isInside = true;
    else if (isInside) return true;
  }
  return false;
}

class LineReader {
  private readonly line: string;
  private readonly root: ReturnType<typeof parse>;
  private readonly heard: Heard;
  /** Whether something in it may change the folder. */
  private readonly moves: boolean;
  private bodies = 0;
  private assignments: ReadonlyMap<string, number> | undefined;

  constructor(line: string, heard: Heard) {
    this.line = line;
    this.root = parse(line);
    this.heard = heard;
    this.moves = /\b(?:cd|pushd|popd)\b/.test(line);
  }

  read(scope: Scope): void {
    this.list(this.root, scope);
  }

  visit(node: SyntaxNode, scope: Scope): void {
    if (unportable.has(node.type))
      this.heard.unclear(`syntax that not every shell has: ${node.type}`);
    const { type } = node;
    // A script in a line runs in a shell of its own.
    if (type === 'Script') this.list(node, copied(scope));
    else if (type === 'CompoundList') this.list(node, scope);
    else if (type === 'Statement') {
      this.visit(node.command, node.background === true ? copied(scope) : scope);
    } else if (type === 'AndOr') this.andOr(node.commands, scope);
    else if (type === 'Pipeline') this.pipeline(node, scope);
    else if (type === 'Command') this.command(node, scope);
    else if (type === 'For') this.loop(node, scope);
    else if (type === 'Function') this.define(node, scope);
    else if (type === 'Redirected') {
      for (const redirect of node.redirects) this.inside(redirect, scope);
      this.redirections(node.redirects, scope);
      this.visit(node.command, scope);
    } else if (type === 'BraceGroup') this.visit(node.body, scope);
    else if (branching.has(type)) this.branches(node, scope);
    else if (type === 'ParameterExpansion') this.defaults(node, scope);
    else {
      if (type === 'BraceExpansion') this.braces(node.text);
      // What is quoted in arithmetic is expanded all the same.
      if (type === 'ArithmeticExpansion' && /['"\\`#]/.test(node.text)) {
        this.heard.unclear('quotes in arithmetic');
      }
      // The value of a name is read as arithmetic too, and a subscript in it is expanded.
      const names = node.type === 'ArithmeticExpansion' && /[a-z_]/i.test(node.text);
      if (names && /\w\[/.test(this.line)) this.heard.unclear('a subscript beside arithmetic');
      this.children(node, scope);
    }
  }

  private list(node: Extract<SyntaxNode, { type: 'Script' | 'CompoundList' }>, scope: Scope): void {
    if (node.type === 'Script' && (node.errors?.length ?? 0) > 0) {
      this.heard.unclear('it cannot be parsed');
    }
    for (const statement of node.commands) this.visit(statement, scope);
  }

  private pipeline(node: Extract<SyntaxNode, { type: 'Pipeline' }>, scope: Scope): void {
    for (const command of node.commands) {
      this.visit(command, node.commands.length > 1 ? copied(scope) : scope);
    }
    if (node.operators.includes('|&')) this.heard.unclear('syntax that not every shell has: |&');
  }

  private children(node: SyntaxNode, scope: Scope): void {
    forEachChild(node, (child) => {
      if (child.type !== 'Word' || child.parts !== undefined) this.visit(child, scope);
    });
  }

  /** `${NAME:=VALUE}` gives a variable a value. */
  private defaults(node: Extract<SyntaxNode, { type: 'ParameterExpansion' }>, scope: Scope): void {
    const { operation, parameter } = node;
    if (operation?.type === 'Default' && operation.operator.endsWith('=')) {
      this.heard.assignment(parameter, anyWords, scope);
      assign(scope, parameter, undefined);
    }
    // A name that is computed may be any.
    if (node.prefix === '!') this.heard.unclear('a variable by the value of another');
    this.children(node, scope);
  }

  /** Braces that hold an expansion may come to more than can be seen. */
  private braces(text: string): void {
    if (/[$`]/.test(text)) this.heard.unclear('an expansion in braces');
  }

  /** What happens in one of several branches may have happened after them, or not. */
  private branches(node: SyntaxNode, scope: Scope): void {
    const { folders } = scope;
    let after = folders;
    const inner = copied(scope);
    const visitAll = (): void => {
      forEachChild(node, (child) => {
        this.visit(child, inner);
        after = eitherFolder(after, inner.folders);
      });
    };
    visitAll();
    if (node.type === 'While' && this.isOtherwise(inner, scope)) visitAll();
    if (node.type === 'Subshell') return;
    scope.folders = after;
    joinInto(scope, inner);
  }

  private andOr(commands: readonly SyntaxNode[], scope: Scope): void {
    const [first, ...others] = commands;
    const before = scope.folders;
    if (first !== undefined) this.visit(first, scope);
    const inner = copied(scope);
    let after = eitherFolder(before, scope.folders);
    for (const command of others) {
      this.visit(command, inner);
      after = eitherFolder(after, inner.folders);
    }
    joinInto(scope, inner);
    scope.folders = after;
  }

  /** The body is read once for each value that is known. */
  private loop(node: Extract<SyntaxNode, { type: 'For' }>, scope: Scope): void {
    const { wordlist = [], name, body } = node;
    for (const word of wordlist) this.children(word, scope);
    this.heard.assignment(name.value, anyWords, scope);
    const words = wordlist.map((word) => wordOf(word, scope));
    this.bodies += wordlist.length;
    const isTold =
      this.bodies <= mostBodies &&
      node.wordlist !== undefined &&
      words.length <= mostValues &&
      !this.assignsAgain(name.value);
    const inner = copied(scope);
    const mayRepeat = !isTold || words.some(({ splits }) => splits);
    for (const value of isTold ? words : [anyWords]) {
      assign(inner, name.value, value);
      const before = copied(inner);
      this.visit(body, inner);
      if (mayRepeat && this.isOtherwise(inner, before)) this.visit(body, inner);
    }
    assign(scope, name.value, undefined);
    scope.folders = eitherFolder(scope.folders, inner.folders);
  }

  /** Whether a body that is read again begins otherwise; it does as whatever it may begin as. */
  private isOtherwise(inner: Scope, before: Scope): boolean {
    if (inner.folders === before.folders && inner.values === before.values) return false;
    this.bodies += 1;
    if (this.bodies > mostBodies) this.heard.unclear('more loops than are read');
    if (inner.folders !== before.folders) inner.folders = undefined;
    joinInto(inner, before);
    return this.bodies <= mostBodies;
  }

  /** Whether something else of the line may give the variable of a loop another value. */
  private assignsAgain(name: string): boolean {
    return this.counts.has('*') || this.counts.get(name) !== 1;
  }

  private get counts(): ReadonlyMap<string, number> {
    this.assignments ??= assignmentsIn(this.root);
    return this.assignments;
  }

  /** The value that a line gives, where it gives no other: which of two holds, its functions and loops decide. */
  private only(name: string, value: Word): Word | undefined {
    const times = this.counts.get(name);
    return times !== undefined && times > 1 ? undefined : value;
  }

  /** A body runs where it is called, wherever that is. */
  private define(node: Extract<SyntaxNode, { type: 'Function' }>, scope: Scope): void {
    if (/\bfunction\b/.test(this.line)) this.heard.unclear('a function by a word of bash');
    scope.functions = new Set([...scope.functions, node.name.value]);
    const folders = this.moves ? undefined : scope.folders;
    const inner: Scope = { folders, values: new Map(), functions: scope.functions };
    this.visit(node.body, inner);
  }

  private command(node: Command, scope: Scope): void {
    for (const part of [...node.prefix, ...node.suffix]) this.inside(part, scope);
    if (node.name !== undefined) this.inside(node.name, scope);
    this.redirections(node.redirects, scope);
    if (hasWordsBehindBoth(node)) this.heard.unclear('words behind &>');
    for (const part of node.prefix) {
      if (part.type !== 'Assignment') continue;
      const value = part.value.type === 'Word' ? wordOf(part.value, scope) : anyWords;
      this.heard.assignment(part.name, value, scope);
      // Before some programs of the shell it stays (POSIX.1-2024, XCU 2.14).
      const given = this.only(part.name, part.append === true ? anyWords : value);
      if (node.name === undefined || given === undefined) assign(scope, part.name, given);
    }
    if (node.name === undefined) return;
    const words = node.args.map((argument) => {
      if (argument.type === 'Word') return wordOf(argument, scope);
      const value = argument.value.type === 'Word' ? wordOf(argument.value, scope) : anyWords;
      return { ...value, text: `${argument.name}=${value.text}` };
    });
    const called = wordOf(node.name, scope);
    // What it sets runs at another time, wherever the shell is by then.
    const isLater = called.text === 'trap' && this.moves;
    const at = isLater ? { ...copied(scope), folders: undefined } : scope;
    this.heard.command([called, ...words], { scope: at, input: inputOf(node) });
    const mayMove = scope.functions.has(called.text) && this.moves;
    if (mayMove || called.text === 'popd') scope.folders = undefined;
  }

  /** Substitutions in a word, and characters in it that deceive. */
  private inside(node: SyntaxNode, scope: Scope): void {
    const bare = node.type === 'Word' && !/['"]/.test(node.text) ? node.text : '';
    if (deceptive.test(bare))
      this.heard.unclear('a character that looks like another, or like none');
    this.children(node, scope);
    if (unportable.has(node.type))
      this.heard.unclear(`syntax that not every shell has: ${node.type}`);
  }

  private redirections(redirects: readonly Redirection[], scope: Scope): void {
    for (const redirect of redirects) {
      readRedirections(redirect, (node: WordNode) => wordOf(node, scope), {
        reads: (word) => this.heard.reads(word, scope),
        writes: (word) => this.heard.writes(word, scope),
        unclear: (why) => this.heard.unclear(why),
      });
    }
  }
}

/** Names of commands that give variables their values, or may. */
const assigning: ReadonlySet<string> = new Set(
  'read eval getopts mapfile readarray printf declare local typeset export readonly let unset . source'.split(
    ' ',
  ),
);

/** Those of them whose words are the names. */
const naming: ReadonlySet<string> = new Set('unset read getopts mapfile readarray let'.split(' '));

/** How often each variable of a line is given a value; `*` stands for any of them. */
function assignmentsIn(root: SyntaxNode): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  const visit = (node: SyntaxNode): void => {
    // Of a word without parts nothing is to be read.
    if (node.type === 'Word' && node.parts === undefined) return;
    for (const name of assignedBy(node)) counts.set(name, (counts.get(name) ?? 0) + 1);
    forEachChild(node, visit);
  };
  visit(root);
  return counts;
}

/** The variables to which a node by itself gives a value. */
function assignedBy(node: SyntaxNode): readonly string[] {
  if (node.type === 'Assignment') return [node.name];
  if (node.type === 'For') return [node.name.value];
  if (node.type === 'ParameterExpansion') {
    return node.operation?.type === 'Default' ? [node.parameter] : [];
  }
  if (node.type !== 'Command' || node.name === undefined) return [];
  const { value: program } = node.name;
  if (!assigning.has(program)) return [];
  const named = naming.has(program) ? node.args : [];
  return ['*', ...named.flatMap((word) => (word.type === 'Word' ? [word.value] : []))];
}

/** Where `&>` is no sign of its own, the command ends before it and the words behind are another. */
function hasWordsBehindBoth({ suffix }: Command): boolean {
  const at = suffix.findIndex(
    (part) => part.type === 'Redirect' && (part.operator === '&>' || part.operator === '&>>'),
  );
  return (
    at !== -1 && suffix.slice(at + 1).some(({ type }) => type === 'Word' || type === 'Assignment')
  );
}

/** The last redirection of the input decides. */
function inputOf(command: Command): string | undefined {
  const last = command.redirects.findLast(
    (redirect) => redirect.type !== 'Redirect' || redirect.operator.startsWith('<'),
  );
  if (last?.type !== 'HereDoc' || last.body.parts !== undefined) return undefined;
  const isVerbatim = last.delimiter?.quoted === true || !last.body.text.includes('\\');
  return isVerbatim ? last.body.text : undefined;
}
