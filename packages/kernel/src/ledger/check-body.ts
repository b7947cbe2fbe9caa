import { refusal, type Refusal } from '../refusal/index.ts';
import { isKind, type Kind } from './catalogue.ts';
import { bodyChecks } from './checkers.generated.ts';
import { homes } from './homes.ts';

/**
 * Whether `body` satisfies the schema of its kind; undefined when it does.
 * Refuses `entry.unknown-kind`, and `entry.invalid` naming the place by JSON Pointer (RFC 6901).
 */
export function checkBody(kind: string, body: unknown): Refusal | undefined {
  if (!isKind(kind)) {
    return refusal('entry.unknown-kind', `${JSON.stringify(kind)} is not a kind of the catalogue`);
  }
  const wrong = bodyChecks[kind](body);
  if (wrong === undefined) return undefined;
  return refusal(
    'entry.invalid',
    `the body of ${kind}: ${wrong.startsWith('/') ? '' : 'it'}${wrong}`,
  );
}

/** Whether entries of the kind belong on the stream; refuses `entry.invalid`. */
export function checkHome(kind: Kind, stream: string): Refusal | undefined {
  const home = homes[kind];
  const right = home.endsWith(':') ? stream.startsWith(home) : stream === home;
  if (right) return undefined;
  return refusal(
    'entry.invalid',
    `${kind} does not belong on the stream ${JSON.stringify(stream)}`,
  );
}
