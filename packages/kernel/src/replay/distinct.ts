/** Values of which few are different, each by a number: those with equal keys are the same. */
export class Distinct<T> {
  readonly #values: T[] = [];
  readonly #numbers = new Map<string, number>();

  at(number: number | undefined): T | undefined {
    return number === undefined ? undefined : this.#values[number];
  }

  /** The number of a value, which is kept when it is the first with its key. */
  numberOf(key: string, value: T): number {
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    const number = this.#values.push(value) - 1;
    this.#numbers.set(key, number);
    return number;
  }
}
