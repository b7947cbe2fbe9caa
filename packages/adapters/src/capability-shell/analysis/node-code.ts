import { posix } from 'node:path';
import {
  parse,
  type AnyNode,
  type CallExpression,
  type Comment,
  type MemberExpression,
} from 'acorn';
import { constructors, globals, keys, members, modules, ownNames, rooms } from './node-names.ts';

/** Folders, relative to the workspace, in which code may run; undefined where it may be any. */
type Folders = readonly string[] | undefined;

interface Code {
  readonly folders: Folders;
  /** The names that the code gives, each with the module that it is, or an empty text. */
  readonly given: ReadonlyMap<string, string>;
}

/**
 * Whether code for Node is made of nothing but what is listed here and in `node-names.ts`: values, loops,
 * functions of these, listed members, files of the project and what they give. What can be called is one of
 * the listed functions, of the code's own, or of the project's. What is not listed is not understood.
 */
export function isHarmlessNode(code: string, folders: Folders): boolean {
  const program = code.length > 4096 ? undefined : parsed(code);
  if (program === undefined) return false;
  const given = namesIn(program);
  return given !== undefined && isKnown(program, { folders, given });
}

/** Without comments: by their two forms, a script and a module are read differently. */
function parsed(code: string): AnyNode | undefined {
  const onComment: Comment[] = [];
  try {
    const program = parse(code, { ecmaVersion: 'latest', sourceType: 'script', onComment });
    return onComment.length > 0 ? undefined : program;
  } catch (error) {
    // It is no script, or the parser has no room for its depth.
    if (error instanceof SyntaxError || error instanceof RangeError) return undefined;
    throw error;
  }
}

function childrenOf(node: AnyNode): readonly AnyNode[] {
  return Object.values(node)
    .flat()
    .filter((value: unknown): value is AnyNode => {
      return typeof value === 'object' && value !== null && 'type' in value;
    });
}

const isOwnName = (name: string): boolean => /^[a-zA-Z_$]$/.test(name) || ownNames.has(name);

/** Levels of code in code that are read. */
const deepest = 128;

/** Undefined where a name is given that is none of its own, or twice for different things; or where it is too deep. */
function namesIn(program: AnyNode): ReadonlyMap<string, string> | undefined {
  const given = new Map<string, string>();
  const nodes = [{ node: program, depth: 0 }];
  for (const { node, depth } of nodes) {
    if (depth > deepest) return undefined;
    nodes.push(...childrenOf(node).map((child) => ({ node: child, depth: depth + 1 })));
    for (const [name, room] of givenBy(node)) {
      if (!isOwnName(name) && name !== room) return undefined;
      if ((given.get(name) ?? room) !== room) return undefined;
      given.set(name, room);
    }
  }
  return given;
}

/** What is given by a pattern is refused where it stands. */
function givenBy(node: AnyNode): readonly (readonly [string, string])[] {
  if (node.type === 'VariableDeclarator' && node.id.type === 'Identifier') {
    return [[node.id.name, moduleAsked(node.init) ?? '']];
  }
  const named =
    node.type === 'ArrowFunctionExpression'
      ? node.params
      : node.type === 'CatchClause'
        ? [node.param]
        : [];
  return named.flatMap((each) => (each?.type === 'Identifier' ? [[each.name, ''] as const] : []));
}

/** The text in `require('…')`. */
function asked(node: AnyNode | null | undefined): string | undefined {
  if (node?.type !== 'CallExpression' || node.callee.type !== 'Identifier') return undefined;
  const [named, ...others] = node.arguments;
  if (node.callee.name !== 'require' || others.length > 0) return undefined;
  return named?.type === 'Literal' && typeof named.value === 'string' ? named.value : undefined;
}

/** The module of `require('…')`; undefined where that is none of those listed. */
function moduleAsked(node: AnyNode | null | undefined): string | undefined {
  const name = asked(node)?.replace(/^node:/, '');
  return name !== undefined && modules.has(name) ? name : undefined;
}

/** The module or global that stands there. */
function roomAt(node: AnyNode, { given }: Code): string | undefined {
  if (node.type !== 'Identifier') return moduleAsked(node);
  const room = given.get(node.name) ?? node.name;
  return Object.hasOwn(rooms, room) ? room : undefined;
}

type Check<T extends AnyNode['type']> = (
  node: Extract<AnyNode, { type: T }>,
  code: Code,
) => boolean;

const parts = (node: AnyNode, code: Code): boolean =>
  childrenOf(node).every((child) => isKnown(child, code));

