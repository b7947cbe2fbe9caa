import { done, type Result } from '@chancery/kernel/refusal';
import { cedar } from './cedar.ts';
import { refusedBy, wholeOf } from './refused.ts';

const layout = { lineWidth: 100, indentWidth: 2 } as const;

/**
 * A policy text in Cedar's own layout, comments kept. It has to parse and nothing more. Refuses with
 * `policy.invalid`, naming line and column.
 */
export function formatPolicy(text: string): Result<string> {
  const formatted = cedar().formatPolicies({ policyText: text, ...layout });
  return formatted.type === 'failure'
    ? refusedBy(text, wholeOf(text), formatted.errors[0])
    : done(formatted.formatted_policy);
}
