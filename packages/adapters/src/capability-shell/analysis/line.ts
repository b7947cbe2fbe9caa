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

/** Reads a line for /bin/sh to its end. What cannot be read, or is read by others otherwise, is told. */
export function readLine(line: string, scope: Scope, heard: Heard): void {
  if (/[\r\0]/.test(line)) heard.unclear('a carriage return or a NUL');
  // Arithmetic expands what stands in a subscript, wherever the text of it comes from.
  if (/\w\[[^\]\n]*(?:\$\(|`)/.test(line)) heard.unclear('an expansion in a subscript');
  new LineReader(line, heard).read(scope);
}

class LineReader {
  private readonly line: string;
  private readonly root: ReturnType<typeof parse>;
  private readonly heard: Heard;
  private bodies = 0;
  private assignments: ReadonlyMap<string, number> | undefined;

  constructor(line: string, heard: Heard) {
    this.line = line;
    this.root = parse(line);
    this.heard = heard;
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
    forEachChild(node, (child) => {
      this.visit(child, inner);
      after = eitherFolder(after, inner.folders);
    });
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
    for (const value of isTold ? words : [anyWords]) {
      assign(inner, name.value, value);
      this.visit(body, inner);
    }
    assign(scope, name.value, undefined);
    scope.folders = eitherFolder(scope.folders, inner.folders);
  }

  /** Whether something else of the line may give the variable of a loop another value. */
  private assignsAgain(name: string): boolean {
    this.assignments ??= assignmentsIn(this.root);
    return this.assignments.has('*') || this.assignments.get(name) !== 1;
  }

  /** A body runs where it is called, wherever that is. */
  private define(node: Extract<SyntaxNode, { type: 'Function' }>, scope: Scope): void {
    if (/\bfunction\b/.test(this.line)) this.heard.unclear('a function by a word of bash');
    scope.functions = new Set([...scope.functions, node.name.value]);
    const folders = /\b(cd|pushd|popd)\b/.test(this.line) ? undefined : scope.folders;
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
      if (node.name === undefined)
        assign(scope, part.name, part.append === true ? anyWords : value);
    }
    if (node.name === undefined) return;
    const words = node.args.map((argument) => {
      if (argument.type === 'Word') return wordOf(argument, scope);
      const value = argument.value.type === 'Word' ? wordOf(argument.value, scope) : anyWords;
      return { ...value, text: `${argument.name}=${value.text}` };
    });
    this.heard.command([wordOf(node.name, scope), ...words], { scope, input: inputOf(node) });
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

/** How often each variable of a line is given a value; `*` stands for any of them. */
function assignmentsIn(root: SyntaxNode): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  const visit = (node: SyntaxNode): void => {
    // Of a word without parts nothing is to be read.
    if (node.type === 'Word' && node.parts === undefined) return;
    const name = assignedBy(node);
    if (name !== undefined) counts.set(name, (counts.get(name) ?? 0) + 1);
    forEachChild(node, visit);
  };
  visit(root);
  return counts;
}

/** The variable to which a node by itself gives a value. */
function assignedBy(node: SyntaxNode): string | undefined {
  if (node.type === 'Assignment') return node.name;
  if (node.type === 'For') return node.name.value;
  if (node.type === 'ParameterExpansion') {
    return node.operation?.type === 'Default' ? node.parameter : undefined;
  }
  if (node.type !== 'Command' || node.name === undefined) return undefined;
  return assigning.has(node.name.value) ? '*' : undefined;
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
