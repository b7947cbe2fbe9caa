import { count, line, listOf, text } from '../json-line.ts';

/** What `commands` tells. */
export const understandingLines = {
  'command-unclear': line(
    ['commands'],
    'A command line that was not understood, how often it was proposed, and why: empty where that was not recorded.',
    { ...{ command: text, times: count }, why: listOf(text) },
  ),
  'commands-understood': line(
    ['commands'],
    'How many of the command lines that were proposed and asked about were understood; `unreadable` are those of which what was asked is gone.',
    { ...{ proposed: count, understood: count, unclear: count, unreadable: count } },
  ),
};
