import { levels } from '@chancery/kernel/policy';
import { digest, line, oneOf, text } from '../json-line.ts';

/** What the commands about remembered grants tell. */
export const grantLines = {
  grant: line(
    ['grants list', 'grants accept', 'grants revoke', 'approve'],
    'A rule that lifts the hold of one action; it decides where it is `active`. `text` is the whole policy.',
    {
      ...{ name: text, level: oneOf(...levels), bundle: digest, lifts: text },
      ...{ state: oneOf('active', 'proposed', 'revoked'), text },
    },
  ),
};
