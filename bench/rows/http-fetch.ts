import { once } from 'node:events';
import { createServer, get } from 'node:http';
import type { AddressInfo } from 'node:net';
import { httpFetch } from '@chancery/adapters/capability-http';
import { bubblewrapSandbox } from '@chancery/adapters/sandbox-bubblewrap';
import type { Action } from '@chancery/kernel/compiler';
import { emptyWorld } from '@chancery/kernel/world';
import type { ExecutionContext } from '@chancery/runtime/broker';
import { valueOf } from '../policy-text.ts';
import { percentile, percentiles, type BenchRow } from '../row.ts';

const rounds = { warmUp: 200, measured: 2_000 };
const body = 'x'.repeat(4_096);

/** What the capability may cost beside the same request made plainly. */
const bar = 0.5;

/**
 * One GET of 4 KiB from a server of this machine by `http.fetch`, from its arguments to its observation,
 * by turns with one that Node makes by itself. Each has a connection of its own.
 */
export async function httpFetchRows(): Promise<BenchRow[]> {
  const server = createServer((_, response) => response.end(body));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const capability = httpFetch({ opened: ['127.0.0.1'] });
  const surroundings = { root: '/', sandbox: bubblewrapSandbox(), readable: [], readOnly: [] };
  const context: ExecutionContext = {
    ...{ ...surroundings, actionDigest: '', world: emptyWorld, tree: '', timeoutMs: 60_000 },
    ...{ signal: new AbortController().signal, credentials: new Map() },
  };
  const fetched = async (): Promise<void> => {
    const { args } = valueOf(await capability.normalise({ url }, surroundings));
    const execution = await capability.execute({ normalisedArgs: args } as Action, context);
    if (execution.kind === 'failed') throw new Error(execution.failure.message);
    if (execution.observation['sizeBytes'] !== body.length) throw new Error('another answer came');
  };
  const samples: number[] = [];
  const plain: number[] = [];
  for (let round = -rounds.warmUp; round < rounds.measured; round += 1) {
    const plainMs = await timeMs(() => asked(url));
    const tookMs = await timeMs(fetched);
    if (round < 0) continue;
    samples.push(tookMs);
    plain.push(plainMs);
  }
  server.close();
  await once(server, 'close');
  const times = percentiles(samples);
  const plainMs = percentile(plain, 0.5);
  const ratio = plainMs / times.p50;
  return [
    {
      name: 'http-fetch',
      unit: 'ms',
      ...times,
      perSecond: 1_000 / times.p50,
      reference: { name: 'the same by Node alone', perSecond: 1_000 / plainMs },
      ratio,
      bar,
      met: ratio >= bar,
    },
  ];
}

function asked(url: string): Promise<string> {
  return new Promise((resolve, reject) => {
    get(url, { agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.once('end', () => resolve(Buffer.concat(chunks).toString()));
    }).once('error', reject);
  });
}

async function timeMs(run: () => Promise<unknown>): Promise<number> {
  const at = performance.now();
  await run();
  return performance.now() - at;
}
