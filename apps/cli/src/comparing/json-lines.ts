import {
  any,
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
import { catalogue } from '@chancery/kernel/ledger';

const moment = closed({
  ...{ run: text, seq: count, task: text, model: text, tree: text, worldDigest: digest },
  outcome: orNull(oneOf('succeeded', 'failed', 'cancelled', 'exhausted')),
  from: orNull(closed({ run: text, seq: count })),
  spent: catalogue['run.finished'].properties.spent,
});
const action = closed({ seq: count, intent: any, outcome: text, code: orNull(text) });

export const comparingLines: Readonly<Record<string, JsonLine>> = {
  comparison: line(
    ['diff'],
    'How two moments of runs differ: `alike` intents from the beginning on, those that ended otherwise, those of one alone, and the files. `files` is null where the runs are of different repositories.',
    {
      ...{ left: moment, right: moment, alike: count },
      differing: listOf(closed({ left: action, right: action })),
      ...{ onlyLeft: listOf(action), onlyRight: listOf(action) },
      files: orNull(
        listOf(
          closed({
            path: text,
            change: oneOf('added', 'modified', 'deleted', 'type-changed', 'mode-changed'),
          }),
        ),
      ),
    },
  ),
};
