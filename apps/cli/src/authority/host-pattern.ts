import { done, refused, type Result } from '@chancery/kernel/refusal';
import { isHostPattern } from '@chancery/kernel/writ';
import { getPublicSuffix } from 'tldts';

/** A pattern of hosts as it is typed, with its host in the one form; without `port` none was named. */
export interface TypedPattern {
  readonly host: string;
  readonly port: string | undefined;
}

/**
 * A host, or `*.` and a host, in its one form (lower case, in ASCII), and the port behind it where one
 * stands there. Refuses `usage.invalid`, also for all names below a public suffix (publicsuffix.org,
 * its private part included), which belong to everybody. `what`: what it is given to, for messages.
 */
export function readHostPattern(what: string, text: string): Result<TypedPattern> {
  const [, star = '', name = '', port] = /^(\*\.)?([^:]+)(?::(\d+))?$/.exec(text) ?? [];
  const isName = /^[^\s/:@?#\\]+$/.test(name) && URL.canParse(`https://${name}`);
  const host = isName ? `${star}${new URL(`https://${name}`).hostname}` : '';
  if (!isHostPattern(port === undefined ? host : `${host}:${port}`)) {
    return refused('usage.invalid', `${what} ${JSON.stringify(text)} is no host`, {
      remedy: 'Give a name alone, such as api.example.org, *.example.org or example.org:8443.',
    });
  }
  if (isTooWide(host)) {
    const message = `${what} ${JSON.stringify(text)} stands for the sites of everybody`;
    return refused('usage.invalid', message, {
      remedy: 'Name a domain that somebody has registered, such as *.example.org, or single hosts.',
    });
  }
  return done({ host, port });
}

/** Whether a pattern stands for all names below a public suffix. */
export function isTooWide(pattern: string): boolean {
  if (!pattern.startsWith('*.')) return false;
  const below = pattern.slice(2).replace(/:\d+$/, '');
  return getPublicSuffix(below, { allowPrivateDomains: true }) === below;
}
