import ts from 'typescript';
import { refusalCodes } from '@chancery/kernel/refusal';

/**
 * Where a program leaves its ordinary way:
 * - `refusal`: it makes a refusal of this code;
 * - `fault`: it throws;
 * - `catch`: it takes what another threw;
 * - `default`: it puts a value of its own in the place of one that is missing.
 */
export type PlaceSort = 'refusal' | 'fault' | 'catch' | 'default';

export interface Place {
  /** Names the place among those of its file and survives edits elsewhere: `within: sort what #n`. */
  readonly name: string;
  readonly sort: PlaceSort;
  /** Where its text begins and ends, in UTF-16 units. */
  readonly start: number;
  readonly end: number;
}

/** All such places of a source, in its order. */
export function placesOf(source: string): readonly Place[] {
  const tree = ts.createSourceFile('x.ts', source, ts.ScriptTarget.Latest, true);
  const seen = new Map<string, number>();
  const places: Place[] = [];
  const visit = (node: ts.Node): void => {
    const found = placeOf(node);
    if (found !== undefined) {
      const label = `${ownerOf(node)}: ${found.sort} ${found.what}`.trimEnd();
      const count = (seen.get(label) ?? 0) + 1;
      seen.set(label, count);
      const name = count === 1 ? label : `${label} #${count}`;
      places.push({ name, sort: found.sort, start: found.at.getStart(), end: found.at.getEnd() });
    }
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return places;
}

interface Found {
  readonly sort: PlaceSort;
  readonly what: string;
  readonly at: ts.Node;
}

function placeOf(node: ts.Node): Found | undefined {
  if (ts.isStringLiteral(node)) return refusalAt(node);
  if (ts.isThrowStatement(node)) return { sort: 'fault', what: thrownBy(node), at: node };
  if (ts.isCatchClause(node)) return { sort: 'catch', what: '', at: node.block };
  if (ts.isCallExpression(node)) return rejectionAt(node);
  if (ts.isDefaultClause(node)) return { sort: 'default', what: 'of the switch', at: node };
  if (ts.isBinaryExpression(node)) return defaultAt(node);
  return undefined;
}

/** A code that is a value here: not a type, a name of a member, or one side of a comparison. */
function refusalAt(node: ts.StringLiteral): Found | undefined {
  if (!Object.hasOwn(refusalCodes, node.text)) return undefined;
  const { parent } = node;
  const named = ts.isPropertyAssignment(parent) && parent.name === node;
  const compared =
    ts.isBinaryExpression(parent) &&
    parent.operatorToken.kind !== ts.SyntaxKind.QuestionQuestionToken;
  const listed = ts.isArrayLiteralExpression(parent) || ts.isCaseClause(parent);
  if (named || compared || listed || ts.isLiteralTypeNode(parent)) return undefined;
  return { sort: 'refusal', what: node.text, at: node };
}

function thrownBy(node: ts.ThrowStatement): string {
  const thrown = node.expression;
  return ts.isNewExpression(thrown) ? thrown.expression.getText() : '(as it came)';
}

function rejectionAt(node: ts.CallExpression): Found | undefined {
  if (!ts.isPropertyAccessExpression(node.expression)) return undefined;
  const method = node.expression.name.text;
  const handler = method === 'catch' ? node.arguments[0] : node.arguments[1];
  const takes = method === 'catch' || (method === 'then' && node.arguments.length === 2);
  return takes && handler !== undefined ? { sort: 'catch', what: '', at: handler } : undefined;
}

const replacing = [ts.SyntaxKind.QuestionQuestionToken, ts.SyntaxKind.BarBarToken];

function defaultAt(node: ts.BinaryExpression): Found | undefined {
  const { right } = node;
  if (!replacing.includes(node.operatorToken.kind) || !isConstant(right)) return undefined;
  const what = right.getText();
  return { sort: 'default', what: what.length > 30 ? `${what.slice(0, 30)}…` : what, at: right };
}

function isConstant(node: ts.Expression): boolean {
  return (
    ts.isLiteralExpression(node) ||
    ts.isArrayLiteralExpression(node) ||
    ts.isObjectLiteralExpression(node) ||
    (ts.isPrefixUnaryExpression(node) && ts.isLiteralExpression(node.operand)) ||
    [ts.SyntaxKind.NullKeyword, ts.SyntaxKind.TrueKeyword, ts.SyntaxKind.FalseKeyword].includes(
      node.kind,
    )
  );
}

/** The function or constant of the file, or the method of its class, that a node stands in. */
function ownerOf(node: ts.Node): string {
  for (let at = node.parent; !ts.isSourceFile(at); at = at.parent) {
    if (ts.isMethodDeclaration(at)) return at.name.getText();
    if (ts.isFunctionDeclaration(at) && at.name !== undefined) return at.name.getText();
    if (ts.isConstructorDeclaration(at)) return 'constructor';
    if (ts.isVariableDeclaration(at) && ts.isSourceFile(at.parent.parent.parent)) {
      return at.name.getText();
    }
  }
  return '(file)';
}
