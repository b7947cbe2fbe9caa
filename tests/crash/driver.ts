import { RefusalError } from '@chancery/kernel/refusal';
import { recordVote, resolveDoubt } from '@chancery/runtime/broker';
import { drive, resumeRun, type DriveEnd, type HeldRun } from '@chancery/runtime/drive';
import { startTestRun } from '@chancery/testkit/house';
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
async function takeUp({ house, model }: Scene): Promise<HeldRun | undefined> {
  const [stream] = await house.store.streams('run:');
  if (stream === undefined) {
    return startTestRun(house, model, { repository: placesIn(job.folder).repository });
  }
  const resumed = await resumeRun(house, {
    run: stream.stream.slice('run:'.length),
    modelOf: () => Promise.resolve({ ok: true, value: model }),
    readable: [],
  });
  if (resumed.ok) return resumed.value;
  if (resumed.refusal.code === 'run.finished') return undefined;
  throw new RefusalError(resumed.refusal);
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
