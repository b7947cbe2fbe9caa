import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Attempt } from './attempt-fixture.ts';
import { fileAttempts } from './file-attempts-fixture.ts';
import { kernelAttempts } from './kernel-attempts-fixture.ts';
import { networkAttempts } from './network-attempts-fixture.ts';
import { persons, type Person } from './person-fixture.ts';
import { processAttempts } from './process-attempts-fixture.ts';
import { makeWorld, type World } from './world-fixture.ts';

const all = Object.entries({
  ...{ ...fileAttempts, ...processAttempts },
  ...{ ...networkAttempts, ...kernelAttempts },
});

/** Titles of what was tried with and without confinement. */
const tried = new Set<string>();

/** Why something was not tried, by its title. */
const untried = new Map<string, string>();

const whyNot = ({ takesRoot, absent }: Attempt, { name }: Person): string | undefined =>
  takesRoot === true && name !== 'root' ? 'takes root without confinement too' : absent?.();

describe.each(persons.map((make) => make()))('run by $name, a command that', (person: Person) => {
  let world: World;

  beforeEach(async () => {
    world = await makeWorld(person);
  });

  afterEach(() => world.remove());
  afterAll(() => person.leave());

  const tries = async (attempt: Attempt, confined: boolean): Promise<boolean> => {
    if (attempt.first !== undefined) await world.attempt({ confined }, attempt.first);
    const output = await world.attempt({ confined }, attempt.script, attempt.cwd);
    return attempt.reached(world, output);
  };

  for (const [title, attempt] of all) {
    const why = whyNot(attempt, person);
    if (why !== undefined) {
      untried.set(`${person.name}: ${title}`, why);
      continue;
    }

    it(`${title} gets through without confinement`, async () => {
      expect(await tries(attempt, false)).toBe(true);
      tried.add(`${person.name}: ${title}`);
    });

    it(`${title} does not get through in bubblewrap`, async () => {
      expect(await tries(attempt, true)).toBe(false);
    });
  }
});

describe('the suite', () => {
  it('tries everything that this kernel has, as everybody who could do it', () => {
    expect(tried.size + untried.size).toBe(all.length * persons.length);
    const reasons = new Set(untried.values());
    reasons.delete('takes root without confinement too');
    // Each by the word of the kernel: where it has the feature, the attempt is made.
    for (const reason of reasons) expect(reason).toMatch(/ (is|are) off/);
  });
});
