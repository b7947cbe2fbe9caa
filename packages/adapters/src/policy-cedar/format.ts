import { done, type Result } from '@chancery/kernel/refusal';
import { checkBounds } from './bounds.ts';
import { askCedar } from './cedar.ts';
import { refusedBy, wholeOf } from './refused.ts';
import { readSource, type RuleSource } from './source.ts';

const layout = { lineWidth: 100, indentWidth: 2 } as const;

/**
 * A policy text in Cedar's own layout, comments kept. It has to parse and nothing more. Refuses with
 * `policy.invalid`, naming line and column.
 */
export function formatPolicy(text: string): Result<string> {
  const unbounded = checkBounds(text);
  if (unbounded !== undefined) return unbounded;
  const formatted: string[] = [];
  for (const part of partsOf(text)) {
    const one = askCedar((cedar) => cedar.formatPolicies({ policyText: part.text, ...layout }));
    if (!one.ok) return one;
    if (one.value.type === 'failure') return refusedBy(text, part, one.value.errors[0]);
    formatted.push(one.value.formatted_policy);
  }
  return done(formatted.join('\n'));
}

/** What stands behind a rule in its last line; a comment there is one of this rule. */
const restOfLine = /[ \t]*(?:\/\/[^\n\r]*)?/uy;

/**
 * The rules of a text, each with its comments. Cedar's library searches its whole text for each rule,
 * so that it is given one rule at a time.
 */
function partsOf(text: string): readonly RuleSource[] {
  const { rules } = readSource(text);
  const ends = rules.map(({ offset, text: { length } }) => {
    restOfLine.lastIndex = offset + length;
    return offset + length + (restOfLine.exec(text)?.[0].length ?? 0);
  });
  if (rules.length === 0) return [wholeOf(text)];
  return rules.map(({ start }, index) => {
    const offset = ends[index - 1] ?? 0;
    const end = index === rules.length - 1 ? text.length : ends[index];
    return { text: text.slice(offset, end), offset, start };
  });
}
