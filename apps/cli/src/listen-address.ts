import { refuse } from './exit.ts';

/** `HOST:PORT`, an IPv6 address in brackets. Refuses `usage.invalid`. */
export function readAddress(text: string): { readonly host: string; readonly port: number } {
  const [, v6, name, digits = ''] =
    /^(?:\[([0-9a-fA-F:.]+)\]|([^:[\]\s/]+)):(\d{1,5})$/.exec(text) ?? [];
  const [host, port] = [v6 ?? name, Number(digits)];
  if (host !== undefined && port <= 65_535) return { host, port };
  return refuse('usage.invalid', `${JSON.stringify(text)} is no HOST:PORT`);
}
