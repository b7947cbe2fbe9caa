import type { Schema } from '../../packages/kernel/src/ledger/index.ts';

/**
 * Writes checking functions for schemas, one for each schema that differs: what several kinds
 * share is checked by one function. A function takes `v` and returns what is wrong with it.
 */
export class CheckWriter {
  private readonly names = new Map<string, string>();
  private readonly parts: string[] = [];

  /** Name of the function that checks `schema`, written now unless it is there. */
  check(schema: Schema): string {
    const key = JSON.stringify(schema, (name, value: unknown) =>
      name === 'description' && typeof value === 'string' ? undefined : value,
    );
    const known = this.names.get(key);
    if (known !== undefined) return known;
    const body = this.body(schema);
    const name = `check${this.names.size}`;
    this.names.set(key, name);
    this.parts.push(`function ${name}(v: unknown): string | undefined {\n${body}}\n`);
    return name;
  }

  text(): string {
    return this.parts.join('\n');
  }

  private body(schema: Schema): string {
    if ('title' in schema) return `  return v === undefined ? ' is missing' : undefined;\n`;
    if ('const' in schema) return unless(`v === ${js(schema.const)}`, `is not ${js(schema.const)}`);
    if ('enum' in schema) {
      const same = schema.enum.map((value) => `v === ${js(value)}`).join(' || ');
      return unless(same, `is none of ${schema.enum.join(', ')}`);
    }
    if ('anyOf' in schema) return this.anyOf(schema.anyOf);
    switch (schema.type) {
      case 'string':
        return this.string(schema);
      case 'integer':
        return unless(
          `typeof v === 'number' && Number.isSafeInteger(v) && v >= ${schema.minimum} && v <= ${schema.maximum}`,
          `is not an integer from ${schema.minimum} to ${schema.maximum}`,
        );
      case 'boolean':
        return unless(`typeof v === 'boolean'`, 'is not true or false');
      case 'null':
        return unless('v === null', 'is not null');
      case 'array':
        return this.array(schema.items, schema.maxItems);
      case 'object':
        return 'properties' in schema
          ? this.object(schema.properties, schema.required)
          : this.map(schema.additionalProperties);
    }
  }

  private string(schema: Extract<Schema, { readonly type: 'string' }>): string {
    const { pattern, minLength, maxLength } = schema;
    if (minLength === undefined && maxLength === undefined && pattern === undefined) {
      return unless(`typeof v === 'string'`, 'is not a text');
    }
    const tests = [`typeof v === 'string'`];
    // JSON Schema counts characters, not UTF-16 code units.
    if (minLength !== undefined) tests.push(`[...v].length >= ${minLength}`);
    if (maxLength !== undefined) tests.push(`[...v].length <= ${maxLength}`);
    if (pattern === undefined) return unless(tests.join(' && '), 'is not a text of this length');
    const form = `form${this.parts.length}`;
    this.parts.push(`const ${form} = new RegExp(${js(pattern)}, 'u');\n`);
    return unless([...tests, `${form}.test(v)`].join(' && '), `is not of the form ${pattern}`);
  }

  private anyOf(branches: readonly Schema[]): string {
    const isNull = (branch: Schema): boolean => 'type' in branch && branch.type === 'null';
    const others = branches.filter((branch) => !isNull(branch));
    const guard = others.length < branches.length ? '  if (v === null) return undefined;\n' : '';
    const [first, ...rest] = others;
    if (first === undefined) throw new Error('an anyOf without a branch that is not null');
    if (rest.length === 0) return `${guard}  return ${this.check(first)}(v);\n`;
    const tries = others.map((branch) => `${this.check(branch)}(v) === undefined`);
    return guard + unless(tries.join(' || '), 'has none of the permitted forms');
  }

  private array(items: Schema, maxItems: number | undefined): string {
    const most = maxItems === undefined ? '' : ` || v.length > ${maxItems}`;
    const what = maxItems === undefined ? 'an array' : `an array of at most ${maxItems}`;
    return `  if (!Array.isArray(v)${most}) return ' is not ${what}';
  for (let i = 0; i < v.length; i += 1) {
    const wrong = ${this.check(items)}(v[i]);
    if (wrong !== undefined) return \`/\${i}\${wrong}\`;
  }
  return undefined;
`;
  }

  private object(
    properties: Readonly<Record<string, Schema>>,
    required: readonly string[],
  ): string {
    const names = Object.keys(properties);
    const members = Object.entries(properties).map(([name, schema]) => {
      const test = `(wrong = ${this.check(schema)}(v[${js(name)}])) !== undefined`;
      const given = required.includes(name) ? test : `v[${js(name)}] !== undefined && ${test}`;
      return `  if (${given}) return inside(v, ${js(name)}, wrong);\n`;
    });
    const optional = names.filter((name) => !required.includes(name));
    const size = [
      String(required.length),
      ...optional.map((name) => `(v[${js(name)}] === undefined ? 0 : 1)`),
    ].join(' + ');
    return `  if (!isObject(v)) return ' is not an object';
  let wrong: string | undefined;
${members.join('')}  return Object.keys(v).length === ${size} ? undefined : unknownMember(v, ${js(names)});
`;
  }

  private map(values: Schema): string {
    return `  if (!isObject(v)) return ' is not an object';
  for (const name of Object.keys(v)) {
    const wrong = ${this.check(values)}(v[name]);
    if (wrong !== undefined) return inside(v, name, wrong);
  }
  return undefined;
`;
  }
}

function unless(test: string, wrong: string): string {
  return `  return ${test} ? undefined : ${js(` ${wrong}`)};\n`;
}

function js(value: unknown): string {
  return JSON.stringify(value);
}
