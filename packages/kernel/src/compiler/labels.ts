/**
 * Labels of what a run may have seen. `secret:<scope>`: a secret was in what it was shown, or was
 * lent to what it ran. `untrusted:<where from>`: text that neither the human nor the runtime wrote.
 */

/** The capability by which a human takes a label of secrecy from a run; held whatever policy says. */
export const labelRemover = 'label.remove';

const secret = 'secret:';
const untrusted = 'untrusted:';

export function secretLabel(scope: string): string {
  return `${secret}${scope}`;
}

export function untrustedLabel(from: string): string {
  return `${untrusted}${from}`;
}

export function isSecretLabel(label: string): boolean {
  return label.startsWith(secret);
}

export function isUntrustedLabel(label: string): boolean {
  return label.startsWith(untrusted);
}
