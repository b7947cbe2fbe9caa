import { PKIStatus, type PKIFreeText, TimeStampResp } from '@peculiar/asn1-tsp';
import { done, refused, type Result } from '@chancery/kernel/refusal';
import { elementOf, partsOf, rawOf, structureOf } from './der.ts';

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

/**
 * The token in a response (RFC 3161, section 2.4.2). Refuses `timestamp.invalid`, and
 * `timestamp.refused` where the authority gives none, with what it says of it.
 */
export function grantedToken(reply: Uint8Array): Result<Uint8Array> {
  const response = structureOf(reply, TimeStampResp);
  if (response === undefined) return refused('timestamp.invalid', 'the reply is no timestamp');
  const { status, statusString, failInfo } = response.status;
  const [, token, ...more] = partsOf(elementOf(reply));
  if (status === PKIStatus.granted || status === PKIStatus.grantedWithMods) {
    if (token !== undefined && more.length === 0) return done(rawOf(token));
    return refused('timestamp.invalid', 'the reply grants a timestamp that is not in it');
  }
  const failure = failInfo === undefined ? [] : namesIn(new Uint8Array(failInfo.value));
  const said = wordsOf(statusString);
  const why = [...failure, ...(said === '' ? [] : [JSON.stringify(said)])].join(', ');
  return refused(
    'timestamp.refused',
    `the authority gives no timestamp: ${why || `status ${status}`}`,
    {
      details: { status, failure: failure.join(' '), said },
    },
  );
}

function namesIn(bits: Uint8Array): readonly string[] {
  return [...failures].flatMap(([bit, name]) => {
    const byte = bits[Math.floor(bit / 8)] ?? 0;
    return (byte & (0x80 >> (bit % 8))) === 0 ? [] : [name];
  });
}

function wordsOf(text: PKIFreeText | undefined): string {
  return (text?.map(String).join(' ') ?? '').slice(0, textMax);
}
