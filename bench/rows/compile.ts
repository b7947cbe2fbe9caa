import { buildBundle } from '@chancery/adapters/policy-cedar';
import { compile, type CompileInput } from '@chancery/kernel/compiler';
import { compilePolicySet } from '@chancery/kernel/policy';
import { redactor } from '@chancery/runtime/redaction';
import { compileInput, someIntent, someNormalised } from '@chancery/testkit/builders';
import { byName, policyText, valueOf } from '../policy-text.ts';
import { percentiles, type BenchRow } from '../row.ts';

/** Microseconds that the median and the 99th percentile may take. */
const most = { p50: 15, p99: 80 };
const rounds = { warmUp: 20_000, measured: 50_000 };
const kinds = 256;

/**
 * One intent through all stages to the action digest: 100 policies of which 10 are in scope, a writ
 * of two links that was seen before, the search for secrets on.
 */
export async function compileRows(): Promise<BenchRow[]> {
  const inputs = makeInputs();
  const samples: number[] = [];
  for (let round = -rounds.warmUp; round < rounds.measured; round += 1) {
    const input = inputs[(round + rounds.warmUp) % kinds];
    if (input === undefined) continue;
    const at = performance.now();
    const outcome = compile(input);
    const tookUs = (performance.now() - at) * 1_000;
    if (outcome.kind !== 'staged') throw new Error(`the intent was ${outcome.kind}`);
    if (round >= 0) samples.push(tookUs);
  }
  const times = percentiles(samples);
  const ratio = Math.min(most.p50 / times.p50, most.p99 / times.p99);
  return [
    {
      name: 'compile',
      unit: 'µs',
      ...times,
      perSecond: 1e6 / times.p50,
      reference: { name: `p50 ${most.p50} µs, p99 ${most.p99} µs`, perSecond: 1e6 / most.p50 },
      ratio,
      bar: 1,
      met: ratio >= 1,
    },
  ];
}

/** Inputs that differ in their arguments, as those of a run do. */
function makeInputs(): readonly CompileInput[] {
  const bundle = valueOf(buildBundle({ name: 'bench', level: 'tenant', text: policyText(byName) }));
  const policy = valueOf(compilePolicySet([bundle]));
  const { findSecret } = redactor({ secrets: ['correct horse battery staple'] });
  const base = compileInput({ policy, findSecret });
  return Array.from({ length: kinds }, (_, index) => {
    const args = { path: `src/file-${index}.ts`, content: `export const n = ${index};\n` };
    return {
      ...base,
      intent: someIntent({ args, nonce: `n${index}` }),
      normalised: {
        ok: true,
        value: someNormalised({
          args,
          resolved: { path: `/tree/${args.path}` },
          paths: [args.path],
        }),
      },
    };
  });
}