/** The forms that are listed, and what must hold of each. */
const checks: { readonly [T in AnyNode['type']]?: Check<T> } = {
  Program: parts,
  ExpressionStatement: parts,
  EmptyStatement: parts,
  BlockStatement: parts,
  IfStatement: parts,
  ForStatement: parts,
  ForOfStatement: isKnownLoop,
  ForInStatement: isKnownLoop,
  WhileStatement: parts,
  DoWhileStatement: parts,
  BreakStatement: parts,
  ContinueStatement: parts,
  ReturnStatement: parts,
  ThrowStatement: parts,
  TryStatement: parts,
  CatchClause: parts,
  VariableDeclaration: (node, code) => /^(?:const|let|var)$/.test(node.kind) && parts(node, code),
  VariableDeclarator: ({ id, init }, code) =>
    id.type === 'Identifier' &&
    (init === null || init === undefined || moduleAsked(init) !== undefined || isKnown(init, code)),
  ArrowFunctionExpression: parts,
  AwaitExpression: parts,
  ConditionalExpression: parts,
  LogicalExpression: parts,
  BinaryExpression: parts,
  SequenceExpression: parts,
  ChainExpression: parts,
  UnaryExpression: (node, code) => node.operator !== 'delete' && parts(node, code),
  UpdateExpression: ({ argument }, code) => isTarget(argument, code),
  AssignmentExpression: ({ left, right }, code) => isTarget(left, code) && isKnown(right, code),
  ArrayExpression: parts,
  SpreadElement: parts,
  ObjectExpression: parts,
  Property: ({ computed, key, kind, method, value }, code) =>
    !computed && kind === 'init' && !method && isKey(key) && isKnown(value, code),
  Literal: () => true,
  TemplateLiteral: parts,
  TemplateElement: () => true,
  Identifier: ({ name }, { given }) =>
    given.get(name) === '' || globals.has(name) || constructors.has(name),
  MemberExpression: isKnownMember,
  CallExpression: isKnownCall,
  NewExpression: ({ callee, arguments: words }, code) =>
    callee.type === 'Identifier' &&
    constructors.has(callee.name) &&
    words.every((word) => isKnown(word, code)),
};

function isKnown(node: AnyNode, code: Code): boolean {
  const check = checks[node.type] as ((node: AnyNode, code: Code) => boolean) | undefined;
  return check?.(node, code) === true;
}

function isKnownLoop(
  { left, right, body }: Extract<AnyNode, { type: 'ForOfStatement' | 'ForInStatement' }>,
  code: Code,
): boolean {
  const isLeft = left.type === 'VariableDeclaration' ? isKnown(left, code) : isTarget(left, code);
  return isLeft && isKnown(right, code) && isKnown(body, code);
}

/** A name of its own, or a member of what one holds. */
function isTarget(node: AnyNode, code: Code): boolean {
  if (node.type === 'Identifier') return code.given.get(node.name) === '';
  if (node.type !== 'MemberExpression' || !isKnownMember(node, code)) return false;
  return (
    isTarget(node.object, code) || (isProcess(node.object, code) && nameOf(node) === 'exitCode')
  );
}

const isProcess = (node: AnyNode, code: Code): boolean => roomAt(node, code) === 'process';

/** `__proto__` is no key like others. */
function isKey(key: AnyNode): boolean {
  const name =
    key.type === 'Identifier' ? key.name : key.type === 'Literal' ? key.value : undefined;
  return (
    typeof name === 'number' || (typeof name === 'string' && (members.has(name) || keys.has(name)))
  );
}

/** The name of a member, as far as it is written. */
function nameOf({ computed, property }: MemberExpression): string | undefined {
  if (!computed) return property.type === 'Identifier' ? property.name : undefined;
  return property.type === 'Literal' && typeof property.value === 'string'
    ? property.value
    : undefined;
}

const isIndex = ({ computed, property }: MemberExpression): boolean =>
  computed && property.type === 'Literal' && typeof property.value === 'number';

const variable = /^(?:[A-Z][A-Z0-9_]*|npm_\w+)$/;

/** Of a module or global what is listed with it; of its environment variables; of anything else a member. */
function isKnownMember(node: MemberExpression, code: Code): boolean {
  const { object } = node;
  const name = nameOf(node);
  if (name === undefined) return isIndex(node) && isKnown(object, code);
  const room = roomAt(object, code);
  if (room !== undefined) return rooms[room]?.has(name) === true;
  const isOfProcess = object.type === 'MemberExpression' && isProcess(object.object, code);
  if (isOfProcess && nameOf(object) === 'env') return variable.test(name);
  if (isOfProcess && nameOf(object) === 'stdout') return name === 'write';
  return members.has(name) && isKnown(object, code);
}

function isKnownCall(node: CallExpression, code: Code): boolean {
  const file = asked(node);
  if (file !== undefined) return isOwnFile(file, code.folders);
  return isKnown(node.callee, code) && node.arguments.every((word) => isKnown(word, code));
}

/** A file of the workspace that no package brought. */
function isOwnFile(file: string, folders: Folders): boolean {
  if (!/^\.{1,2}\/[\w@./-]*$/.test(file)) return false;
  const places = folders?.map((folder) => posix.join(folder, file));
  return (
    places?.every(
      (place) => !/^(?:[/~]|\.\.(?:\/|$))|(?:^|\/)node_modules(?:\/|$)/i.test(place),
    ) === true
  );
}
