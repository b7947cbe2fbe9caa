import { refused, type Refused } from '@chancery/kernel/refusal';
import type { DetailedError } from '@cedar-policy/cedar-wasm/nodejs';
import { offsetOfByte, placeOf, type RuleSource } from './source.ts';

/** A text as if it were one rule. */
export function wholeOf(text: string): RuleSource {
  return { text, offset: 0, start: 0 };
}

/** Refuses with the words of Cedar, at the place within `source` that it names. */
export function refusedBy(
  text: string,
  source: RuleSource,
  error: DetailedError | undefined,
): Refused {
  const byte = error?.sourceLocations?.[0]?.start;
  const offset =
    byte === undefined ? source.start : source.offset + offsetOfByte(source.text, byte);
  const help = error?.help ?? null;
  const message = error?.message ?? 'Cedar refuses it without a reason';
  return refusedAt(
    text,
    Math.max(offset, source.start),
    help === null ? message : `${message} (${help})`,
  );
}

export function refusedAt(text: string, offset: number, message: string): Refused {
  const { line, column } = placeOf(text, offset);
  return refused('policy.invalid', `line ${line}, column ${column}: ${message}`, {
    details: { line, column },
  });
}
