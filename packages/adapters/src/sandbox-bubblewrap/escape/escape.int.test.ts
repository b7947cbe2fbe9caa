import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { inNamespaces, type Attempt } from './attempt-fixture.ts';
import { fileAttempts } from './file-attempts-fixture.ts';
import { absences } from './kernel-fixture.ts';
import { kernelAttempts } from './kernel-attempts-fixture.ts';
import { networkAttempts } from './network-attempts-fixture.ts';
import { persons, type Person } from './person-fixture.ts';
import { processAttempts } from './process-attempts-fixture.ts';
import { makeWorld, type World } from './world-fixture.ts';

const all = Object.entries({
  ...{ ...fileAttempts, ...processAttempts },
  ...{ ...networkAttempts, ...kernelAttempts },
});

/** One attempt as somebody makes it. */
interface Try {
  readonly title: string;
  readonly attempt: Attempt;
  /** Why it cannot get through without confinement either; that is tried as well. */
  readonly why: string | undefined;
}

const isMissing = 'takes root of the machine';

/** What an ordinary user may do as root of namespaces of its own alone is tried there, and plainly. */
function triesOf({ name }: Person): readonly Try[] {
  return all.flatMap(([title, attempt]): readonly Try[] => {
    const why = attempt.absent?.();
    if (attempt.takesRoot === undefined || name === 'root') return [{ title, attempt, why }];
    const own = { ...attempt, script: inNamespaces(attempt.script) };
    const missing = attempt.takesRoot === 'of the machine' ? isMissing : undefined;
    return [
      { title, attempt, why: why ?? isMissing },
      {
        title: `${title} as root of its own`,
        ...{ attempt: own, why: why ?? missing ?? absences['users']?.() },
      },
    ];
  });
}

/** What was tried without confinement and with it, and why some of it had nothing to get through to. */
const tried = new Map<string, { readonly why: string | undefined; readonly confined: boolean[] }>();

const everybody = persons.map((make) => make());

describe.each(everybody)('run by $name, a command that', (person: Person) => {
  let world: World;

  beforeEach(async () => {
    world = await makeWorld(person);
  });

  afterEach(() => world.remove());
  afterAll(() => person.leave());

  const tries = async ({ title, attempt, why }: Try, confined: boolean): Promise<boolean> => {
    if (attempt.first !== undefined) await world.attempt({ confined }, attempt.first);
    const output = await world.attempt({ confined }, attempt.script, attempt.cwd);
    const known = tried.get(`${person.name}: ${title}`) ?? { why, confined: [] };
    known.confined.push(confined);
    tried.set(`${person.name}: ${title}`, known);
    return attempt.reached(world, output);
  };

  for (const one of triesOf(person)) {
    const control =
      one.why === undefined
        ? 'gets through without confinement'
        : `has nothing to get through to without confinement either (${one.why})`;

    it(`${one.title} ${control}`, async () => {
      expect(await tries(one, false)).toBe(one.why === undefined);
    });

    it(`${one.title} does not get through in bubblewrap`, async () => {
      expect(await tries(one, true)).toBe(false);
    });
  }
});

describe('the suite', () => {
  it('has tried everything as everybody, with confinement and without', () => {
    const expected = everybody.flatMap((person) =>
      all.flatMap(([title, { takesRoot }]) => {
        const isTwice = takesRoot !== undefined && person.name !== 'root';
        const titles = isTwice ? [title, `${title} as root of its own`] : [title];
        return titles.map((each) => [`${person.name}: ${each}`, [false, true]] as const);
      }),
    );
    expect([...tried].map(([title, { confined }]) => [title, confined])).toEqual(expected);
  });

  it('leaves nothing without a control but what takes root, or what the kernel says it has not', () => {
    const reasons = new Set([...tried.values()].flatMap(({ why }) => why ?? []));
    reasons.delete(isMissing);
    const words = Object.values(absences).flatMap((absent) => absent() ?? []);
    expect([...reasons].filter((why) => !words.includes(why))).toEqual([]);
  });
});
