import { refused, type Refused } from '@chancery/kernel/refusal';
import { refusedAt } from './refused.ts';
import { tokensOf } from './source.ts';

/** The longest text of a policy, in UTF-8. */
export const maxTextBytes = 1_048_576;
/** How many brackets may be open at once; what is recorded of a rule nests less deep. */
const maxOpen = 64;
/** How many tokens may lead to one, without those in brackets that are closed, or before a comma. */
const maxChain = 1_500;
/** How many tokens a rule may have. What Cedar's library does with a set grows with its square. */
const maxTokens = 10_000;

export const tooDeep = 'the rule nests too deeply: use several when clauses, or a set';

/**
 * Refuses with `policy.invalid` a text that is too long to be a policy, or of which a rule is too long, or nests or
 * chains further than a parser can be trusted to follow: Cedar's recurses for each bracket and operator.
 */
export function checkBounds(text: string): Refused | undefined {
  const bytes = Buffer.byteLength(text);
  if (bytes > maxTextBytes) {
    return refused('policy.invalid', `a policy of ${bytes} bytes is longer than ${maxTextBytes}`, {
      remedy: 'Split it into several policies of a level, each with a name of its own.',
    });
  }
  return checkRules(text);
}

function checkRules(text: string): Refused | undefined {
  let tokens = 0;
  /** Tokens at each level of brackets, the innermost last. */
  let chain = [0];
  let total = 0;
  for (const { kind, text: found, offset } of tokensOf(text)) {
    if (kind === 'blank') continue;
    tokens += 1;
    const inner = chain.length - 1;
    if (found === ';') {
      [chain, total, tokens] = [[0], 0, 0];
    } else if (found === ',') {
      total -= chain[inner] ?? 0;
      chain[inner] = 0;
    } else if (/^[)\]}]$/u.test(found) && inner > 0) {
      total -= chain.pop() ?? 0;
    } else {
      chain[inner] = (chain[inner] ?? 0) + 1;
      total += 1;
      if (/^[([{]$/u.test(found)) chain.push(0);
    }
    if (tokens > maxTokens) return refusedAt(text, offset, 'the rule is too long: write several');
    if (chain.length - 1 > maxOpen || total > maxChain) return refusedAt(text, offset, tooDeep);
  }
  return undefined;
}
