import { closeSync, createReadStream, openSync, readSync, statSync } from 'node:fs';
import { exitCodeOf, refusal, RefusalError, type Result } from '@chancery/kernel/refusal';
import { parseTimestampFile, readTrusted } from '@chancery/kernel/timestamp';
import { anchoredIn } from './anchored.ts';
import { readArguments, usage, type Asked } from './arguments.ts';
import { examine, examineExport, type Outcome } from './examine.ts';
import { examineProof } from './examine-proof.ts';
import { readText } from './files.ts';
import { beginsProof, proofBytesMax, proofStartBytes } from './proof-evidence.ts';
import { exitOf, jsonOf, linesOf } from './report.ts';
import { tileEvidence } from './tile-evidence.ts';

/* chancery-verify: see `usage`. */

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
  return exitOf(outcome);
}

async function outcomeOf(asked: Asked): Promise<Outcome> {
  const { evidence, trust, checkpoints, against, entry, timestamps, authorities } = asked;
  const stats = statSync(evidence, { throwIfNoEntry: false });
  if (stats === undefined) {
    throw wrong(`there is no ${evidence}`);
  }
  if (stats.isFile() && beginsProof(startOf(evidence))) return outcomeOfProof(asked, stats.size);
  if (entry !== undefined) throw wrong('--entry goes with a proof alone');
  const anchored = against.flatMap((file) => anchoredIn(readText(file), trust.ledger, file));
  const how = {
    ...{ trust, kept: checkpoints.map(readText), anchored, onProgress: progress(asked) },
    timestamps: timestamps.map((file) => granted(parseTimestampFile(readText(file)))),
    authorities: authorities.flatMap((file) => granted(readTrusted(readText(file)))),
  };
  if (stats.isDirectory()) return examine(tileEvidence(evidence), how);
  if (!stats.isFile()) {
    throw wrong(`${evidence} is no file, and can be read only once`);
  }
  return examineExport(() => createReadStream(evidence, { highWaterMark: chunkBytes }), how);
}

function outcomeOfProof(asked: Asked, bytes: number): Outcome {
  const { evidence, trust, checkpoints, against, entry, timestamps } = asked;
  if (against.length > 0) throw wrong('a proof cannot be compared with what anchors keep');
  if (timestamps.length > 0) throw wrong('a timestamp goes with a ledger, and not with a proof');
  if (bytes > proofBytesMax) {
    throw new RefusalError(refusal('proof.invalid', `no proof has ${bytes} bytes`));
  }
  return examineProof(readText(evidence), {
    trust,
    kept: checkpoints.map(readText),
    // No entry ends in a newline, and what writes text to a file often adds one.
    entry: entry === undefined ? undefined : readText(entry).replace(/\n$/, ''),
  });
}

function granted<T>(result: Result<T>): T {
  if (!result.ok) throw new RefusalError(result.refusal);
  return result.value;
}

function startOf(file: string): string {
  const descriptor = openSync(file, 'r');
  try {
    const start = new Uint8Array(proofStartBytes);
    return new TextDecoder().decode(start.subarray(0, readSync(descriptor, start)));
  } finally {
    closeSync(descriptor);
  }
}

function wrong(message: string): RefusalError {
  return new RefusalError(refusal('usage.invalid', message));
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
