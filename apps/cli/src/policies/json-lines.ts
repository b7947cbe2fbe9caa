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
const asking = closed({ channel: text, quorum: count });
const bundle = { level, name: text, bundle: digest, rules: count };

/** What the commands about policies tell. */
export const policyLines = {
  policy: line(
    ['policy list'],
    'A policy that decides in this ledger; on the one `repository`, or on every one where it is null.',
    { ...bundle, repository: orNull(text) },
  ),
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
  'policy-bundled': line(['policy bundle'], 'A policy was signed as a bundle in a file.', {
    ...bundle,
    file: text,
    signers: listOf(keyId),
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
    'What policy says of an action: what is active, the default policy where there is no ledger, a file alone, or what was active then. `unpermitted` are the levels that deny since none of their rules permits, `flips` the smallest changes of it by which another verdict would come, of those that follow from what the rules compare with, `tried` how many variants of it were decided to find them and of which members, `without` the verdicts without one of the rules that mattered. Of a recorded action, `recorded` tells what was decided, what held it besides policy, and whether the set of then still decides so. Of a command line that is told, `commands` are all that it could run, and `unclear` is what is not understood.',
    {
      ...{ capability: text, action: text, context: any, verdict, rules },
      policy: oneOf('active', 'default', 'file', 'recorded'),
      unpermitted: listOf(level),
      without: listOf(closed({ rule: text, verdict })),
      flips: listOf(closed({ changes: listOf(closed({ member: text, to: any })), verdict })),
      tried: closed({ changes: count, members: listOf(text) }),
      recorded: orNull(
        closed({ run: text, seq: count, verdict, holds: listOf(text), reproduced: truth }),
      ),
      commands: orNull(
        listOf(
          closed({
            ...{ program: text, subcommand: orNull(text), words: listOf(text), does: listOf(text) },
            ...{ reads: listOf(text), writes: listOf(text), unclear: listOf(text) },
          }),
        ),
      ),
      unclear: orNull(listOf(text)),
    },
  ),
  'policy-flip': line(
    ['policy simulate'],
    'Decisions that would have been others, which are alike. `before` and `after` are the rules that decided, none where no rule permits; `asks` says who must approve what is held, null where it is not; `explain` is the command that tells more, null for a decision in an export.',
    {
      ...{ from: verdict, to: verdict, capability: text },
      ...{ before: listOf(text), after: listOf(text), count, runs: count },
      asks: closed({ before: orNull(asking), after: orNull(asking) }),
      first: closed({
        ...{ over: text, run: text, seq: count, position: count },
        ...{ intent: orNull(digest), explain: orNull(text) },
      }),
    },
  ),
  'policy-simulation': line(
    ['policy simulate'],
    'What came of all recorded decisions when they were made again: how many are the `same` (`otherRules` of them by other rules), have `flipped`, are `moot` since nobody would have been asked, have `diverged` since an earlier decision of the run flipped, are `undecided` since an earlier stage refused, are `unreadable`, or are `unreproduced` by the recorded set itself.',
    {
      ...{ over: listOf(text), sinceMs: count },
      trials: listOf(
        closed({ kind: oneOf('with', 'without'), level, name: text, bundle: orNull(digest) }),
      ),
      ...{ decisions: count, runs: count, flippedRuns: count, same: count, flipped: count },
      ...{ moot: count, diverged: count, undecided: count, unreadable: count },
      ...{ unreproduced: count, otherRules: count },
      refusedBefore: listOf(closed({ stage: text, count })),
    },
  ),
  'policy-retired': line(['policy retire'], 'A policy decides no more from here on.', {
    ...{ ...bundle, entry: orNull(digest), policySet: digest, by: keyId, reason: text },
  }),
  'policy-activated': line(
    ['policy activate'],
    'A policy decides from here on; `entry` is null where it did before. `undefinedChannels` are those that its rules hold on and nobody has defined: every approver is asked. `unreachable` are rules that hold for more votes than there are keys to give them, and so refuse. `widens`: rules by which more may be permitted than before, since they `permits` at a level that has others, or are `gone`.',
    {
      ...{ ...bundle, entry: orNull(digest), policySet: digest, by: keyId },
      repository: orNull(text),
      undefinedChannels: listOf(text),
      unreachable: listOf(text),
      widens: listOf(
        closed({
          ...{ how: oneOf('permits', 'gone'), effect: oneOf('permit', 'forbid') },
          ...{ level, policy: text, rule: text },
        }),
      ),
    },
  ),
};
