import type { Place } from '../places.ts';

interface Edit {
  readonly at: number;
  readonly text: string;
}

/**
 * The source with a call of `hit_` at each of its places, which tells their numbers from `first` on,
 * after the line that declares it. Other lines stay where they are.
 */
export function instrumented(
  source: string,
  places: readonly Place[],
  { first, declaration }: { readonly first: number; readonly declaration: string },
): string {
  const edits = places.flatMap((place, index) => editsFor(source, place, `hit_(${first + index})`));
  const begin = source.startsWith('#!') ? source.indexOf('\n') + 1 : 0;
  const declared = { at: begin, text: declaration };
  // An edit that was made first stands outside of one that is made later at the same offset.
  const ordered = [declared, ...edits].sort((a, b) => b.at - a.at);
  let text = source;
  for (const edit of ordered) text = text.slice(0, edit.at) + edit.text + text.slice(edit.at);
  return text;
}

function editsFor(source: string, { sort, start, end }: Place, call: string): readonly Edit[] {
  const around = (before: string, after: string): readonly Edit[] => [
    { at: start, text: before },
    { at: end, text: after },
  ];
  if (sort === 'fault') return around(`{${call};`, '}');
  if (sort === 'refusal') return around(`(${call},`, ')');
  if (sort === 'catch' && source[start] === '{') return [{ at: start + 1, text: `${call};` }];
  if (sort === 'catch')
    return around(`((then_)=>(...all_)=>{${call};return then_(...all_);})(`, ')');
  const isOfSwitch = source.startsWith('default:', start);
  if (isOfSwitch) return [{ at: source.indexOf(':', start) + 1, text: ` ${call};` }];
  return around(`(${call},`, ')');
}
