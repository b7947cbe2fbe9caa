import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Level } from '@chancery/kernel/policy';
import { defaultPolicyText } from './default-bundle.ts';

/** A policy to begin with. */
export interface Starter {
  readonly name: string;
  readonly told: string;
  /** The level that it is written for. */
  readonly level: Level;
  readonly text: () => string;
}

function fileText(name: string): string {
  return readFileSync(join(import.meta.dirname, 'starters', name), 'utf8');
}

/** Commented policies with examples, to be changed by whoever begins with them. */
export const starters: readonly Starter[] = [
  {
    name: 'narrow',
    told: 'permits what the levels above leave, and forbids or holds more; for a repository',
    level: 'repository',
    text: () => fileText('narrow.cedar'),
  },
  {
    name: 'look-only',
    told: 'permits to look and nothing else',
    level: 'tenant',
    text: () => fileText('look-only.cedar'),
  },
  {
    name: 'default',
    told: 'what a new ledger begins with',
    level: 'tenant',
    text: () => defaultPolicyText,
  },
];
