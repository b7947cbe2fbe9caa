/** What a model writes in the place of arguments that can be recorded: what it is, and the text. */
export const malformedArguments: readonly (readonly [what: string, text: string])[] = [
  ['text that is not JSON', 'send it'],
  ['a list', '[]'],
  ['a missing end', '{"a":1'],
  ['a duplicate member', '{"a":1,"a":2}'],
  ['a fraction', '{"a":0.5}'],
  ['NaN', '{"a":NaN}'],
  ['2^53', '{"a":9007199254740992}'],
  ['a lone surrogate', '{"a":"\\ud800"}'],
  ['a raw lone surrogate', '{"a":"\ud800"}'],
  ['what is nested too deep', nestedText(100)],
];

/** An object in an object, so many of them. */
export function nestedText(depth: number): string {
  return `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`;
}
