import type { LedgerFixture } from './ledger-fixture.ts';
import { RunStory } from './run-story.ts';

/** What can happen in a run, in any order. */
const moments = {
  thinks: (story) => story.think(),
  acts: (story) => void story.act(),
  'is refused': (story) => story.beRefused(),
  'acts with approval': (story) => void story.actApproved(),
  'is held': (story) => void story.hold(),
  'is cut off': (story) => void story.begin(),
  fails: (story) => story.fail(story.begin()),
  'tries twice': (story) => {
    const action = story.begin();
    story.again(action);
    story.commit(action);
  },
  'is in doubt': (story) => story.doubt(story.begin()),
  'did happen': (story) => {
    const action = story.begin();
    story.doubt(action);
    story.reconcile(action, true);
  },
  'did not happen': (story) => {
    const action = story.begin();
    story.reconcile(action, false);
  },
} as const satisfies Record<string, (story: RunStory) => void>;

export type RunMoment = keyof typeof moments;

export const runMoments = Object.keys(moments) as readonly RunMoment[];

/** Writes a run in which these happen, one after the other; `ends` finishes it. */
export function writeMoments(
  on: LedgerFixture,
  happening: readonly RunMoment[],
  { run = 'r1', ends = true } = {},
): RunStory {
  const story = new RunStory(on, run);
  story.start();
  for (const moment of happening) moments[moment](story);
  if (ends) story.finish();
  return story;
}
