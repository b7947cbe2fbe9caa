import { done, refused, type Result } from '@chancery/kernel/refusal';
import { isScope } from '@chancery/runtime/vault';

interface Flags {
  readonly initiative?: string;
  readonly plan?: string;
}

/** What a run belongs to, by names that a scope of the vault can have. Refuses `usage.invalid`. */
export function readBelonging({ initiative, plan }: Flags): Result<Flags> {
  const said = Object.entries({ initiative, plan }).filter(([, name]) => name !== undefined);
  const wrong = said.find(([kind, name]) => !isScope(`${kind}:${name}`));
  if (wrong !== undefined) {
    const [kind, name] = wrong;
    return refused('usage.invalid', `--${kind} ${JSON.stringify(name)} is no name`, {
      remedy: 'Use lowercase letters, digits, . _ and -, at most 63.',
    });
  }
  return done({
    ...(initiative === undefined ? {} : { initiative }),
    ...(plan === undefined ? {} : { plan }),
  });
}
