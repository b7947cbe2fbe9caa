import {
  objectDigest,
  preAuthEncoding,
  sealEnvelope,
  verifySignature,
  type Envelope,
  type Signer,
} from '@chancery/kernel/encoding';
import { checkChain, readWrit, type ReadWrit, type Writ } from '@chancery/kernel/writ';
import { authority, someChain } from '@chancery/testkit/builders';
import { valueOf } from '../policy-text.ts';
import { percentile, percentiles, type BenchRow } from '../row.ts';

const links = 2;
/** How much dearer than its signatures the first sight of a writ may be. */
const most = 3;
const rounds = { warmUp: 300, measured: 1_000 };

/** A writ of two links that was never seen: read, signatures, coverage. Floor: its signatures alone. */
export async function writRows(): Promise<BenchRow[]> {
  const of = authority();
  const samples: number[] = [];
  const floor: number[] = [];
  for (let round = -rounds.warmUp; round < rounds.measured; round += 1) {
    const envelopes = unseenChain(of, round);
    const at = performance.now();
    const chain = envelopes.map((envelope) => valueOf(readWrit(envelope)));
    const refusal = checkChain(chain, of.trust, of.agent.id);
    const tookUs = (performance.now() - at) * 1_000;
    if (refusal !== undefined) throw new Error(refusal.message);
    const floorUs = verifyOnly(chain);
    if (round < 0) continue;
    samples.push(tookUs);
    floor.push(floorUs);
  }
  const floorUs = percentile(floor, 0.5);
  const times = percentiles(samples);
  const ratio = floorUs / times.p50;
  return [
    {
      name: 'writ-first-sight',
      unit: 'µs',
      ...times,
      perSecond: 1e6 / times.p50,
      reference: { name: `${links} Ed25519 verifications`, perSecond: 1e6 / floorUs },
      ratio,
      bar: 1 / most,
      met: ratio >= 1 / most,
    },
  ];
}

/** Sealed by hand: a writ that was issued here would be known here. */
function unseenChain(of: ReturnType<typeof authority>, round: number): readonly Envelope[] {
  const [child, root] = someChain(of);
  const seal = (writ: Writ, signer: Signer): Envelope =>
    sealEnvelope('application/vnd.chancery.writ+json', writ, [signer]);
  const above: Writ = { ...root.writ, nonce: `root-${round}` };
  const below: Writ = {
    ...child.writ,
    parent: objectDigest('writ', above),
    nonce: `child-${round}`,
  };
  return [seal(below, of.lead), seal(above, of.issuer)];
}

function verifyOnly(chain: readonly ReadWrit[]): number {
  const signed = chain.flatMap(({ envelope }) =>
    envelope.signatures.map(({ keyid, sig }) => ({
      keyid,
      message: preAuthEncoding(envelope.payloadType, Buffer.from(envelope.payload, 'base64')),
      hex: Buffer.from(sig, 'base64').toString('hex'),
    })),
  );
  const at = performance.now();
  const good = signed.filter(({ keyid, message, hex }) => verifySignature(keyid, message, hex));
  const tookUs = (performance.now() - at) * 1_000;
  if (good.length !== links) throw new Error('a signature does not verify');
  return tookUs;
}
