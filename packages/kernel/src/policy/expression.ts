import { isJsonObject, type Json, type JsonObject } from '../encoding/index.ts';
import { attribute, getTag, hasAttribute, hasTag, isIn, isOfType } from './access.ts';
import { constantOf, membersOf, textOf } from './constant.ts';
import { extensionFunction, type ExtensionFunction } from './extension.ts';
import { and, conditional, equal, less, not, or } from './logic.ts';
import { arithmetic, negate } from './long.ts';
import {
  containsAll,
  containsAny,
  containsElement,
  isEmpty,
  recordOf,
  setOf,
} from './membership.ts';
import { constantNode, Malformed, node, type Node } from './node.ts';
import { like } from './pattern.ts';
import { Failure } from './value.ts';

/** Compiles the operands of one kind of expression. */
type Operator = (operands: Json) => Node;

function unary(build: (operand: Node) => Node): Operator {
  return (operands) => build(compileExpression(membersOf(operands, ['arg'])['arg']));
}

function binary(build: (left: Node, right: Node) => Node): Operator {
  return (operands) => {
    const { left, right } = membersOf(operands, ['left', 'right']);
    return build(compileExpression(left), compileExpression(right));
  };
}

function calculation(operator: '+' | '-' | '*'): Operator {
  const rule = arithmetic(operator);
  return binary(({ run: left }, { run: right }) =>
    node((frame) => rule(left(frame), right(frame))),
  );
}

const variables: Readonly<Record<string, Node>> = {
  principal: node((frame) => frame.principal),
  action: node((frame) => frame.action),
  resource: node((frame) => frame.resource),
  context: { run: (frame) => frame.context, constant: undefined, isContext: true },
};

function compileVariable(name: Json): Node {
  const found = typeof name === 'string' && Object.hasOwn(variables, name) && variables[name];
  if (!found) throw new Malformed('a variable is none of principal, action, resource, context');
  return found;
}

/** `left has a.b.c` is `left has a && left.a has b && left.a.b has c`. */
function compileHas(operands: Json): Node {
  const { left, attr } = membersOf(operands, ['left', 'attr']);
  const path = Array.isArray(attr) ? (attr as readonly Json[]).map(textOf) : [textOf(attr)];
  const [first, ...rest] = path;
  if (first === undefined) throw new Malformed('`has` names no attribute');
  let [owner, name] = [compileExpression(left), first];
  let result = hasAttribute(owner, name);
  for (const next of rest) {
    owner = attribute(owner, name);
    name = next;
    result = and(result, hasAttribute(owner, name));
  }
  return result;
}

function compileIs(operands: Json): Node {
  const {
    left,
    entity_type: type,
    in: target,
  } = membersOf(operands, ['left', 'entity_type'], ['in']);
  const subject = compileExpression(left);
  const ofType = isOfType(subject, textOf(type));
  return target === undefined ? ofType : and(ofType, isIn(subject, compileExpression(target)));
}

function compileSet(elements: Json): Node {
  if (!Array.isArray(elements)) throw new Malformed('the elements of a set are not a list');
  const nodes = (elements as readonly Json[]).map(compileExpression);
  const constants = nodes.flatMap(({ constant }) => (constant === undefined ? [] : [constant]));
  return constants.length === nodes.length ? constantNode(constants) : setOf(nodes);
}

function compileRecord(members: Json): Node {
  if (!isJsonObject(members)) throw new Malformed('the members of a record are not an object');
  return recordOf(Object.entries(members).map(([name, value]) => [name, compileExpression(value)]));
}

const operators: Readonly<Record<string, Operator>> = {
  Value: (value) => constantOf(value),
  Var: compileVariable,
  Slot: () => {
    throw new Malformed('a slot stands outside the scope of a policy');
  },
  '!': unary(not),
  neg: unary(({ run }) => node((frame) => negate(run(frame)))),
  isEmpty: unary(isEmpty),
  '==': binary(equal),
  '!=': binary((left, right) => not(equal(left, right))),
  '<': binary((left, right) => less(left, right, true)),
  '<=': binary((left, right) => less(left, right, false)),
  '>': binary((left, right) => less(right, left, true)),
  '>=': binary((left, right) => less(right, left, false)),
  '&&': binary(and),
  '||': binary(or),
  '+': calculation('+'),
  '-': calculation('-'),
  '*': calculation('*'),
  in: binary(isIn),
  contains: binary(containsElement),
  containsAll: binary(containsAll),
  containsAny: binary(containsAny),
  hasTag: binary(hasTag),
  getTag: binary(getTag),
  has: compileHas,
  is: compileIs,
  Set: compileSet,
  Record: compileRecord,
  '.': (operands) => {
    const { left, attr } = membersOf(operands, ['left', 'attr']);
    return attribute(compileExpression(left), textOf(attr));
  },
  like: (operands) => {
    const { left, pattern } = membersOf(operands, ['left', 'pattern']);
    return like(compileExpression(left), pattern ?? null);
  },
  'if-then-else': (operands) => {
    const parts = membersOf(operands, ['if', 'then', 'else']);
    const [guard, yes, no] = [parts['if'], parts['then'], parts['else']].map(compileExpression);
    if (guard === undefined || yes === undefined || no === undefined) {
      throw new Malformed('a condition lacks a branch');
    }
    return conditional(guard, yes, no);
  },
};

/**
 * Compiles an expression of Cedar's JSON policy format (the `Expr` of its reference).
 * @throws {Malformed} for anything else.
 */
export function compileExpression(expression: Json | undefined): Node {
  if (!isJsonObject(expression ?? null)) throw new Malformed('an expression is not an object');
  const [[name, operands] = ['', null], ...more] = Object.entries(expression as JsonObject);
  if (more.length > 0) throw new Malformed('an expression has more than one operator');
  if (Object.hasOwn(operators, name)) {
    const compile = operators[name];
    if (compile !== undefined) return compile(operands);
  }
  const known = extensionFunction(name);
  if (known === undefined) throw new Malformed(`an expression has the unknown operator ${name}`);
  return compileCall(name, known, operands);
}

const absent = new Failure('an argument is missing');

function compileCall(name: string, known: ExtensionFunction, operands: Json): Node {
  if (!Array.isArray(operands) || operands.length !== known.arity) {
    throw new Malformed(`the function ${name} takes ${known.arity} arguments`);
  }
  const [first, second] = (operands as readonly Json[]).map(compileExpression);
  if (first === undefined) throw new Malformed(`the function ${name} lacks an argument`);
  if (second === undefined && first.constant !== undefined) {
    // A literal such as ip("10.0.0.0/8") is read once.
    const value = known.call(first.constant, absent);
    return value instanceof Failure ? node(() => value) : constantNode(value);
  }
  const [run, other] = [first.run, second?.run ?? ((): Failure => absent)];
  return node((frame) => known.call(run(frame), other(frame)));
}
