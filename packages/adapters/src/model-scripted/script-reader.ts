import { type Json, type JsonObject, isJsonObject } from '@chancery/kernel/encoding';

/** Says where a script is wrong. Never leaves this folder's parser. */
export class Misread extends Error {}

/** A value of a script and where it stands, such as `turns[2].calls[0].name`. */
export class Spot {
  readonly path: string;
  readonly value: Json;

  constructor(path: string, value: Json) {
    this.path = path;
    this.value = value;
  }

  misread(what: string): Misread {
    return new Misread(`${this.path}: ${what}`);
  }

  text(): string {
    if (typeof this.value !== 'string') throw this.misread('must be a string');
    return this.value;
  }

  name(): string {
    const text = this.text();
    if (text === '') throw this.misread('must not be empty');
    return text;
  }

  count(): number {
    if (typeof this.value !== 'number' || this.value < 0) {
      throw this.misread('must be an integer of 0 or more');
    }
    return this.value;
  }

  oneOf<const T extends string>(choices: readonly T[]): T {
    const found = choices.find((choice) => choice === this.value);
    if (found === undefined) throw this.misread(`must be one of ${choices.join(', ')}`);
    return found;
  }

  object(): JsonObject {
    if (!isJsonObject(this.value)) throw this.misread('must be an object');
    return this.value;
  }

  items(): readonly Spot[] {
    if (!Array.isArray(this.value)) throw this.misread('must be an array');
    const items = this.value as readonly Json[];
    return items.map((item, index) => new Spot(`${this.path}[${index}]`, item));
  }

  /** Members of an object that has no others than these. */
  members<const N extends string>(names: readonly N[]): Members<N> {
    const object = this.object();
    const known: readonly string[] = names;
    const stranger = Object.keys(object).find((name) => !known.includes(name));
    if (stranger !== undefined) {
      throw this.misread(`unknown member "${stranger}"; known are ${names.join(', ')}`);
    }
    return new Members(this, object);
  }
}

/** Members of an object by name. */
export class Members<N extends string> {
  private readonly of: Spot;
  private readonly object: JsonObject;

  constructor(of: Spot, object: JsonObject) {
    this.of = of;
    this.object = object;
  }

  need(name: N): Spot {
    const spot = this.find(name);
    if (spot === undefined) throw this.of.misread(`"${name}" is missing`);
    return spot;
  }

  find(name: N): Spot | undefined {
    const value = Object.hasOwn(this.object, name) ? this.object[name] : undefined;
    if (value === undefined) return undefined;
    return new Spot(this.of.path === 'script' ? name : `${this.of.path}.${name}`, value);
  }
}
