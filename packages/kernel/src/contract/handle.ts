/** What stands in arguments for a secret that the vault holds. */
const form = /^vault:([a-z0-9][a-z0-9._-]{0,62})$/;

/** Name of the secret that a text is the handle of; undefined for any other text. */
export function secretOf(handle: string): string | undefined {
  return form.exec(handle)?.[1];
}

export function handleOf(secret: string): string {
  return `vault:${secret}`;
}

/** An argument of the role `credential`: what is given which secret. */
export interface Credential {
  /** A variable of the environment or a header; with its place in front where one is named. */
  readonly variable: string;
  readonly secret: string;
  /** The `host:port` whose requests alone are given it, where one is named. */
  readonly host: string | undefined;
}

/** `VARIABLE=vault:NAME` or `HOST:PORT/HEADER=vault:NAME`; undefined for any other text. */
export function credentialOf(text: string): Credential | undefined {
  const at = text.indexOf('=');
  const secret = at > 0 ? secretOf(text.slice(at + 1)) : undefined;
  if (secret === undefined) return undefined;
  const variable = text.slice(0, at);
  const slash = variable.indexOf('/');
  return { variable, secret, host: slash > 0 ? variable.slice(0, slash) : undefined };
}
