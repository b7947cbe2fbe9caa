import { optionsIn, wordsIn, type DeclaredRow, type OptionText, type ProgramRows } from './row.ts';

const runningRoles = /^(?:run|program|line|command|node|sed|awk|python|unclear)\*?$/;

/** Whether an option of a row is said to run its value, or to be not understood. */
export const valueRuns = ({ role, deed }: Pick<OptionText, 'role' | 'deed'>): boolean =>
  runningRoles.test(role) || deed === 'unclear' || deed === 'executes';

/** Whether the row of a subcommand says that something runs, or has a place for what does. */
export function tellsWhatRuns({
  does = [],
  operands = '',
  form,
  subcommands,
}: DeclaredRow): boolean {
  const isTold = does.includes('executes') || does.includes('external');
  const hasPlace = wordsIn(operands).some((role) => runningRoles.test(role));
  return isTold || hasPlace || form !== undefined || subcommands !== undefined;
}

/** The last word of the name of what runs something, or of what is run before or after something else. */
const runs =
  /^(?:pre|post)?(?:cmd|command|eval|exec|execute|executable|shell|run|runner|script|hook|editor|pager|program|interpreter|wrapper|launcher|plugin|loader|preload|preprocess|postprocess|preprocessor|postprocessor|askpass|rsh)s?$/;
const moments = /^(?:pre|post)$/;
const occasions = /^on-(?:success|failure|change|exit|start|stop|finish|done|complete|ready)$/;

/** What is kept from being run, or only told. */
const keptFrom = /^(?:no|not|dry|skip|ignore|without|disable|list|show|print)$/;

/** The words of a name in any of the ways in which they are joined. */
const nameWords = (name: string): readonly string[] =>
  name
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1-$2')
    .toLowerCase()
    .split(/[-_.:]+/);

function isNamedForRunning(name: string, takesValue: boolean): boolean {
  const words = nameWords(name);
  const [first = ''] = words;
  if (keptFrom.test(first)) return false;
  if (runs.test(words.at(-1) ?? '')) return true;
  return takesValue && (moments.test(first) || occasions.test(words.join('-')));
}

/**
 * An option or a subcommand that is named for what it runs, of which its row does not say so: whoever
 * declares it has to. Undefined where there is none. It is asked when rows are declared, and not of those
 * that a ledger has: their signer was not.
 */
export function untoldRunning(rows: ProgramRows): string | undefined {
  return firstOf(Object.entries(rows), ([at, row]) => untoldIn(row, at));
}

function untoldIn(row: DeclaredRow, at: string): string | undefined {
  const { options = '', does = [], subcommands = {}, otherwise, alone } = row;
  const option = optionsIn(options).find(
    (each) =>
      isNamedForRunning(each.name, each.sign !== undefined) &&
      !valueRuns(each) &&
      !does.includes('executes'),
  );
  if (option !== undefined) {
    return `the option ${option.name} of "${at}" is named for what runs, which its row does not say`;
  }
  const below = firstOf(Object.entries(subcommands), ([names, sub]) => {
    const named = wordsIn(names)
      .flatMap((word) => word.split('|'))
      .find((name) => isNamedForRunning(name, false));
    return named !== undefined && !tellsWhatRuns(sub)
      ? `the subcommand ${named} of "${at}" is named for what runs, which its row does not say`
      : untoldIn(sub, `${at}.subcommands.${names}`);
  });
  const others = Object.entries({ otherwise, alone });
  return below ?? firstOf(others, ([name, sub]) => sub && untoldIn(sub, `${at}.${name}`));
}

function firstOf<T>(
  items: readonly T[],
  find: (item: T) => string | undefined,
): string | undefined {
  for (const item of items) {
    const found = find(item);
    if (found !== undefined) return found;
  }
  return undefined;
}
