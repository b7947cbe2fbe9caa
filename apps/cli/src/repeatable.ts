import type { Command } from 'commander';
import { refuse } from './exit.ts';

/**
 * Has every option of a command, and of those below it, that takes one value refused when it is given
 * again: which of two is meant, nobody can tell. Those that collect with `more` may be repeated.
 */
export function refuseRepeats(command: Command): void {
  for (const option of command.options) {
    const takesOne = (option.required || option.optional) && !option.variadic;
    if (!takesOne || option.parseArg === more) continue;
    let isGiven = false;
    command.on(`option:${option.name()}`, () => {
      if (isGiven) {
        refuse('usage.invalid', `--${option.name()} is given more than once`, {
          remedy: 'Give it once: it takes one value.',
        });
      }
      isGiven = true;
    });
  }
  for (const inner of command.commands) refuseRepeats(inner);
}

/** Collects the values of an option that may be given more than once, in their order. */
export function more(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}
