import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { redactor } from '@chancery/runtime/redaction';
import { percentiles, type BenchRow } from '../row.ts';

/** Least share of the speed at which a loop reads each character once. */
const bar = 0.1;
const pieceChars = 65_536;
const rounds = { warmUp: 2, measured: 7 };

/**
 * Redaction of source code that holds no secret, in pieces as large as the output of a command may
 * be. It is full of words such as `token`, at which detectors are tried.
 */
export function redactionRows(): Promise<BenchRow[]> {
  const pieces = sourcePieces();
  const { findSecret } = redactor({ secrets: ['correct horse battery staple'] });
  const ours: number[] = [];
  const floor: number[] = [];
  for (let round = -rounds.warmUp; round < rounds.measured; round += 1) {
    for (const piece of pieces) {
      const readMs = timed(() => readOnce(piece));
      const searchedMs = timed(() => {
        if (findSecret(piece) !== undefined) throw new Error('the source holds a secret');
      });
      if (round < 0) continue;
      floor.push(readMs);
      ours.push(searchedMs);
    }
  }
  const [times, reading] = [percentiles(ours), percentiles(floor)];
  const megabytes = pieceChars / 1e6;
  const perSecond = (megabytes * 1_000) / times.p50;
  const reference = { name: 'MB read once', perSecond: (megabytes * 1_000) / reading.p50 };
  const ratio = perSecond / reference.perSecond;
  const row = { name: 'redaction, MB', unit: 'ms', ...times, perSecond, reference } as const;
  return Promise.resolve([{ ...row, ratio, bar, met: ratio >= bar }]);
}

function sourcePieces(): readonly string[] {
  const path = createRequire(import.meta.url).resolve('typescript');
  // Decoded from bytes piece by piece, as outputs are, and not views of one long text.
  const bytes = readFileSync(path).subarray(0, 64 * pieceChars);
  return Array.from({ length: Math.floor(bytes.length / pieceChars) }, (_, nth) =>
    bytes.subarray(nth * pieceChars, (nth + 1) * pieceChars).toString('latin1'),
  );
}

function timed(work: () => void): number {
  const at = performance.now();
  work();
  return performance.now() - at;
}

function readOnce(text: string): void {
  let sum = 0;
  for (let at = 0; at < text.length; at += 1) sum = (sum * 31 + text.charCodeAt(at)) | 0;
  if (sum === 0.5) throw new Error('an integer is none');
}
