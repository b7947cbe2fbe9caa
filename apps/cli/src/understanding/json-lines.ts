import { count, line, listOf, text, truth } from '../json-line.ts';

/** What `commands` tells. */
export const understandingLines = {
  'command-unclear': line(
    ['commands'],
    'A command line that was not understood, how often it was proposed, and why: empty where that was not recorded; `now`: whether it is understood by what is known of programs now.',
    { ...{ command: text, times: count }, why: listOf(text), now: truth },
  ),
  'commands-understood': line(
    ['commands'],
    'How many of the command lines that were proposed and asked about were understood; `now` are those of `unclear` that would be understood now, `unreadable` those of which what was asked is gone.',
    { ...{ proposed: count, understood: count, unclear: count, now: count, unreadable: count } },
  ),
};
