/** What stands in arguments for a secret that the vault holds. */
const form = /^vault:([a-z0-9][a-z0-9._-]{0,62})$/;

/** Name of the secret that a text is the handle of; undefined for any other text. */
export function secretOf(handle: string): string | undefined {
  return form.exec(handle)?.[1];
}

export function handleOf(secret: string): string {
  return `vault:${secret}`;
}

/** An argument of the role `credential`: which variable of the environment is given which secret. */
export interface Credential {
  readonly variable: string;
  readonly secret: string;
}

/** `VARIABLE=vault:NAME`; undefined for any other text. */
export function credentialOf(text: string): Credential | undefined {
  const at = text.indexOf('=');
  const secret = at > 0 ? secretOf(text.slice(at + 1)) : undefined;
  return secret === undefined ? undefined : { variable: text.slice(0, at), secret };
}
