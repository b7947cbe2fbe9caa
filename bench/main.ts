import { availableParallelism, cpus, totalmem } from 'node:os';
import { parseArgs } from 'node:util';
import type { BenchRow } from './row.ts';
import { appendRows } from './rows/append.ts';
import { appendPostgresRows } from './rows/append-postgres.ts';
import { commandAnalysisRows } from './rows/command-analysis.ts';
import { compileRows } from './rows/compile.ts';
import { diskRows } from './rows/disk.ts';
import { followersRows } from './rows/followers.ts';
import { governedRows } from './rows/governed.ts';
import { httpFetchRows } from './rows/http-fetch.ts';
import { killSwitchRows } from './rows/kill-switch.ts';
import { memoryRows } from './rows/memory.ts';
import { peersRows } from './rows/peers.ts';
import { policyRows } from './rows/policy.ts';
import { proofRows } from './rows/proof.ts';
import { redactionRows } from './rows/redaction.ts';
import { replayRows } from './rows/replay.ts';
import { sandboxRows } from './rows/sandbox.ts';
import { simulateRows } from './rows/simulate.ts';
import { snapshotRows } from './rows/snapshot.ts';
import { workspaceRows } from './rows/workspace.ts';
import { writRows } from './rows/writ.ts';
import { tableOf } from './table.ts';

/*
 * npm run bench -- [--only NAME] [--json]
 *
 * Each benchmark makes one or more rows. NAME is a benchmark, see the table below.
 */

const benchmarks: Readonly<Record<string, () => Promise<readonly BenchRow[]>>> = {
  compile: compileRows,
  'command-analysis': commandAnalysisRows,
  policy: policyRows,
  simulate: simulateRows,
  writ: writRows,
  append: appendRows,
  'append-postgres': appendPostgresRows,
  governed: governedRows,
  peers: peersRows,
  replay: replayRows,
  snapshot: snapshotRows,
  proof: proofRows,
  followers: followersRows,
  memory: memoryRows,
  disk: diskRows,
  redaction: redactionRows,
  workspace: workspaceRows,
  sandbox: sandboxRows,
  'http-fetch': httpFetchRows,
  'kill-switch': killSwitchRows,
};

const usage = `usage: bench [--only ${Object.keys(benchmarks).join('|')}] [--json]\n`;

function machine(): string {
  const [cpu] = cpus();
  const gib = Math.round(totalmem() / 2 ** 30);
  return `${availableParallelism()} × ${cpu?.model ?? 'unknown'}, ${gib} GiB`;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { only: { type: 'string' }, json: { type: 'boolean' } },
  });
  const { only, json = false } = values;
  const chosen = Object.entries(benchmarks).filter(([name]) => only === undefined || name === only);
  if (chosen.length === 0) {
    process.stderr.write(usage);
    process.exitCode = 2;
    return;
  }
  const rows: BenchRow[] = [];
  for (const [name, run] of chosen) {
    process.stderr.write(`${name} …\n`);
    rows.push(...(await run()));
  }
  const report = { machine: machine(), node: process.version, rows };
  process.stdout.write(
    json
      ? `${JSON.stringify(report, undefined, 2)}\n`
      : `${report.machine}, Node ${report.node}\n${tableOf(rows)}\n`,
  );
}

await main();
