import path from 'node:path';
import ts from 'typescript';
import { root, sources } from '../tidy/tree.ts';

const declaring = 'packages/runtime/src/broker/capability.ts';

const shipped = sources.filter(
  (file) =>
    /^(packages|apps)\/.*\/src\/.*\.ts$/.test(file) &&
    !/\.test\.ts$|-fixture\.ts$|^packages\/testkit\/|^apps\/verifier\/src\/page\//.test(file),
);

/** A source that is read with those that are shipped, as if it stood at this path. */
export interface Planted {
  readonly file: string;
  readonly text: string;
}

/**
 * Every place of what is shipped, and of what is planted, that reaches one of these members of a
 * capability: as `file:line`, from 1. It goes by types and not by spelling: a dot, a bracket or a
 * pattern, of a capability, of what is made of one, or of whatever a capability could be passed for.
 */
export function reaching<Name extends 'execute' | 'reconcile'>(
  names: readonly Name[],
  planted: Planted,
): Readonly<Record<Name, readonly string[]>> {
  const program = programWith(planted);
  const checker = program.getTypeChecker();
  const nodes = [...shipped, planted.file].flatMap((file) => {
    const source = sourceOf(program, file);
    return nodesOf(source).map((node) => ({ file, source, node }));
  });
  const placesOf = (name: Name): readonly string[] => {
    const member = memberOf(program, name);
    return nodes
      .filter(({ node }) => takenFrom(node, checker, name).some((of) => hasIt(of, checker, member)))
      .map(({ file, source, node }) => {
        const { line } = source.getLineAndCharacterOfPosition(node.getStart(source));
        return `${file}:${line + 1}`;
      });
  };
  return Object.fromEntries(names.map((name) => [name, placesOf(name)])) as Record<
    Name,
    readonly string[]
  >;
}

/** Whether a type has this member of a capability, or one that could stand for it. */
function hasIt(type: ts.Type, checker: ts.TypeChecker, { symbol, form }: Member): boolean {
  const found = checker.getPropertyOfType(type, symbol.name);
  if (found === undefined) return false;
  if (found.declarations?.some((each) => symbol.declarations?.includes(each))) return true;
  const has = checker.getNonNullableType(checker.getTypeOfSymbol(found));
  return checker.isTypeAssignableTo(has, form) || checker.isTypeAssignableTo(form, has);
}

/** The member as `Capability` declares it, and what it is. */
interface Member {
  readonly symbol: ts.Symbol;
  readonly form: ts.Type;
}

function memberOf(program: ts.Program, member: string): Member {
  const checker = program.getTypeChecker();
  const declared = sourceOf(program, declaring).statements.find(
    (each) => ts.isInterfaceDeclaration(each) && each.name.text === 'Capability',
  );
  const symbol = declared && checker.getPropertyOfType(checker.getTypeAtLocation(declared), member);
  if (symbol === undefined) throw new Error(`${declaring} declares no ${member}`);
  return { symbol, form: checker.getNonNullableType(checker.getTypeOfSymbol(symbol)) };
}

/** The types of which a node takes a member that has this name, or may have it. */
function takenFrom(node: ts.Node, checker: ts.TypeChecker, member: string): readonly ts.Type[] {
  const partsOf = (of: ts.Node): readonly ts.Type[] => {
    const type = checker.getApparentType(checker.getNonNullableType(checker.getTypeAtLocation(of)));
    return type.isUnion() ? type.types : [type];
  };
  if (ts.isPropertyAccessExpression(node)) {
    return node.name.text === member ? partsOf(node.expression) : [];
  }
  if (ts.isElementAccessExpression(node)) {
    const key = checker.getTypeAtLocation(node.argumentExpression);
    const isIt = checker.isTypeAssignableTo(checker.getStringLiteralType(member), key);
    return isIt ? partsOf(node.expression) : [];
  }
  if (ts.isBindingElement(node) && ts.isObjectBindingPattern(node.parent)) {
    const named = node.propertyName ?? node.name;
    return named.getText() === member ? partsOf(node.parent) : [];
  }
  return [];
}

function nodesOf(source: ts.SourceFile): readonly ts.Node[] {
  const found: ts.Node[] = [];
  const visit = (node: ts.Node): void => {
    found.push(node);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

function sourceOf(program: ts.Program, file: string): ts.SourceFile {
  const source = program.getSourceFile(path.join(root, file));
  if (source === undefined) throw new Error(`${file} is not in the program`);
  return source;
}

/** A program of our own sources alone: what others declare is no capability, and takes long to read. */
function programWith({ file, text }: Planted): ts.Program {
  const config = ts.getParsedCommandLineOfConfigFile(
    path.join(root, 'tsconfig.json'),
    { incremental: false },
    { ...ts.sys, onUnRecoverableConfigFileDiagnostic: () => undefined },
  );
  if (config === undefined) throw new Error('the configuration of TypeScript cannot be read');
  const options = { ...config.options, types: [] };
  const host = ts.createCompilerHost(options, true);
  const place = path.join(root, file);
  const getSourceFile = host.getSourceFile.bind(host);
  host.getSourceFile = (name, language) =>
    name === place
      ? ts.createSourceFile(name, text, language, true)
      : getSourceFile(name, language);
  host.resolveModuleNameLiterals = (literals, from) =>
    literals.map(({ text: name }) =>
      /^(\.|#|@chancery\/)/.test(name)
        ? ts.resolveModuleName(
            name,
            from,
            options,
            host,
            undefined,
            undefined,
            ts.ModuleKind.ESNext,
          )
        : { resolvedModule: undefined },
    );
  const names = [...shipped.map((each) => path.join(root, each)), place];
  return ts.createProgram(names, options, host);
}
