import type { Schema } from '../../packages/kernel/src/ledger/index.ts';

/** How single members of an object are read, instead of by their schemas. */
export interface ObjectReading {
  /** Expressions that read a member, by its name. */
  readonly instead?: Readonly<Record<string, string>>;
  /** Member whose text is set aside. */
  readonly aside?: string | undefined;
  /** Further parameters of the function, with their types. */
  readonly parameters?: string;
}

type Members = Readonly<Record<string, Schema>>;

interface Surroundings {
  readonly index: number;
  readonly required: readonly string[];
  readonly reading: ObjectReading;
}

/**
 * Writes reading functions for schemas, one for each schema that differs. A function reads a value of
 * the schema in canonical form from the cursor `c`; it returns undefined for all else, and leaves the
 * cursor anywhere then. `d` is how deep the value may be.
 */
export class ReadWriter {
  private readonly names = new Map<string, string>();
  private readonly parts: string[] = [];

  /** Name of the function that reads `schema`, written now unless it is there. */
  read(schema: Schema, reading: ObjectReading = {}): string {
    const key = JSON.stringify([schema, reading], (name, value: unknown) =>
      name === 'description' && typeof value === 'string' ? undefined : value,
    );
    const known = this.names.get(key);
    if (known !== undefined) return known;
    const body = this.body(schema, reading);
    const name = `read${this.names.size}`;
    this.names.set(key, name);
    const { parameters = '' } = reading;
    this.parts.push(`function ${name}(c: Cursor, d: number${parameters}): unknown {\n${body}}\n`);
    return name;
  }

  text(): string {
    return this.parts.join('\n');
  }

  private body(schema: Schema, reading: ObjectReading): string {
    if ('title' in schema) return '  return c.any(d);\n';
    if ('const' in schema) return words([schema.const]);
    if ('enum' in schema) return words(schema.enum);
    if ('anyOf' in schema) return this.anyOf(schema.anyOf);
    switch (schema.type) {
      case 'string':
        return this.string(schema);
      case 'integer':
        return `  return c.integer(${schema.minimum}, ${schema.maximum});\n`;
      case 'boolean':
        return '  return c.boolean();\n';
      case 'null':
        return '  return c.takesNull() ? null : undefined;\n';
      case 'array':
        return this.array(schema.items, schema.maxItems);
      case 'object':
        return 'properties' in schema
          ? this.object(schema.properties, schema.required, reading)
          : this.map(schema.additionalProperties);
    }
  }

  private string(schema: Extract<Schema, { readonly type: 'string' }>): string {
    const { pattern, minLength, maxLength } = schema;
    const hex = /^\^([a-z0-9:]*)\[0-9a-f\]\{(\d*[02468])\}\$$/.exec(pattern ?? '');
    const free = minLength === undefined && maxLength === undefined;
    if (hex !== null && free) return digits(hex[1] ?? '', Number(hex[2]));
    const tests: string[] = [];
    // JSON Schema counts characters, not UTF-16 code units.
    if (minLength !== undefined) tests.push(`[...v].length >= ${minLength}`);
    if (maxLength !== undefined) tests.push(`[...v].length <= ${maxLength}`);
    if (pattern !== undefined) {
      const form = `form${this.parts.length}`;
      this.parts.push(`const ${form} = new RegExp(${js(pattern)}, 'u');\n`);
      tests.push(`${form}.test(v)`);
    }
    if (tests.length === 0) return '  return c.text();\n';
    return `  const v = c.text();
  return v !== undefined && ${tests.join(' && ')} ? v : undefined;
`;
  }

  private anyOf(branches: readonly Schema[]): string {
    const isNull = (branch: Schema): boolean => 'type' in branch && branch.type === 'null';
    const guard = branches.some(isNull) ? '  if (c.takesNull()) return null;\n' : '';
    const [last, ...others] = branches.filter((branch) => !isNull(branch)).reverse();
    if (last === undefined) throw new Error('an anyOf without a branch that is not null');
    if (others.length === 0) return `${guard}  return ${this.read(last)}(c, d);\n`;
    const tries = others.reverse().map(
      (branch) => `  if ((v = ${this.read(branch)}(c, d)) !== undefined) return v;
  c.at = at;
  c.shift = shift;
`,
    );
    return `${guard}  const { at, shift } = c;
  let v: unknown;
${tries.join('')}  return ${this.read(last)}(c, d);
`;
  }

  private array(items: Schema, maxItems: number | undefined): string {
    const most =
      maxItems === undefined ? '' : `    if (items.length === ${maxItems}) return undefined;\n`;
    return `  if (!c.takes(${code('[')})) return undefined;
  const items: unknown[] = [];
  if (c.takes(${code(']')})) return items;
  do {
${most}    const v = ${this.read(items)}(c, d - 1);
    if (v === undefined) return undefined;
    items.push(v);
  } while (c.takes(${code(',')}));
  return c.takes(${code(']')}) ? items : undefined;
`;
  }

