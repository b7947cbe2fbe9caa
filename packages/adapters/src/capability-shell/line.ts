import { forEachChild, parse, type Command, type SyntaxNode, type Word as WordNode } from 'unbash';
import { readWords, unknown, type Findings, type Word } from './invocation.ts';

/** Longest chain of shells in shells that is read. */
const maxDepth = 8;

/** Names of all programs that these words run, sorted; `unknown` among them when some cannot be told. */
export function programsOfWords(words: readonly string[]): readonly string[] {
  return collect((findings) => readWords(words, findings));
}

/**
 * Names of all programs that a line for /bin/sh runs, sorted: in every part of lists, pipelines,
 * substitutions, bodies and here-documents. What cannot be read, or what other shells read
 * differently, adds `unknown`.
 */
export function programsOfLine(line: string): readonly string[] {
  return collect((findings) => findings.readLine(line));
}

function collect(read: (findings: Findings) => void): readonly string[] {
  const programs = new Set<string>();
  const findingsAt = (depth: number, input: Word): Findings => ({
    add: (program) => programs.add(program),
    readLine: (line) => {
      if (depth === maxDepth) programs.add(unknown);
      else walk(line, (heard) => findingsAt(depth + 1, heard));
    },
    input,
  });
  read(findingsAt(0, undefined));
  return [...programs].sort();
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
  'BraceExpansion',
  'Coproc',
  'ExtendedGlob',
  'HereString',
  'LocaleString',
  'ProcessSubstitution',
  'Select',
  'TestCommand',
  'Transform',
  'Unknown',
]);

function walk(line: string, findingsWith: (input: Word) => Findings): void {
  const findings = findingsWith(undefined);
  // A carriage return is a blank to the parser and a part of a name to a shell.
  if (line.includes('\r')) findings.add(unknown);
  const visit = (node: SyntaxNode): void => {
    if (unportable.has(node.type)) findings.add(unknown);
    if (node.type === 'Script' && (node.errors?.length ?? 0) > 0) findings.add(unknown);
    if (node.type === 'Function' && /\bfunction\b/.test(line)) findings.add(unknown);
    if (node.type === 'Command') readCommand(node, findingsWith(inputOf(node)));
    forEachChild(node, visit);
  };
  visit(parse(line));
}

/** Without a name there are assignments and redirections only. */
function readCommand(command: Command, findings: Findings): void {
  if (command.name === undefined) return;
  const words = command.args.map((arg) =>
    arg.type === 'Word' ? wordOf(arg) : `${arg.name}=${assignedTo(arg.value)}`,
  );
  readWords([wordOf(command.name), ...words], findings);
}

const assignedTo = (value: SyntaxNode): string =>
  value.type === 'Word' ? (wordOf(value) ?? '') : '';

/** The last redirection of the input decides. */
function inputOf(command: Command): Word {
  const last = command.redirects.findLast(
    (redirect) => redirect.type !== 'Redirect' || redirect.operator.startsWith('<'),
  );
  if (last?.type !== 'HereDoc' || last.body.parts !== undefined) return undefined;
  const isVerbatim = last.delimiter?.quoted === true || !last.body.text.includes('\\');
  return isVerbatim ? last.body.text : undefined;
}

/** The text of a word that no expansion takes part in. Of `NAME=$x` the name is told. */
function wordOf(word: WordNode): Word {
  const parts = word.parts ?? [];
  const isLiteral = parts.every(
    (part) =>
      part.type === 'Literal' ||
      part.type === 'SingleQuoted' ||
      (part.type === 'DoubleQuoted' && part.parts.every((inner) => inner.type === 'Literal')),
  );
  if (isLiteral) return word.value;
  const [first] = parts;
  return first?.type === 'Literal' && /^\w+=/.test(first.value) ? first.value : undefined;
}
