import type { RuleMark } from './model.ts';

/** A mark as an entry has it, whose level is a text. */
export type RecordedMark = Pick<RuleMark, 'id' | 'effect'> & { readonly level: string };

/** Whether the same rules mattered, those that only watch among them. */
export function areSameMarks(
  recorded: readonly RecordedMark[],
  decided: readonly RuleMark[],
): boolean {
  if (recorded.length !== decided.length) return false;
  return recorded.every(({ id, level, effect }, index) => {
    const other = decided[index];
    return other?.id === id && other.level === level && other.effect === effect;
  });
}
