import { literalHost, type Executor, type Manifest } from '@chancery/kernel/manifest';
import { assert } from '@chancery/kernel/refusal';

/** A URL up to its path: what stands there is no template. */
const authority = /^https?:\/\/[^/]+/;

const usualPorts: Readonly<Record<string, number>> = { 'http:': 80, 'https:': 443 };

/**
 * Every `host:port` that these reach over a network; undefined where nobody can tell, because one runs
 * without a sandbox.
 */
export function reachedBy(
  executors: readonly Executor[],
  unsafe: boolean,
): readonly string[] | undefined {
  const places = executors.map((executor) => placeOf(executor, unsafe));
  if (places.includes('unknown')) return undefined;
  return [...new Set(places.filter((place) => place !== undefined))].sort();
}

/** What runs in a sandbox has no network. */
function placeOf(executor: Executor, unsafe: boolean): string | undefined {
  const url = urlOf(executor);
  if (url === undefined) return unsafe ? 'unknown' : undefined;
  const found = authority.exec(url);
  assert(found !== null, 'a manifest that was read names its host');
  const { protocol, hostname, port } = new URL(found[0]);
  return `${hostname}:${port === '' ? usualPorts[protocol] : port}`;
}

/** A host of a manifest that is spelled otherwise than in its one form (WHATWG URL), and that form. */
interface Respelled {
  readonly host: string;
  readonly form: string;
}

/**
 * The first host of a manifest that is spelled so that it looks like another one: an address as one number,
 * in octal or hexadecimal digits, with parts left out, or of IPv6 in a longer form; undefined where none is.
 */
export function respelledHost({
  executor,
  reconcile,
  compensate,
}: Pick<Manifest, 'executor' | 'reconcile' | 'compensate'>): Respelled | undefined {
  const executors = [executor, reconcile?.executor, compensate?.executor];
  for (const each of [...executors, compensate?.reconcile?.executor]) {
    const url = each && urlOf(each);
    const host = url === undefined ? undefined : literalHost(url);
    if (host === undefined) continue;
    const at = `http://${host}/`;
    const form = URL.canParse(at) ? new URL(at).hostname.replace(/\.$/, '') : 'no host';
    if (form !== host) return { host, form };
  }
  return undefined;
}

function urlOf(executor: Executor): string | undefined {
  if (executor.kind === 'http') return executor.url;
  if (executor.kind === 'mcp' && executor.transport.kind === 'http') return executor.transport.url;
  return undefined;
}
