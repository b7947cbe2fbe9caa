import { FaultyDisk, type Ending, type FaultKind } from './faulty-disk.ts';
import type { SuiteJob, SuiteReport } from './job.ts';
import { SuiteOnDisk } from './suite-trial.ts';

/** What can befall a call, by the letter of its kind, and how its process ends then. */
const faults: readonly (readonly [calls: string, kind: FaultKind, ending: Ending])[] = [
  ['crwtsnmdo', 'error-once', 'closes'],
  ['crwtsnmdo', 'error', 'killed'],
  ['cwtsnmdo', 'power-cut', 'nothing'],
  ['cwtsnmdo', 'power-cut', 'every-other'],
  ['cwtnm', 'no-room-once', 'closes'],
  ['cwtnm', 'no-room', 'killed'],
  ['s', 'failed-barrier', 'closes'],
  ['s', 'failed-barrier', 'killed'],
  ['s', 'failed-barrier', 'nothing'],
  ['w', 'short-write', 'closes'],
  ['r', 'short-read', 'closes'],
];

const [folder = '', text = ''] = process.argv.slice(2);
const { part, extent } = JSON.parse(text) as SuiteJob;
const suite = new SuiteOnDisk(new FaultyDisk(folder));
const none = (names: readonly string[]) => Object.fromEntries(names.map((name) => [name, 0]));
const report: SuiteReport = {
  cases: [],
  befell: none(faults.map(([, kind, ending]) => `${kind}, ${ending}`)),
  struck: none(['open', 'create', 'read', 'write', 'truncate', 'sync', 'remove']),
  refused: {},
  wrong: [],
};
const count = (counts: Record<string, number>, what: string) => {
  counts[what] = (counts[what] ?? 0) + 1;
};
let turn = 0;
for (const each of suite.cases.filter((it) => it.part === part)) {
  const called = await suite.undisturbed(each);
  let trials = 0;
  for (const [index, call] of Array.from(called).entries()) {
    const able = faults.filter(([calls]) => calls.includes(call));
    turn += 1;
    const chosen = extent === 'every' ? able : [able[turn % able.length]];
    for (const fault of chosen) {
      if (fault === undefined) throw new Error(`nothing befalls a call ${call}`);
      const [calls, kind, ending] = fault;
      const before = Array.from(called.slice(0, index + 1)).filter((it) => calls.includes(it));
      const { struck, refused, wrong } = await suite.try(each, { kind, at: before.length, ending });
      if (struck === '') continue;
      trials += 1;
      count(report.befell, `${kind}, ${ending}`);
      count(report.struck, struck.split(' ')[0] ?? '');
      count(report.refused, [...new Set(refused)].sort().join(' ') || 'nothing');
      const where = `${each.title}: call ${index + 1}, ${kind}, ${ending}, ${struck}`;
      report.wrong.push(...wrong.map((what) => `${where}: ${what}`));
    }
  }
  report.cases.push({ title: each.title, calls: called.length, trials });
}
// What a case has given up may wait for ever: a follower of a ledger that nobody writes.
process.stdout.write(JSON.stringify(report), () => process.exit());
