import { done, refused, type Result } from '@chancery/kernel/refusal';
import type { EgressLog, Surroundings } from '@chancery/runtime/broker';
import type { JsonObject } from '@chancery/kernel/encoding';
import { setOf, type ShellRequest } from './request.ts';

/** What a command may reach, and what its requests are given. */
export type Reach = Pick<ShellRequest, 'network' | 'credentials'>;

const unheld = 'without a sandbox nothing holds a command to hosts: leave network out';
const sendable =
  'a command that reaches a network is given no secret in its environment: use credentials';

/** The hosts of a request in their one form. Refuses `args.invalid`; no host is looked up. */
export function readReach(
  { network, credentials, secrets }: ShellRequest,
  { egress }: Surroundings,
  unsafe: boolean,
): Result<Reach> {
  if (network.length === 0 && credentials.length === 0) return done({ network, credentials });
  if (unsafe) return refused('args.invalid', unheld);
  if (egress === undefined) {
    return refused('args.invalid', 'commands reach no network here: no host was allowed');
  }
  if (secrets.length > 0) return refused('args.invalid', sendable);
  const places: string[] = [];
  for (const text of network) {
    const place = egress.readPlace(text);
    if (!place.ok) return place;
    places.push(place.value);
  }
  const given: string[] = [];
  for (const credential of credentials) {
    const slash = credential.indexOf('/');
    const place = egress.readPlace(credential.slice(0, slash));
    if (!place.ok) return place;
    if (!places.includes(place.value)) {
      return refused('args.invalid', `a secret is for ${place.value}, which network does not name`);
    }
    given.push(`${place.value}${credential.slice(slash)}`);
  }
  const doubled = doubledHeader(given);
  if (doubled !== undefined) {
    return refused('args.invalid', `the header ${doubled} is given two values`);
  }
  return done({ network: setOf(places), credentials: setOf(given) });
}

function doubledHeader(credentials: readonly string[]): string | undefined {
  const names = setOf(credentials).map((each) => each.slice(0, each.indexOf('=')));
  return names.find((name, at) => names.indexOf(name) !== at);
}

/** What the log adds to an observation. */
export function requestsIn({ requests, unlisted }: EgressLog): JsonObject {
  return {
    requests: requests.map((each) => ({ ...each })),
    ...(unlisted === 0 ? {} : { unlistedRequests: unlisted }),
  };
}
