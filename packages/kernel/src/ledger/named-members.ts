import type { Body, Kind } from './catalogue.ts';

/** The member of a body that has a digest of its own, by which later entries name it. */
export const namedMembers = {
  'intent.proposed': 'intent',
  'proposal.staged': 'action',
  'proposal.suspended': 'action',
} as const satisfies { readonly [K in Kind]?: keyof Body<K> };
