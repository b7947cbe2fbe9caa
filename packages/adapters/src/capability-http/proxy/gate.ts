import { inTime } from '../in-time.ts';
import { placeOf, type Destination } from '../destination.ts';
import { resolveHost, type HttpOptions, type Resolution, type Resolved } from '../resolution.ts';

export interface Refused {
  readonly kind: 'refused';
  /** Of the answer that tells the command. */
  readonly status: 400 | 403 | 502 | 504;
  readonly code: string;
  readonly why: string;
}

export type Admission = { readonly kind: 'admitted'; readonly to: Resolved } | Refused;

export function refusal(code: string, why: string, status: Refused['status'] = 403): Refused {
  return { kind: 'refused', status, code, why };
}

/**
 * Where one command may go: to the places that it was granted, each at the one address that was found the
 * first time.
 */
export class Gate {
  readonly #places: ReadonlySet<string>;
  readonly #options: HttpOptions;
  readonly #connectMs: number;
  readonly #pinned = new Map<string, Promise<Resolution | undefined>>();

  constructor(places: readonly string[], options: HttpOptions, connectMs: number) {
    this.#places = new Set(places);
    this.#options = options;
    this.#connectMs = connectMs;
  }

  /** Undefined where the place is one of those that were granted. Nothing is looked up. */
  #check(destination: Destination): Refused | undefined {
    const place = placeOf(destination);
    if (this.#places.has(place)) return undefined;
    const granted = [...this.#places].join(', ');
    return refusal(
      'net.not-granted',
      `${place} is not among the hosts of this command: ${granted}`,
    );
  }

  async admit(destination: Destination): Promise<Admission> {
    const refused = this.#check(destination);
    if (refused !== undefined) return refused;
    const { host } = destination;
    const resolution = await this.#addressOf(host);
    if (resolution === undefined) {
      return refusal('net.timeout', `${host} was not resolved in time`, 504);
    }
    switch (resolution.kind) {
      case 'unresolved':
        return refusal('net.unresolved', `${host}: ${resolution.why}`, 502);
      case 'forbidden': {
        const what = `${host} is ${resolution.address}, which is not of the public internet`;
        return refusal('net.forbidden-address', what);
      }
      case 'resolved':
        return { kind: 'admitted', to: resolution.to };
    }
  }

  /** A name is asked for once: later it might be answered with another address. */
  #addressOf(host: string): Promise<Resolution | undefined> {
    const known = this.#pinned.get(host);
    if (known !== undefined) return known;
    const found = inTime(AbortSignal.timeout(this.#connectMs), resolveHost(host, this.#options));
    this.#pinned.set(host, found);
    // What was not found may be there later.
    const forget = (): boolean => this.#pinned.delete(host);
    void found.then((end) => (end === undefined || end.kind === 'unresolved') && forget(), forget);
    return found;
  }
}
