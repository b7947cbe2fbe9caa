import { recordHistory } from './history.ts';
import { FaultyDisk } from './faulty-disk.ts';
import { type Job, type Report } from './job.ts';
import { scenarios } from './scenarios.ts';
import { tryStore } from './store-trial.ts';

const [folder = '', text = ''] = process.argv.slice(2);
const { scenario, kind, ending } = JSON.parse(text) as Job;
const disk = new FaultyDisk(folder);
const history = await recordHistory(2);
const refused: Record<string, number> = {};
const wrong: string[] = [];
let trials = 0;
for (let at = 1; ; at += 1) {
  const trial = await tryStore(history, disk, { kind, at, ending }, scenarios[scenario]);
  wrong.push(...trial.wrong.map((what) => `${at}, ${trial.struck}: ${what}`));
  if (trial.struck === '') break;
  trials += 1;
  const how = [...new Set(trial.refused)].sort().join(' ') || 'nothing';
  refused[how] = (refused[how] ?? 0) + 1;
}
process.stdout.write(JSON.stringify({ trials, refused, wrong } satisfies Report));
