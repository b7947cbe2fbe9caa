import { buildBundle, cedarDecider } from '@chancery/adapters/policy-cedar';
import { compilePolicySet, type PolicyRequest } from '@chancery/kernel/policy';
import { inGroup, byName, policyText, valueOf } from '../policy-text.ts';
import { meanUs, percentile, type BenchRow } from '../row.ts';

interface Workload {
  readonly name: string;
  readonly text: string;
  /** Most microseconds that our median may take. */
  readonly mostUs: number;
  /** Least ratio of the peer's median to ours. */
  readonly bar: number;
}

/** Decisions are too short to be timed one by one: a sample is the mean of a batch. */
const batch = { ours: 50, peer: 2 };
const rounds = { warmUp: 20, measured: 300 };

const key = `ed25519:${'0'.repeat(64)}`;
const agent = { type: 'Agent', id: key };
const capability = { type: 'Capability', id: 'fs.write' };
const group = { type: 'CapabilityGroup', id: 'fs' };

const request: PolicyRequest = {
  principal: agent,
  action: { type: 'Action', id: 'act' },
  resource: capability,
  entities: [
    { uid: agent, attrs: { key }, parents: [] },
    {
      uid: capability,
      attrs: { name: 'fs.write', version: '1', effect: 'write', risk: 'medium' },
      parents: [group],
    },
    { uid: group, attrs: {}, parents: [] },
  ],
  context: {
    effect: 'write',
    effects: ['write'],
    risk: 'medium',
    riskLevel: 1,
    paths: ['src/main.ts'],
    path: 'src/main.ts',
    programs: [],
    protectedFile: false,
    unsandboxed: false,
    left: { tokens: 1, costMicrousd: 1, calls: 1, wallMs: 1, cpuMs: 1, bytesOut: 1 },
    depth: 0,
    timeMs: 1_760_000_000_000,
    facts: { readSecret: false, sawUntrusted: false, commits: 0, refusals: 0 },
    roles: ['path'],
    labels: [],
  },
};

const workloads: readonly Workload[] = [
  { name: 'policy-10-in-scope', text: policyText(byName), mostUs: 3, bar: 30 },
  { name: 'policy-100-in-scope', text: policyText(inGroup), mostUs: 40, bar: 12 },
];

/** A decision over 100 rules, next to Cedar's WASM build with pre-parsed policies. */
export async function policyRows(): Promise<BenchRow[]> {
  return workloads.map(measure);
}

function measure({ name, text, mostUs, bar }: Workload): BenchRow {
  const bundle = valueOf(buildBundle({ name: 'bench', level: 'tenant', text }));
  const { decide } = valueOf(compilePolicySet([bundle]));
  const peer = cedarDecider(bundle);
  const samples: number[] = [];
  const peerSamples: number[] = [];
  for (let round = -rounds.warmUp; round < rounds.measured; round += 1) {
    const oursUs = meanUs(batch.ours, () => decide(request));
    const peerUs = meanUs(batch.peer, () => peer(request));
    if (round < 0) continue;
    samples.push(oursUs);
    peerSamples.push(peerUs);
  }
  const p50 = percentile(samples, 0.5);
  const peerP50 = percentile(peerSamples, 0.5);
  const ratio = peerP50 / p50;
  return {
    name,
    unit: 'µs',
    p50,
    p95: percentile(samples, 0.95),
    p99: percentile(samples, 0.99),
    perSecond: 1e6 / p50,
    reference: { name: 'Cedar WASM, pre-parsed', perSecond: 1e6 / peerP50 },
    ratio,
    bar,
    met: ratio >= bar && p50 <= mostUs,
  };
}
