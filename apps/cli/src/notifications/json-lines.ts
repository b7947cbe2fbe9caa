import { notifiedKinds } from '@chancery/domain/notifications';
import { closed, count, line, listOf, oneOf, orNull, text } from '../json-line.ts';

const destination = {
  anyOf: [
    closed({ type: { const: 'command' }, argv: listOf(text) }),
    closed({ type: { const: 'webhook' }, url: text }),
  ],
};

/** What the commands about notifications tell. */
export const notificationLines = {
  hook: line(
    ['notify list', 'notify add'],
    'Who is told of what is recorded. The secret and the public key of a webhook are told when it is added, else null.',
    {
      name: text,
      on: listOf(oneOf(...notifiedKinds)),
      channels: listOf(text),
      to: destination,
      ...{ secret: orNull(text), key: orNull(text) },
    },
  ),
  'hook-removed': line(['notify remove'], 'A hook is told nothing more.', { name: text }),
  notified: line(
    ['notify test', 'notify send'],
    'How many notifications have arrived; `behind` are the hooks that were not told of everything.',
    { count, behind: listOf(text) },
  ),
};
