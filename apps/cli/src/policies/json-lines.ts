import { catalogue } from '@chancery/kernel/ledger';
import { levels } from '@chancery/kernel/policy';
import {
  any,
  closed,
  count,
  digest,
  keyId,
  line,
  listOf,
  oneOf,
  orNull,
  text,
  truth,
} from '../json-line.ts';

const { rules } = catalogue['proposal.staged'].properties;
const level = oneOf(...levels);
const verdict = oneOf('permit', 'hold', 'deny', 'error');
const bundle = { level, name: text, bundle: digest, rules: count };

/** What the commands about policies tell. */
export const policyLines = {
  policy: line(['policy list'], 'A policy that decides in this ledger.', bundle),
  'policy-text': line(['policy show'], 'An active policy with its text.', { ...bundle, text }),
  'policy-started': line(['policy new'], 'A policy to begin with was written to a file.', {
    ...{ file: text, from: text, level },
  }),
  'policy-checked': line(['policy check'], 'A policy is well-formed; what of it is hardly meant.', {
    file: text,
    ...bundle,
    warnings: listOf(
      closed({ code: text, rule: orNull(text), line: orNull(count), message: text }),
    ),
  }),
  'policy-formatted': line(['policy fmt'], 'A policy was laid out, or would be.', {
    ...{ file: text, changed: truth, written: truth },
  }),
  'policy-example': line(['policy test'], 'What a policy says of an example that stands in it.', {
    ...{ file: text, line: count, capability: text },
    ...{ expected: verdict, rule: orNull(text), found: verdict, rules, passed: truth },
  }),
  'policy-change': line(['policy diff'], 'A rule that differs; `parts` of one that is in both.', {
    ...{ rule: text, change: oneOf('added', 'removed', 'changed'), parts: listOf(text) },
  }),
  'policy-explained': line(
    ['policy explain'],
    'What policy says of an action. `flips` are the smallest changes of it by which another verdict would come, `without` the verdicts without one of the rules that mattered.',
    {
      ...{ capability: text, action: text, context: any, verdict, rules },
      without: listOf(closed({ rule: text, verdict })),
      flips: listOf(closed({ changes: listOf(closed({ member: text, to: any })), verdict })),
    },
  ),
  'policy-retired': line(['policy retire'], 'A policy decides no more from here on.', {
    ...{ ...bundle, entry: orNull(digest), policySet: digest, by: keyId, reason: text },
  }),
  'policy-activated': line(
    ['policy activate'],
    'A policy decides from here on; `entry` is null where it did before.',
    { ...bundle, entry: orNull(digest), policySet: digest, by: keyId },
  ),
};
