import { analyseLine } from '@chancery/adapters/capability-shell';
import { percentiles, type BenchRow } from '../row.ts';

/** Milliseconds that the 99th percentile may take. */
const mostMs = 1;
const longest = 4096;
const kinds = 64;
const rounds = { warmUp: 2_000, measured: 4_000 };

/** Commands as developers type them, with what a shell has to be read for. */
const commands: readonly string[] = [
  `grep -rn 'foo bar' src --include='*.ts' | sort -u > out.txt`,
  `sed -i -e 's/a/b/' -e '/^$/d' src/index.ts`,
  `git commit -m "release $(node -p 'require("./package.json").version')"`,
  `for f in src/*.ts; do cp "$f" "dist/\${f%.ts}.txt"; done`,
  `npm run build -- --mode production 2>&1 | tee build.log`,
  `find . -name '*.orig' -not -path './node_modules/*' -exec rm -f {} +`,
  `(cd packages/a && CI=1 npx vitest run --coverage) || exit 1`,
  `sh -c 'tsc --noEmit && eslint . --max-warnings 0'`,
  `if [ -f a.txt ]; then tar czf a.tgz a.txt; fi`,
  `env NODE_ENV=test timeout 60 node --test src/a.test.ts`,
  `cat a.json | jq -r '.items[] | .name' | xargs -n1 echo`,
  `awk -F, 'NR > 1 { s += $3 } END { print s }' a.csv >> sums.txt`,
];

/** As long as may be, of the same again and again. */
const full = (open: string, middle = '', close = ''): string => {
  const times = Math.floor((longest - middle.length) / (open.length + close.length));
  return open.repeat(times) + middle + close.repeat(times);
};

/** Lines of 4 KiB that are made to take long: nested, never closed, or read again and again. */
const hostile: readonly string[] = [
  full('$('),
  full('$(', 'ls', ')'),
  full('"$(', 'ls', ')"'),
  full('`'),
  full('('),
  full('{ ', 'ls', ' ;}'),
  full('((', '1', '))'),
  full('${a:-', 'b', '}'),
  full(`"'`),
  full('\\'),
  full('a="$a$a"; '),
  full('if ', 'ls', ' ;then :;fi'),
  full('<<A '),
  full('cat <<E\nx $(ls)\nE\n'),
  full('eval "$(', 'ls', ')"'),
  `sh -c ${full("'\"'", 'ls', "'\"'")}`,
  full('sudo env xargs '),
  full('{a,b}'),
  full('*?[a]'),
  full('f() { f|f& };'),
];

/** Lines of nearly 4 KiB, each with its commands in another order and with other names in them. */
function makeLines(): readonly string[] {
  return Array.from({ length: kinds }, (_, nth) => {
    let line = commands[nth % commands.length] ?? '';
    for (let index = 1; ; index += 1) {
      const next = commands[(nth + index * 5) % commands.length] ?? '';
      const longer = `${line}; ${next.replaceAll('a.', `a${nth}.`)}`;
      if (longer.length > longest) return line;
      line = longer;
    }
  });
}

/** How long each line took, by turns, without the rounds that warm up. */
function timesOf(lines: readonly string[], read: (line: string) => void): readonly number[] {
  const samples: number[] = [];
  for (let round = -rounds.warmUp; round < rounds.measured; round += 1) {
    const line = lines[(round + rounds.warmUp) % lines.length] ?? '';
    const at = performance.now();
    read(line);
    if (round >= 0) samples.push(performance.now() - at);
  }
  return samples;
}

function rowOf(name: string, samples: readonly number[]): BenchRow {
  const times = percentiles(samples);
  const ratio = mostMs / times.p99;
  return {
    ...{ name, unit: 'ms', ...times, perSecond: 1_000 / times.p50 },
    reference: { name: `p99 ${mostMs} ms`, perSecond: 1_000 / mostMs },
    ...{ ratio, bar: 1, met: ratio >= 1 },
  };
}

/** What a line of 4 KiB could run, and what that does. */
export function commandAnalysisRows(): Promise<BenchRow[]> {
  const usual = timesOf(makeLines(), (line) => {
    if (analyseLine(line).commands.length < 50) throw new Error('the line was not read to its end');
  });
  const worst = timesOf(hostile, (line) => void analyseLine(line));
  return Promise.resolve([
    rowOf('command-analysis', usual),
    rowOf('command-analysis-hostile', worst),
  ]);
}
