import { done, refused, type Result } from '../refusal/index.ts';
import { elementIn, partsOf, tags, type Element } from './der.ts';
import { countOf, hasBit } from './values.ts';

/** Names of the bits of PKIFailureInfo (RFC 3161, section 2.4.2). */
const failures: ReadonlyMap<number, string> = new Map([
  [0, 'badAlg'],
  [2, 'badRequest'],
  [5, 'badDataFormat'],
  [14, 'timeNotAvailable'],
  [15, 'unacceptedPolicy'],
  [16, 'unacceptedExtension'],
  [17, 'addInfoNotAvailable'],
  [25, 'systemFailure'],
]);
const textMax = 200;
const [granted, grantedWithMods] = [0, 1] as const;

/**
 * The token in a response (RFC 3161, section 2.4.2). Refuses `timestamp.invalid`, and
 * `timestamp.refused` where the authority gives none, with what it says of it.
 */
export function grantedToken(reply: Uint8Array): Result<Uint8Array> {
  const [info, token, ...more] = partsOf(elementIn(reply), tags.sequence) ?? [];
  const [told, ...details] = partsOf(info, tags.sequence) ?? [];
  const status = countOf(told);
  if (status === undefined || !isReadable(details)) {
    return refused('timestamp.invalid', 'the reply is no timestamp');
  }
  if (status === granted || status === grantedWithMods) {
    if (token !== undefined && more.length === 0) return done(token.raw);
    return refused('timestamp.invalid', 'the reply grants a timestamp that is not in it');
  }
  const failure = failuresIn(details.find(({ tag }) => tag === tags.bitString));
  const said = wordsOf(details.find(({ tag }) => tag === tags.sequence));
  const why = [...failure, ...(said === '' ? [] : [JSON.stringify(said)])].join(', ');
  return refused(
    'timestamp.refused',
    `the authority gives no timestamp: ${why || `status ${status}`}`,
    { details: { status, failure: failure.join(' '), said } },
  );
}

/** The words may be missing, and the failure; nothing else is there. */
function isReadable(details: readonly Element[]): boolean {
  const order = details.map(({ tag }) =>
    [tags.sequence, tags.bitString].findIndex((t) => t === tag),
  );
  return order.every((at, index) => at >= 0 && at > (order[index - 1] ?? -1));
}

function failuresIn(bits: Element | undefined): readonly string[] {
  return [...failures].flatMap(([bit, name]) => (hasBit(bits, bit) === true ? [name] : []));
}

function wordsOf(text: Element | undefined): string {
  const words = partsOf(text, tags.sequence) ?? [];
  const utf8 = new TextDecoder();
  return words
    .map(({ content }) => utf8.decode(content))
    .join(' ')
    .slice(0, textMax);
}
