import type { Contract, Role } from '@chancery/kernel/contract';
import { isJsonObject, type Json } from '@chancery/kernel/encoding';
import { refusal, type Refusal } from '@chancery/kernel/refusal';
import {
  contradiction,
  segmentsOf,
  subjectOf,
  type Grant,
  type Predicate,
} from '@chancery/kernel/writ';

type Operator = Predicate['op'];

/** How a condition with each operator is written. */
const forms: Readonly<Record<Operator, string>> = {
  under: 'under PATH',
  is: 'is TEXT',
  in: 'in TEXT,TEXT',
  'at-most': 'at-most NUMBER',
  'host-in': 'host in HOST,*.HOST',
  'hosts-in': 'hosts in HOST:PORT,*.HOST',
  'programs-in': 'programs in PROGRAM,PROGRAM',
  'manifest-in': 'manifest in DIGEST',
};

/**
 * Why a grant could never admit an action of its capability: a condition on an argument that the
 * contract has not, or that is of another type, or conditions that nothing satisfies. Refuses
 * `usage.invalid`, telling the conditions that there are.
 */
export function unfitGrant(contract: Contract, { where }: Grant): Refusal | undefined {
  const remedy = remedyFor(contract);
  const say = (message: string) =>
    refusal('usage.invalid', `--grant ${contract.name}: ${message}`, { remedy });
  for (const predicate of where) {
    const unfit = unfitCondition(contract, predicate);
    if (unfit !== undefined) return say(unfit);
  }
  const none = contradiction(where);
  if (none === undefined) return undefined;
  return say(`nothing satisfies all conditions on ${subjectOf(none)}`);
}

function unfitCondition(contract: Contract, predicate: Predicate): string | undefined {
  if (predicate.op === 'programs-in') {
    return hasRole(contract, 'command') ? undefined : 'it runs no programs';
  }
  if (predicate.op === 'hosts-in') {
    return hasRole(contract, 'destination') ? undefined : 'it reaches no hosts';
  }
  if (predicate.op === 'manifest-in') {
    const { manifest } = contract;
    if (manifest === undefined) return 'it is built in, and no manifest declares it';
    return predicate.values.includes(manifest)
      ? undefined
      : `the manifest that declares it is ${manifest}`;
  }
  const { arg, op } = predicate;
  const schema = argumentsOf(contract).get(arg);
  if (schema === undefined) return `it has no argument ${JSON.stringify(arg)}`;
  if (!operatorsOf(contract, arg, schema).includes(op)) {
    return `no value of the argument "${arg}" satisfies \`${forms[op]}\``;
  }
  if (op === 'at-most') {
    const { minimum } = schema as { readonly minimum?: Json };
    const isLess = typeof minimum === 'number' && predicate.value < minimum;
    return isLess ? `the argument "${arg}" is never less than ${minimum}` : undefined;
  }
  if (roleOf(contract, arg) === 'path' && (op === 'is' || op === 'in')) {
    const paths = op === 'is' ? [predicate.value] : predicate.values;
    const outside = paths.find((path) => segmentsOf(path) === undefined);
    if (outside !== undefined) return `${JSON.stringify(outside)} is no path in the workspace`;
  }
  const allowed = isJsonObject(schema) ? schema['enum'] : undefined;
  if (!Array.isArray(allowed) || (op !== 'is' && op !== 'in')) return undefined;
  const named = op === 'is' ? [predicate.value] : predicate.values;
  return named.some((value) => allowed.includes(value))
    ? undefined
    : `the argument "${arg}" is always one of ${allowed.join(', ')}`;
}

function argumentsOf({ input }: Contract): ReadonlyMap<string, Json> {
  const properties = input['properties'];
  return new Map(isJsonObject(properties) ? Object.entries(properties) : []);
}

function hasRole({ roles }: Contract, role: Role): boolean {
  return Object.values(roles).includes(role);
}

function roleOf({ roles }: Contract, arg: string): Role | undefined {
  return Object.hasOwn(roles, arg) ? roles[arg] : undefined;
}

const ofTexts = (role: Role | undefined): readonly Operator[] =>
  role === 'path' ? ['under', 'is', 'in'] : ['is', 'in', 'host-in'];

/** The operators that some value of an argument may satisfy, by its schema and its role. */
function operatorsOf(contract: Contract, arg: string, schema: Json): readonly Operator[] {
  const texts = ofTexts(roleOf(contract, arg));
  const { type, items } = isJsonObject(schema) ? schema : {};
  const element = type === 'array' && isJsonObject(items) ? items['type'] : type;
  if (element === 'string') return texts;
  if (typeof element !== 'string') return type === 'array' ? texts : [...texts, 'at-most'];
  // A number in a list satisfies nothing.
  return type === 'integer' || type === 'number' ? ['at-most'] : [];
}

function remedyFor(contract: Contract): string {
  const named = [...argumentsOf(contract)].flatMap(([arg, schema]) =>
    operatorsOf(contract, arg, schema).map((op) => `${arg} ${forms[op]}`),
  );
  const all = [
    ...named,
    ...(hasRole(contract, 'destination') ? [forms['hosts-in']] : []),
    ...(hasRole(contract, 'command') ? [forms['programs-in']] : []),
    ...(contract.manifest === undefined ? [] : [forms['manifest-in']]),
  ];
  return all.length === 0
    ? `No condition can be put on ${contract.name}: grant it by its name alone.`
    : `Conditions of ${contract.name}: ${all.join('; ')}.`;
}
