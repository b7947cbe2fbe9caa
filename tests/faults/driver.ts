import { tryCheckpointed } from './checkpointed-trial.ts';
import { tryErase } from './erase-trial.ts';
import { tryExport } from './export-trial.ts';
import { FaultyDisk } from './faulty-disk.ts';
import { recordHistory } from './history.ts';
import { exportRun, tryImport } from './import-trial.ts';
import type { Blow, Job, Report, Trial } from './job.ts';
import { tryAnchor, tryWitness } from './kept-trial.ts';
import { scenarios } from './scenarios.ts';
import { tryStore } from './store-trial.ts';
import { growUndisturbed, tryTiles } from './tiles-trial.ts';

const [folder = '', text = ''] = process.argv.slice(2);
const { scenario, kind, ending } = JSON.parse(text) as Job;
const disk = new FaultyDisk(folder);
const attempt = await trialsOf(scenario);
const refused: Record<string, number> = {};
const wrong: string[] = [];
let trials = 0;
for (let at = 1; ; at += 1) {
  const trial = await attempt({ kind, at, ending });
  wrong.push(...trial.wrong.map((what) => `${at}, ${trial.struck}: ${what}`));
  if (trial.struck === '') break;
  trials += 1;
  const how = [...new Set(trial.refused)].sort().join(' ') || 'nothing';
  refused[how] = (refused[how] ?? 0) + 1;
}
process.stdout.write(JSON.stringify({ trials, refused, wrong } satisfies Report));

async function trialsOf(name: Job['scenario']): Promise<(blow: Blow) => Promise<Trial>> {
  if (name === 'tiles') {
    const undisturbed = await growUndisturbed(disk);
    return (blow) => tryTiles(undisturbed, disk, blow);
  }
  if (name === 'erase') return (blow) => tryErase(disk, blow);
  if (name === 'anchor') return (blow) => tryAnchor(disk, blow);
  if (name === 'witness') return (blow) => tryWitness(disk, blow);
  if (name === 'import' || name === 'export') {
    const exported = await exportRun();
    const attempted = name === 'import' ? tryImport : tryExport;
    return (blow) => attempted(exported, disk, blow);
  }
  const history = await recordHistory(2);
  if (name === 'checkpointed') return (blow) => tryCheckpointed(history, disk, blow);
  return (blow) => tryStore(history, disk, blow, scenarios[name]);
}
