import { RefusalError } from '@chancery/kernel/refusal';
import { recordVote, resolveDoubt } from '@chancery/runtime/broker';
import {
  drive,
  noModel,
  readBranchPoint,
  resumeRun,
  type DriveEnd,
  type HeldRun,
} from '@chancery/runtime/drive';
import type { Terms } from '@chancery/kernel/writ';
import { restoreName } from '@chancery/runtime/undoing';
import { agreedPlan, startTestRun, wideTerms } from '@chancery/testkit/house';
import { openScene, placesIn, type Job, type Scene } from './scene.ts';

/*
 * A process of the crash test: takes up the run of a folder, or starts it, drives it to its rest
 * and answers as a human would. Says `ready`, and at the end how it ended: `finished` or `in-doubt`.
 */
const job = JSON.parse(process.argv[2] ?? '') as Job;
const scene = await openScene(job);
process.stdout.write('ready\n');
process.stdout.write(`${await lead(scene)}\n`);
await scene.house.store.close();

async function lead(scene: Scene): Promise<DriveEnd['kind']> {
  const held = await takeUp(scene);
  if (held === undefined) return 'finished';
  for (;;) {
    const end = await drive(held.driven, {
      stop: new AbortController().signal,
      rest: (untilMs) => new Promise((resolve) => setTimeout(resolve, untilMs - Date.now())),
      waitForHumans: false,
    });
    scene.reaper.pass('at rest');
    if (end.kind === 'held') await grant(scene, end.action);
    else if (end.kind === 'in-doubt' && job.word !== undefined) {
      await resolveDoubt(held.driven.context, end.action, {
        happened: job.word,
        evidence: 'asked',
        by: scene.house.owner,
      });
    } else return end.kind;
  }
}

/** Undefined when the run has ended, and only its process did not live to say so. */
async function takeUp(scene: Scene): Promise<HeldRun | undefined> {
  const { house } = scene;
  const model = job.story === 'undo' ? noModel : scene.model;
  const [first, second] = await startedRuns(house);
  const run = job.story === 'undo' ? second : first;
  if (run === undefined) return first === undefined ? begin(scene) : undoing(scene, first);
  const resumed = await resumeRun(house, {
    run,
    modelOf: () => Promise.resolve({ ok: true, value: model }),
    readable: [],
  });
  if (resumed.ok) return resumed.value;
  if (resumed.refusal.code === 'run.finished') return undefined;
  throw new RefusalError(resumed.refusal);
}

/** Ids of the runs, in the order in which they were started. */
async function startedRuns({ store }: Scene['house']): Promise<readonly string[]> {
  const stored = await store.readAll(0, 10_000);
  return stored
    .filter(({ stream, seq }) => stream.startsWith('run:') && seq === 0)
    .map(({ stream }) => stream.slice('run:'.length));
}

function begin({ house, model }: Scene): Promise<HeldRun> {
  const { repository } = placesIn(job.folder);
  return startTestRun(house, model, { repository, protectedPaths: ['ci/**'] });
}

/** Those of what a rollback calls; in the order of their names. */
function uncounting(grants: Terms['grants']): Terms['grants'] {
  return grants.filter(({ capability }) => capability === 'uncount');
}

async function undoing({ house }: Scene, run: string): Promise<HeldRun> {
  const { store, ledger } = house;
  const from = await readBranchPoint(store, ledger, { run, seq: undefined });
  if (!from.ok) throw new RefusalError(from.refusal);
  const { repository } = placesIn(job.folder);
  const { grants, ...terms } = wideTerms(house);
  return startTestRun(
    house,
    noModel,
    {
      ...{ repository, from: from.value },
      rollback: { to: 0, undoing: await agreedPlan(house, from.value, 0) },
    },
    { ...terms, grants: [{ capability: restoreName, where: [] }, ...uncounting(grants)] },
  );
}

async function grant({ house }: Scene, action: string): Promise<void> {
  const { owner, actor } = house;
  const ballot = {
    action,
    vote: 'grant',
    reason: 'test',
    voter: owner,
    proposer: actor.id,
  } as const;
  const voted = await recordVote(house, ballot);
  if (!voted.ok) throw new RefusalError(voted.refusal);
}
