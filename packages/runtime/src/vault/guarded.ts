import { minSecretChars } from '../redaction/index.ts';
import type { LentSecret } from './port.ts';

/**
 * What must not be shown of a secret: all of its values, and the lines of those that have several,
 * since a program may show them one by one.
 */
export function guardedTexts({ value, earlier }: LentSecret): readonly string[] {
  const values = [value, ...earlier.map((each) => each.value)];
  const lines = values.flatMap((each) => each.split(/\r?\n/).map((line) => line.trim()));
  return [...new Set([...values, ...lines.filter((line) => line.length >= minSecretChars)])];
}
