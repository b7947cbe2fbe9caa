import { maxDepth } from '../../packages/kernel/src/encoding/index.ts';
import type { Schema } from '../../packages/kernel/src/ledger/index.ts';

type Properties = Readonly<Record<string, Schema>>;

/**
 * Writes functions that give the canonical text of values of schemas, one for each schema and depth
 * that differ. A function takes a value that its check has passed.
 */
export class TextWriter {
  private readonly names = new Map<string, string>();
  private readonly parts: string[] = [];

  /** An expression for the text of `value`, which stands `depth` objects and arrays deep. */
  write(schema: Schema, value: string, depth = 0): string {
    if ('const' in schema) return js(js(schema.const));
    if ('enum' in schema) return schema.enum.every(isPlain) ? plain(value) : free(value, depth);
    if ('title' in schema) return free(value, depth);
    if ('anyOf' in schema) return this.anyOf(schema.anyOf, value, depth);
    switch (schema.type) {
      case 'string':
        return isHex(schema.pattern) ? plain(value) : free(value, depth);
      case 'integer':
      case 'boolean':
        return `String(${value})`;
      case 'null':
        return js('null');
      case 'array':
        return `${this.function(schema, depth)}(${value})`;
      case 'object':
        return 'properties' in schema
          ? `${this.function(schema, depth)}(${value})`
          : free(value, depth);
    }
  }

  text(): string {
    return this.parts.join('\n');
  }

  private anyOf(branches: readonly Schema[], value: string, depth: number): string {
    const others = branches.filter((branch) => !('type' in branch && branch.type === 'null'));
    const [only, ...more] = others;
    if (only === undefined || more.length > 0) return free(value, depth);
    return `(${value} === null ? 'null' : ${this.write(only, value, depth)})`;
  }

  private function(schema: Schema, depth: number): string {
    const key = JSON.stringify([schema, depth], (name, value: unknown) =>
      name === 'description' && typeof value === 'string' ? undefined : value,
    );
    const known = this.names.get(key);
    if (known !== undefined) return known;
    const body =
      'type' in schema && schema.type === 'array'
        ? this.array(schema.items, depth + 1)
        : this.object(schema as Extract<Schema, { readonly properties: Properties }>, depth + 1);
    const name = `text${this.names.size}`;
    this.names.set(key, name);
    this.parts.push(`function ${name}(v: unknown): string {\n${body}}\n`);
    return name;
  }

  private array(items: Schema, depth: number): string {
    return `  let text = '';
  for (const item of v as readonly unknown[]) text += (text === '' ? '' : ',') + ${this.write(items, 'item', depth)};
  return '[' + text + ']';
`;
  }

  private object(
    { properties, required }: Extract<Schema, { readonly properties: Properties }>,
    depth: number,
  ): string {
    const names = Object.keys(properties).sort();
    if (!required.includes(names[0] ?? '')) {
      throw new Error('of an object, the first member in the order of names has to be required');
    }
    const members = names.map((name, index) => {
      const value = `m[${js(name)}]`;
      const lead = js(`${index === 0 ? '{' : ','}${js(name)}:`);
      const text = `${lead} + ${this.write(properties[name] ?? { title: 'any' }, value, depth)}`;
      return required.includes(name) ? text : `(${value} === undefined ? '' : ${text})`;
    });
    return `  const m = v as Members;\n  return ${members.join(' +\n    ')} + '}';\n`;
  }
}

/** Whether the pattern admits a few plain letters and hexadecimal digits, and nothing to escape. */
function isHex(pattern: string | undefined): boolean {
  return /^\^[a-z0-9:]*\[0-9a-f\]\{\d+\}\$$/.test(pattern ?? '');
}

function isPlain(text: string): boolean {
  return /^[a-z-]+$/.test(text);
}

function plain(value: string): string {
  return `'"' + (${value} as string) + '"'`;
}

/** Whatever the value is, written with the depth that is left to it. */
function free(value: string, depth: number): string {
  return `recordText(${value}, ${maxDepth - depth})`;
}

function js(value: unknown): string {
  return JSON.stringify(value);
}
