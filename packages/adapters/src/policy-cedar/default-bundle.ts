import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Bundle } from '@chancery/kernel/policy';
import { RefusalError } from '@chancery/kernel/refusal';
import { buildBundle } from './build.ts';

/** Text of the policy that a new ledger begins with, commented for people. */
export const defaultPolicyText = readFileSync(
  join(import.meta.dirname, 'default-policy.cedar'),
  'utf8',
);

/** The same as a bundle of the tenant's level. */
export function defaultBundle(): Bundle {
  const built = buildBundle({ name: 'default', level: 'tenant', text: defaultPolicyText });
  if (!built.ok) throw new RefusalError(built.refusal);
  return built.value;
}
