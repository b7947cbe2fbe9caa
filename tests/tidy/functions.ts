import ts from 'typescript';

export interface FunctionSize {
  readonly name: string;
  readonly line: number;
  readonly lines: number;
}

/** The functions of a source, but for the callbacks of `describe`, which are lists of cases. */
export function functionsIn(file: string, text: string): readonly FunctionSize[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const found: FunctionSize[] = [];
  const visit = (node: ts.Node): void => {
    if (isFunction(node) && !isListOfCases(node)) found.push(sizeOf(node, source));
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

function isFunction(node: ts.Node): node is ts.FunctionLikeDeclaration {
  return (
    (ts.isFunctionDeclaration(node) ||
      ts.isFunctionExpression(node) ||
      ts.isArrowFunction(node) ||
      ts.isMethodDeclaration(node) ||
      ts.isConstructorDeclaration(node) ||
      ts.isAccessor(node)) &&
    node.body !== undefined
  );
}

function isListOfCases(node: ts.Node): boolean {
  return ts.isCallExpression(node.parent) && /^describe\b/.test(node.parent.expression.getText());
}

function sizeOf(node: ts.FunctionLikeDeclaration, source: ts.SourceFile): FunctionSize {
  const line = source.getLineAndCharacterOfPosition(node.getStart(source)).line;
  const lastLine = source.getLineAndCharacterOfPosition(node.end).line;
  return { name: nameOf(node), line: line + 1, lines: lastLine - line + 1 };
}

function nameOf(node: ts.FunctionLikeDeclaration): string {
  if (node.name !== undefined) return node.name.getText();
  if (ts.isVariableDeclaration(node.parent)) return node.parent.name.getText();
  return 'a function';
}
