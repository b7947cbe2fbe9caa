import type { Json } from '@chancery/kernel/encoding';
import { secretsOf } from './secret-variables.ts';

/** Takes the secrets of the environment out of what is shown; what was recorded has none anyway. */
export interface Scrub {
  readonly text: (text: string) => string;
  /** Of a value that is shown as JSON. */
  readonly value: (value: unknown) => unknown;
}

const nothing: Scrub = { text: (text) => text, value: (value) => value };

/**
 * What a person typed is told back in errors, and may hold a secret. Known values alone are looked
 * for: signatures and proofs are shown as they are, whatever they look like.
 */
export async function scrubOf(env: NodeJS.ProcessEnv): Promise<Scrub> {
  const secrets = secretsOf(env);
  if (secrets.length === 0) return nothing;
  const { redactor } = await import('@chancery/runtime/redaction');
  const { redact, redactText } = redactor({ secrets, knownOnly: true });
  return {
    text: (text) => redactText(text).value,
    value: (value) => redact(JSON.parse(JSON.stringify(value)) as Json).value,
  };
}
