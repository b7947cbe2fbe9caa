import { catalogue } from '@chancery/kernel/ledger';
import { closed, count, line, oneOf, orNull, text } from '../json-line.ts';

const evidence = catalogue['intent.proposed'].properties.routing.properties;
const failure = catalogue['execution.failed'].properties.failure.properties;

/** What `routing-feedback` tells. */
export const routingLines = {
  routed: line(
    ['routing-feedback'],
    'What became of a proposal that is settled, for the router that chose it: no argument, output, path or text. `position` is what --since goes on from. `latencyMs` is from the decision to the end; `answer` is the answer of the model that it follows from, which other proposals share.',
    {
      ...{ run: text, seq: count, position: count, atMs: count },
      capability: orNull(text),
      ...{ decision: orNull(evidence.decision), serial: orNull(evidence.serial) },
      ...{ selected: orNull(evidence.selected), reasons: evidence.reasons },
      outcome: oneOf(
        ...['committed', 'failed', 'refused', 'denied', 'expired', 'in-doubt', 'abandoned'],
      ),
      ...{ refusal: orNull(text), failure: orNull(failure.class) },
      ...{ latencyMs: orNull(count), costMicrousd: orNull(count) },
      answer: orNull(closed({ latencyMs: count, costMicrousd: count })),
    },
  ),
};
