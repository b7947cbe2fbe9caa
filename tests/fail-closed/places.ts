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
  if (ts.isBinaryExpression(node)) return replacementAt(node);
  if (ts.isConditionalExpression(node)) return absenceAt(node);
  if (ts.isParameter(node) || ts.isBindingElement(node)) return initialAt(node);
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

const { SyntaxKind } = ts;

/** What stands on the right of them takes the place of what is missing on the left. */
const replacing = [SyntaxKind.QuestionQuestionToken, SyntaxKind.QuestionQuestionEqualsToken];
/** Also that of what is there and does not hold, so that only a value that is written there is a default. */
const alternating = [SyntaxKind.BarBarToken, SyntaxKind.BarBarEqualsToken];

function replacementAt({ operatorToken, right }: ts.BinaryExpression): Found | undefined {
  const { kind } = operatorToken;
  const isDefault =
    (replacing.includes(kind) && isAtHand(right)) ||
    (alternating.includes(kind) && isConstant(right));
  return isDefault ? defaultOf(right) : undefined;
}

/** `x === undefined ? 1 : …` and the like; what is left out of a list or of members is no default. */
function absenceAt(node: ts.ConditionalExpression): Found | undefined {
  const { condition, parent } = node;
  if (!ts.isBinaryExpression(condition)) return undefined;
  const { left, right, operatorToken } = condition;
  const isAbsence = [left, right].some((side) => /^(?:undefined|null)$/.test(side.getText()));
  const around = ts.isParenthesizedExpression(parent) ? parent.parent : parent;
  if (!isAbsence || ts.isSpreadAssignment(around) || ts.isSpreadElement(around)) return undefined;
  const { kind } = operatorToken;
  const absent =
    kind === SyntaxKind.EqualsEqualsEqualsToken
      ? node.whenTrue
      : kind === SyntaxKind.ExclamationEqualsEqualsToken
        ? node.whenFalse
        : undefined;
  return absent !== undefined && isConstant(absent) ? defaultOf(absent) : undefined;
}

/** What a parameter or a name is where nothing is given for it. */
function initialAt({
  initializer,
}: ts.ParameterDeclaration | ts.BindingElement): Found | undefined {
  return initializer === undefined ? undefined : defaultOf(initializer);
}

function defaultOf(value: ts.Expression): Found {
  const what = value.getText().replaceAll(/\s+/g, ' ');
  return {
    sort: 'default',
    what: what.length > 30 ? `${what.slice(0, 30)}…` : what,
    at: value,
  };
}

/** A constant, or what has a name or is made there; not what is first asked for. */
function isAtHand(node: ts.Expression): boolean {
  return (
    isConstant(node) ||
    (ts.isIdentifier(node) && node.text !== 'undefined') ||
    ts.isPropertyAccessExpression(node) ||
    ts.isNewExpression(node) ||
    ts.isTemplateExpression(node)
  );
}

function isConstant(node: ts.Expression): boolean {
  return (
    ts.isLiteralExpression(node) ||
    ts.isArrayLiteralExpression(node) ||
    ts.isObjectLiteralExpression(node) ||
    (ts.isPrefixUnaryExpression(node) && ts.isLiteralExpression(node.operand)) ||
    [SyntaxKind.NullKeyword, SyntaxKind.TrueKeyword, SyntaxKind.FalseKeyword].includes(node.kind)
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
