import { createReadStream, statSync } from 'node:fs';
import { exitCodeOf, refusal, RefusalError } from '@chancery/kernel/refusal';
import { anchoredIn } from './anchored.ts';
import { readArguments, usage, type Asked } from './arguments.ts';
import { examine, examineExport, type Outcome } from './examine.ts';
import { readText } from './files.ts';
import { holds, jsonOf, linesOf } from './report.ts';
import { tileEvidence } from './tile-evidence.ts';

/* chancery-verify: see `usage`. */

const failed = 7;
const chunkBytes = 256 * 1_024;

async function main(args: readonly string[]): Promise<number> {
  const asked = readArguments(args);
  if (asked === undefined) {
    process.stdout.write(usage);
    return 0;
  }
  const outcome = await outcomeOf(asked);
  process.stderr.write(process.stderr.isTTY ? '\r\u001b[K' : '');
  const lines = asked.json ? [jsonOf(outcome)] : linesOf(outcome);
  process.stdout.write(`${lines.join('\n')}\n`);
  return holds(outcome) ? 0 : failed;
}

async function outcomeOf(asked: Asked): Promise<Outcome> {
  const { evidence, trust, checkpoints, against } = asked;
  const stats = statSync(evidence, { throwIfNoEntry: false });
  if (stats === undefined) {
    throw new RefusalError(refusal('usage.invalid', `there is no ${evidence}`));
  }
  const anchored = against.flatMap((file) => anchoredIn(readText(file), trust.ledger, file));
  const how = { trust, kept: checkpoints.map(readText), anchored, onProgress: progress(asked) };
  if (stats.isDirectory()) return examine(tileEvidence(evidence), how);
  if (!stats.isFile()) {
    throw new RefusalError(
      refusal('usage.invalid', `${evidence} is no file, and can be read only once`),
    );
  }
  return examineExport(() => createReadStream(evidence, { highWaterMark: chunkBytes }), how);
}

/** A line that is written over, where somebody is watching. */
function progress({ json }: Asked): (entries: number) => void {
  if (json || !process.stderr.isTTY) return () => undefined;
  return (entries) => void process.stderr.write(`\r${entries} entries`);
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof RefusalError)) throw error;
  const { code, message, remedy } = error.refusal;
  process.stderr.write(`${code}: ${message}\n  remedy: ${remedy}\n`);
  process.exitCode = exitCodeOf(code);
}
