import { levels } from '@chancery/kernel/policy';
import { count, digest, line, oneOf, orNull, text } from '../json-line.ts';

/** What the commands about remembered grants tell. */
export const grantLines = {
  grant: line(
    ['grants list', 'grants accept', 'grants revoke', 'approve'],
    'A rule that lifts the hold of one action; it decides where it is `active`. One that is `expired` lifts nothing; of one that was made before there was an end, `untilMs` is null, and `repository` where it counts on every one. `text` is the whole policy.',
    {
      ...{ name: text, level: oneOf(...levels), bundle: digest, lifts: text },
      ...{ state: oneOf('active', 'proposed', 'revoked', 'expired'), text },
      ...{ repository: orNull(text), untilMs: orNull(count) },
    },
  ),
};
