import {
  closed,
  count,
  digest,
  line,
  listOf,
  oneOf,
  orNull,
  text,
  type JsonLine,
} from '../json-line.ts';

export const inboxLines: Readonly<Record<string, JsonLine>> = {
  waiting: line(
    ['inbox'],
    'Something waits for a human: a held action, which counts as denied at `expiresAtMs`, or an effect of which nobody knows whether it happened; `choices` are the commands that answer.',
    {
      ...{ run: text, task: text, what: oneOf('held', 'in-doubt'), action: digest },
      ...{ capability: text, reason: text, sinceMs: count, expiresAtMs: orNull(count) },
      choices: listOf(closed({ means: text, command: text })),
    },
  ),
};
