/** The members of JSON Schema that a form is told by; everything else is left to the schema itself. */
interface Told {
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly unknown[];
  readonly type?: string | readonly string[];
  readonly pattern?: string;
  readonly items?: unknown;
  readonly properties?: Readonly<Record<string, unknown>>;
  readonly required?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
}

const digestPattern = '^[0-9a-f]{64}$';

/** What a schema admits, in a few words. */
export function formOf(schema: unknown): string {
  const told = schema as Told;
  if (told.const !== undefined) return code(told.const);
  if (told.enum !== undefined) return told.enum.map(code).join(' ');
  if (told.anyOf !== undefined) return told.anyOf.map(formOf).join(' or ');
  const { type } = told;
  if (typeof type === 'object')
    return type.map((each) => formOf({ ...told, type: each })).join(' or ');
  switch (type) {
    case 'string':
      return told.pattern === digestPattern ? 'digest' : 'text';
    case 'integer':
      return rangeOf(told);
    case 'boolean':
      return 'true or false';
    case 'null':
      return 'null';
    case 'array':
      return `list of: ${formOf(told.items)}`;
    case 'object':
      return objectOf(told);
    case undefined:
    default:
      return 'any value';
  }
}

function rangeOf({ minimum, maximum = Infinity }: Told): string {
  if (maximum < Number.MAX_SAFE_INTEGER) return `integer from ${minimum ?? ''} to ${maximum}`;
  return minimum === 0 ? 'count' : 'integer';
}

function objectOf({ properties, required = [] }: Told): string {
  if (properties === undefined) return 'object';
  const members = Object.entries(properties).map(([name, member]) => {
    const fixed = (member as Told).const;
    const value = fixed === undefined ? '' : `: ${JSON.stringify(fixed)}`;
    return `${name}${required.includes(name) ? '' : '?'}${value}`;
  });
  return `\`{${members.join(', ')}}\``;
}

function code(value: unknown): string {
  return `\`${typeof value === 'string' ? value : JSON.stringify(value)}\``;
}