  private map(values: Schema): string {
    return `  if (!c.takes(${code('{')})) return undefined;
  const members: Record<string, unknown> = {};
  if (c.takes(${code('}')})) return members;
  let last: string | undefined;
  do {
    const name = c.text();
    if (name === undefined || name === '__proto__' || (last !== undefined && name <= last)) return undefined;
    if (!c.takes(${code(':')})) return undefined;
    const v = ${this.read(values)}(c, d - 1);
    if (v === undefined) return undefined;
    members[name] = v;
    last = name;
  } while (c.takes(${code(',')}));
  return c.takes(${code('}')}) ? members : undefined;
`;
  }

  private object(properties: Members, required: readonly string[], reading: ObjectReading): string {
    const members = Object.keys(properties)
      .sort()
      .map((name, index) => this.member(properties, name, { index, required, reading }));
    if (members[0]?.always !== true) {
      throw new Error('of an object, the first member in the order of names has to be required');
    }
    const always = members.filter((member) => member.always);
    const rest = members
      .filter((member) => !member.always)
      .map(({ name, value }) => `  if (${value} !== undefined) members[${js(name)}] = ${value};\n`);
    const made = `{ ${always.map(({ name, value }) => `${name}: ${value}`).join(', ')} }`;
    const result =
      rest.length === 0
        ? `  return ${made};\n`
        : `  const members: Record<string, unknown> = ${made};\n${rest.join('')}  return members;\n`;
    return `  const { view } = c;
${members.map(({ text }) => text).join('')}  if (!c.takes(${code('}')})) return undefined;
${result}`;
  }

  private member(properties: Members, name: string, { index, required, reading }: Surroundings) {
    const schema = properties[name];
    if (schema === undefined) throw new Error(`there is no schema of ${name}`);
    const value = `v${index}`;
    const lead = `${index === 0 ? '{' : ','}${js(name)}:`;
    const read = reading.instead?.[name] ?? `${this.read(schema)}(c, d - 1)`;
    const always = required.includes(name);
    const lines = [
      `c.at += ${lead.length};`,
      ...(name === reading.aside ? ['const from = c.index;'] : []),
      `${always ? 'const ' : ''}${value} = ${read};`,
      `if (${value} === undefined) return undefined;`,
      ...(name === reading.aside ? ['c.setAside(from);'] : []),
    ];
    const text = always
      ? `  if (${differs(lead)}) return undefined;\n${indented(lines, 2)}`
      : `  let ${value}: unknown;\n  if (!(${differs(lead)})) {\n${indented(lines, 4)}  }\n`;
    return { name, value, always, text };
  }
}

function indented(lines: readonly string[], spaces: number): string {
  return lines.map((line) => `${' '.repeat(spaces)}${line}\n`).join('');
}

/** Reads a text that is `lead` and then hexadecimal digits. */
function digits(lead: string, count: number): string {
  const start = `"${lead}`;
  return `  const { view } = c;
  return ${differs(start)} ? undefined : c.hex(${start.length}, ${count});
`;
}

/** Reads one of a few constants. */
function words(values: readonly (string | number | boolean | null)[]): string {
  const tests = values.map((value) => {
    const word = js(value);
    return `  if (!(${differs(word)})) {
    c.at += ${word.length};
    return ${word};
  }
`;
  });
  return `  const { view } = c;\n${tests.join('')}  return undefined;\n`;
}

/** An expression: whether something else than `text`, which is ASCII, stands at the cursor. */
function differs(text: string): string {
  const bytes = new DataView(new TextEncoder().encode(text).buffer);
  const size = bytes.byteLength;
  const tests: string[] = [];
  const test = (offset: number, width: 1 | 2 | 4): void => {
    const read = width === 4 ? 'getInt32' : width === 2 ? 'getUint16' : 'getUint8';
    const place = offset === 0 ? 'c.at' : `c.at + ${offset}`;
    tests.push(`view.${read}(${place}) !== 0x${bytes[read](offset).toString(16)}`);
  };
  for (let offset = 0; offset + 4 <= size; offset += 4) test(offset, 4);
  const rest = size % 4;
  if (rest > 0 && size > 4) test(size - 4, 4);
  else {
    if (rest >= 2) test(size - rest, 2);
    if (rest % 2 === 1) test(size - 1, 1);
  }
  return tests.join(' || ');
}

function code(char: string): string {
  return `0x${char.charCodeAt(0).toString(16)}`;
}

function js(value: unknown): string {
  return JSON.stringify(value);
}
