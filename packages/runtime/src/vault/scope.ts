import { isKeyId, type KeyId } from '@chancery/kernel/encoding';

const name = /^[a-z0-9][a-z0-9._-]{0,62}$/;

/** Whose secrets a run may be lent, besides those that are everybody's. */
export interface Belonging {
  /** The subject of its writ. */
  readonly actor: KeyId;
  readonly initiative?: string | undefined;
  readonly plan?: string | undefined;
}

/** `global`, `agent:<key id>`, `initiative:<name>` or `plan:<name>`. */
export function isScope(text: string): boolean {
  if (text === 'global') return true;
  const [kind, ...rest] = text.split(':');
  const whose = rest.join(':');
  if (kind === 'agent') return isKeyId(whose);
  return (kind === 'initiative' || kind === 'plan') && name.test(whose);
}

/** Whether a secret of this scope may be lent to a run. */
export function isInScope(scope: string, { actor, initiative, plan }: Belonging): boolean {
  if (scope === 'global' || scope === `agent:${actor}`) return true;
  if (initiative !== undefined && scope === `initiative:${initiative}`) return true;
  return plan !== undefined && scope === `plan:${plan}`;
}
