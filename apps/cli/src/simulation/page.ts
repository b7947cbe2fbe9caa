import { rankedGroups, redecisionKinds, type FlipGroup } from '@chancery/domain/simulation';
import { count, instant } from '../terminal/amounts.ts';
import { visible } from '../terminal/visible.ts';
import {
  decisionsIn,
  explainCommand,
  meanings,
  rulesText,
  runsText,
  trialText,
  verdictText,
  type Report,
} from './report.ts';

const style = `
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { max-width: 72rem; margin: 2rem auto; padding: 0 1rem; }
table { border-collapse: collapse; width: 100%; }
caption { text-align: start; padding: .5rem 0; }
th, td { text-align: start; vertical-align: top; padding: .4rem .8rem .4rem 0; border-bottom: 1px solid #8884; overflow-wrap: anywhere; }
td.number, th.number { text-align: end; font-variant-numeric: tabular-nums; }
code { font-family: ui-monospace, monospace; font-size: .9em; }
.wide { overflow-x: auto; }
`;

const policy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/** A report as one page that needs nothing else: no script, nothing from elsewhere. */
export function reportPage(report: Report): string {
  const { tally, sources, trials, sinceMs } = report;
  const groups = rankedGroups(tally);
  const since = sinceMs > 0 ? `, since ${instant(sinceMs)}` : '';
  const tried = `Tried ${trials.map(trialText).join(', ')}, over ${sources.join(', ')}${since}.`;
  const decided = `${count(decisionsIn(tally))} decisions in ${runsText(tally.runs)}; ${count(tally.counts.flipped)} would have been others, in ${runsText(tally.flippedRuns)}.`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>What a policy would have decided</title>
<style>${style}</style>
</head>
<body>
<main>
<h1>What a policy would have decided</h1>
<p>${escaped(tried)}</p>
<p>${escaped(decided)}</p>
<h2>What flips</h2>
${groups.length === 0 ? '<p>Nothing.</p>' : flipsTable(report, groups)}
<h2>All decisions</h2>
${totalsTable(report)}
</main>
</body>
</html>
`;
}

function flipsTable(report: Report, groups: readonly FlipGroup[]): string {
  const rows = groups.map((group) => {
    const { from, to, capability, before, after, asks, first } = group;
    const change = `${verdictText(from, asks.before)} → ${verdictText(to, asks.after)}`;
    const place = `${report.sources[first.source] ?? ''}: ${first.run}@${first.seq}`;
    return row([
      `<th scope="row">${escaped(change)}</th>`,
      cell(capability),
      cell(rulesText(before)),
      cell(rulesText(after)),
      numberCell(group.count),
      numberCell(group.runs),
      `<td><code>${escaped(explainCommand(report, group) ?? place)}</code></td>`,
    ]);
  });
  return table(
    'Decisions that would have been others, those first that are most.',
    [
      ...['Change', 'Capability', 'Decided by', 'Would be decided by'],
      ...['Times', 'Runs', 'First, and how to look at it'],
    ],
    rows,
  );
}

function totalsTable({ tally }: Report): string {
  const rows = redecisionKinds.map((kind) =>
    row([
      `<th scope="row">${escaped(kind)}</th>`,
      cell(meanings[kind]),
      numberCell(tally.counts[kind]),
    ]),
  );
  return table('What came of each decision.', ['Outcome', 'Meaning', 'Times'], rows);
}

const numeric = new Set(['Times', 'Runs']);

function table(caption: string, head: readonly string[], rows: readonly string[]): string {
  const names = head.map((name) => {
    const kind = numeric.has(name) ? ' class="number"' : '';
    return `<th scope="col"${kind}>${escaped(name)}</th>`;
  });
  return `<div class="wide" role="region" aria-label="${escaped(caption)}" tabindex="0">
<table>
<caption>${escaped(caption)}</caption>
<thead>${row(names)}</thead>
<tbody>
${rows.join('\n')}
</tbody>
</table>
</div>`;
}

function row(cells: readonly string[]): string {
  return `<tr>${cells.join('')}</tr>`;
}

function cell(text: string): string {
  return `<td>${escaped(text)}</td>`;
}

function numberCell(value: number): string {
  return `<td class="number">${escaped(count(value))}</td>`;
}

const entities: Readonly<Record<string, string>> = {
  ...{ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' },
};

/** Text of a page: no part of it is markup, and what would deceive the eye is written out. */
function escaped(text: string): string {
  return visible(text).replaceAll(/[&<>"']/gu, (sign) => entities[sign] ?? '');
}
