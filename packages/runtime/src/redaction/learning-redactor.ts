import type { Redactor } from './redactor.ts';

/** A redactor that comes to know more while it is used: what is redacted afterwards is held to it. */
export interface LearningRedactor extends Redactor {
  /** Guards these values from now on, besides those that are guarded already. */
  readonly learn: (secrets: readonly string[]) => void;
}

/** `first` is not changed. */
export function learningRedactor(first: Redactor): LearningRedactor {
  const known = new Set<string>();
  let present = first;
  return {
    learn: (secrets) => {
      const fresh = secrets.filter((secret) => !known.has(secret));
      if (fresh.length === 0) return;
      for (const secret of fresh) known.add(secret);
      present = present.knowing(fresh);
    },
    redact: (value) => present.redact(value),
    redactText: (text) => present.redactText(text),
    stream: () => present.stream(),
    findSecret: (text) => present.findSecret(text),
    knowing: (secrets) => present.knowing(secrets),
  };
}
