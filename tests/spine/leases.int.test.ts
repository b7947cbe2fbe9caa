import { chmodSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { folderLocks } from '@chancery/adapters/locks-folder';
import { MemoryStore } from '@chancery/adapters/store-memory';
import { ageVault, type OpenVault } from '@chancery/adapters/vault-age';
import type { JsonObject } from '@chancery/kernel/encoding';
import type { RefusalCode } from '@chancery/kernel/refusal';
import type { Capability, Phase } from '@chancery/runtime/broker';
import type { Model } from '@chancery/runtime/cognition';
import { abandon, drive, resumeRun, type HeldRun, type RunRequest } from '@chancery/runtime/drive';
import type { Vault } from '@chancery/runtime/vault';
import {
  capabilityOf,
  houseOf,
  modelOf,
  observed,
  startTestRun,
  wideTerms,
  type TestHouse,
  type Turn,
} from '@chancery/testkit/house';
import { call, driving, findingsOf, takenUp } from './drive.ts';

const value = 'correct horse battery';
let folder: string;
let file: string;
let vault: OpenVault;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'leases-'));
  file = join(folder, 'vault.age');
  let nowMs = 1_000;
  const place = ageVault({
    file,
    identityFile: join(folder, 'vault.identity'),
    locks: folderLocks(join(folder, 'locks')),
    nowMs: () => (nowMs += 1),
  });
  await place.init();
  const opened = await place.unlock();
  if (!opened.ok) throw new Error(opened.refusal.message);
  vault = opened.value;
  await vault.set({ name: 'token', value });
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** Tells what it was given; its argument `secrets` is a credential. */
function usingSecrets(given: (credentials: ReadonlyMap<string, string>) => JsonObject): Capability {
  const made = capabilityOf({
    name: 'use',
    effect: 'write',
    contract: { roles: { secrets: 'credential', text: 'text' } },
    execute: (_, { credentials }) => Promise.resolve(observed(given(credentials))),
  });
  return {
    ...made,
    normalise: async (args, surroundings) => {
      const normalised = await made.normalise(args, surroundings);
      if (!normalised.ok) return normalised;
      const resolved = { folder: '.', ...reached(args) };
      return { ok: true, value: { ...normalised.value, resolved, ...reached(args) } };
    },
  };
}

/** The hosts that its argument `network` names: none without it, and unknown ones where it is `any`. */
function reached({ network }: JsonObject): { readonly hosts?: readonly string[] } {
  if (network === 'any') return {};
  return { hosts: Array.isArray(network) ? (network as readonly string[]) : [] };
}

interface Scene {
  readonly house: TestHouse;
  readonly given: ReadonlyMap<string, string>[];
  readonly start: (turns: readonly Turn[], request?: Partial<RunRequest>) => Promise<HeldRun>;
}

interface SceneOptions {
  readonly vault?: Vault | undefined;
  readonly probe?: (phase: Phase) => void;
  readonly show?: (credentials: ReadonlyMap<string, string>) => JsonObject;
}

async function sceneOf(options: SceneOptions = { vault }): Promise<Scene> {
  const given: ReadonlyMap<string, string>[] = [];
  const use = usingSecrets((credentials) => {
    given.push(credentials);
    return options.show?.(credentials) ?? { count: credentials.size };
  });
  const founded = await houseOf({
    store: new MemoryStore(),
    capabilities: [use],
    ...(options.probe === undefined ? {} : { probe: options.probe }),
  });
  const house = { ...founded, ...(options.vault === undefined ? {} : { vault: options.vault }) };
  return {
    house,
    given,
    start: (turns, request) => startTestRun(house, modelOf([...turns, { say: 'done' }]), request),
  };
}

const using = (...secrets: readonly string[]) => call('use', { secrets });

function bodies(house: TestHouse, kind: string): readonly JsonObject[] {
  return house.seen
    .filter(({ entry }) => entry.kind === kind)
    .map(({ entry }) => entry.body as unknown as JsonObject);
}

function refusedWith(house: TestHouse): readonly RefusalCode[] {
  return bodies(house, 'proposal.rejected').map(
    ({ refusal }) => (refusal as { readonly code: RefusalCode }).code,
  );
}

async function textOf({ store }: TestHouse): Promise<string> {
  return (await store.readAll(0, 10_000)).map(({ text }) => text).join('\n');
}

describe('a handle in an argument for credentials', () => {
  it('is lent to the one execution, and recorded without its value', async () => {
    const { house, given, start } = await sceneOf();
    await driving(await start([using('TOKEN=vault:token'), call('use', { text: 'none' })]));
    expect(given.map((each) => Object.fromEntries(each))).toEqual([{ TOKEN: value }, {}]);
    const started = bodies(house, 'execution.started');
    expect(started.map(({ leases }) => leases)).toEqual([
      [{ name: 'token', scope: 'global', setAt: 1_001 }],
      undefined,
    ]);
    const [staged] = bodies(house, 'proposal.staged');
    expect(staged?.['action']).toMatchObject({
      normalisedArgs: { inline: { secrets: ['TOKEN=vault:token'] } },
      resolved: { inline: { folder: '.', leases: [{ name: 'token', scope: 'global' }] } },
    });
    expect(await textOf(house)).not.toContain(value);
    expect(await findingsOf(house)).toEqual([]);
  });

  it('is text anywhere else', async () => {
    const { house, given, start } = await sceneOf();
    await driving(
      await start([call('use', { text: 'TOKEN=vault:token', other: ['vault:token'] })]),
    );
    expect(given).toEqual([new Map()]);
    expect(bodies(house, 'execution.started')[0]).not.toHaveProperty('leases');
  });

  it.each([['token'], ['TOKEN=token'], [7], [{ TOKEN: 'vault:token' }]])(
    'is refused in any other form: %j',
    async (secret) => {
      const { house, given, start } = await sceneOf();
      await driving(await start([call('use', { secrets: [secret] })]));
      expect({ refused: refusedWith(house), given }).toEqual({
        refused: ['args.invalid'],
        given: [],
      });
    },
  );
});

const other = `ed25519:${'7'.repeat(64)}`;

describe('the scope of a secret', () => {
  it.each([
    ['global', {}, true],
    ['initiative:x', { initiative: 'x' }, true],
    ['initiative:x', { initiative: 'y' }, false],
    ['initiative:x', { plan: 'x' }, false],
    ['initiative:x', {}, false],
    ['plan:x', { plan: 'x' }, true],
    ['plan:x', { plan: 'y', initiative: 'x' }, false],
    ['plan:x', {}, false],
    ['initiative:undefined', {}, false],
    ['plan:undefined', {}, false],
    [`agent:${other}`, {}, false],
    ['agent:own', {}, true],
  ] as const)('%s is held to for a run of %j', async (named, belonging, lent) => {
    const { house, given, start } = await sceneOf();
    const scope = named === 'agent:own' ? `agent:${house.actor.id}` : named;
    await vault.set({ name: 'token', value, scope });
    await driving(await start([using('TOKEN=vault:token')], belonging));
    expect({ given: given.length, refused: refusedWith(house) }).toEqual(
      lent ? { given: 1, refused: [] } : { given: 0, refused: ['vault.out-of-scope'] },
    );
    const [started] = bodies(house, 'run.started');
    expect(started).toMatchObject(belonging);
  });
});

describe('the hosts of a secret', () => {
  const site = 'api.example.org:443';
  const elsewhere = 'evil.net:443';

  it.each<[string, readonly string[] | undefined, JsonObject, boolean]>([
    ['its host', [site], { network: [site], secrets: ['authorization=vault:token'] }, true],
    ['one below', ['*.example.org:443'], { network: [site], secrets: ['x=vault:token'] }, true],
    [
      'another port',
      ['api.example.org:8443'],
      { network: [site], secrets: ['x=vault:token'] },
      false,
    ],
    ['another host', [site], { network: [elsewhere], secrets: ['x=vault:token'] }, false],
    ['one more host', [site], { network: [site, elsewhere], secrets: ['x=vault:token'] }, false],
    [
      'its host among others',
      [site],
      { network: [site, elsewhere], secrets: [`${site}/x=vault:token`] },
      true,
    ],
    [
      'another among its own',
      [site],
      { network: [site, elsewhere], secrets: [`${elsewhere}/x=vault:token`] },
      false,
    ],
    ['an environment', [site], { secrets: ['TOKEN=vault:token'] }, false],
    [
      'an environment without network',
      [site],
      { network: [], secrets: ['TOKEN=vault:token'] },
      false,
    ],
    ['a request, without hosts', undefined, { network: [site], secrets: ['x=vault:token'] }, false],
    [
      'an environment, without hosts',
      undefined,
      { network: [], secrets: ['TOKEN=vault:token'] },
      true,
    ],
    ['whatever is reached', [site], { network: 'any', secrets: ['x=vault:token'] }, false],
    [
      'whatever is reached, without hosts',
      undefined,
      { network: 'any', secrets: ['T=vault:token'] },
      false,
    ],
  ])('are held to for %s', async (_, hosts, args, lent) => {
    const { house, given, start } = await sceneOf();
    await vault.remove('token');
    await vault.set({ name: 'token', value, hosts });
    await driving(await start([call('use', args)]));
    expect({ given: given.length, refused: refusedWith(house) }).toEqual(
      lent ? { given: 1, refused: [] } : { given: 0, refused: ['vault.other-host'] },
    );
    expect(await textOf(house)).not.toContain(value);
  });
});

describe('a vault that cannot lend', () => {
  const damages: Readonly<Record<string, readonly [RefusalCode, () => void]>> = {
    'others may read': ['vault.exposed', () => chmodSync(file, 0o640)],
    'is gone': ['vault.missing', () => rmSync(file)],
    'was cut off': ['vault.corrupt', () => truncateSync(file, 100)],
    'is empty': ['vault.corrupt', () => truncateSync(file, 0)],
    'was changed': [
      'vault.corrupt',
      () => {
        const bytes = readFileSync(file);
        bytes[bytes.length - 5] = (bytes[bytes.length - 5] ?? 0) ^ 1;
        writeFileSync(file, bytes);
      },
    ],
  };

  it.each(Object.entries(damages))('since it %s refuses, and nothing runs', async (_, damage) => {
    const [code, harm] = damage;
    const { house, given, start } = await sceneOf();
    harm();
    await driving(await start([using('TOKEN=vault:token')]));
    expect({ refused: refusedWith(house), given }).toEqual({ refused: [code], given: [] });
    expect(bodies(house, 'execution.started')).toEqual([]);
  });

  it.each(Object.entries(damages))('since it %s after it was decided fails', async (_, damage) => {
    const [code, harm] = damage;
    const { house, given, start } = await sceneOf({
      vault,
      probe: (phase) => phase === 'journalled' && harm(),
    });
    await driving(await start([using('TOKEN=vault:token')]));
    expect(given).toEqual([]);
    expect(bodies(house, 'execution.failed')).toMatchObject([
      { failure: { class: 'terminal', code } },
    ]);
  });

  it('does not hold the name', async () => {
    const { house, given, start } = await sceneOf();
    await driving(await start([using('TOKEN=vault:tokens')]));
    expect({ refused: refusedWith(house), given }).toEqual({
      refused: ['vault.unknown-secret'],
      given: [],
    });
  });

  it('is none', async () => {
    const { house, given, start } = await sceneOf({});
    await driving(await start([using('TOKEN=vault:token')]));
    expect({ refused: refusedWith(house), given }).toEqual({
      refused: ['vault.missing'],
      given: [],
    });
  });

  it('lends no value that was set after it was decided', async () => {
    let set: Promise<unknown> | undefined;
    const slow: Vault = {
      find: (name) => vault.find(name),
      lend: async (name) => {
        set ??= vault.set({ name, value: 'another value' });
        await set;
        return vault.lend(name);
      },
    };
    const { house, given, start } = await sceneOf({ vault: slow });
    await driving(await start([using('TOKEN=vault:token')]));
    expect(given).toEqual([]);
    expect(bodies(house, 'execution.failed')).toMatchObject([
      { failure: { code: 'precondition.failed' } },
    ]);
  });
});

describe('what a run was lent', () => {
  const showing = (credentials: ReadonlyMap<string, string>): JsonObject => {
    const shown = credentials.get('TOKEN') ?? value;
    return { shown: `<${shown}>`, coded: Buffer.from(shown).toString('base64') };
  };
  const twice = [using('TOKEN=vault:token'), call('use', { text: 'later' })];

  it('is redacted from then on, for the model too', async () => {
    const { house, start } = await sceneOf({ vault, show: showing });
    const held = await start(twice);
    const prompts: string[] = [];
    const { model } = held.driven;
    const listening: Model = {
      ...model,
      stream: (request, signal) => {
        prompts.push(JSON.stringify(request));
        return model.stream(request, signal);
      },
    };
    await driving({ ...held, driven: { ...held.driven, model: listening } });
    expect(prompts).toHaveLength(3);
    expect(prompts.at(-1)).toContain('<[redacted:known]>');
    for (const text of [value, Buffer.from(value).toString('base64').slice(0, 24)]) {
      expect(prompts.join()).not.toContain(text);
    }
    expect(bodies(house, 'commit').map(({ redactions }) => redactions)).toEqual([2, 2]);
    expect(await textOf(house)).not.toContain(value);
  });

  it('is a literal secret in arguments from then on', async () => {
    const { house, start } = await sceneOf();
    await driving(await start([using('TOKEN=vault:token'), call('use', { text: `x ${value}` })]));
    expect(refusedWith(house)).toEqual(['args.secret']);
    expect(await textOf(house)).not.toContain(value);
  });

  it('is redacted by the process that takes the run up, also where it was replaced', async () => {
    let left = 2;
    const stop = new AbortController();
    const { house, start } = await sceneOf({ vault, show: showing });
    const held = await start(twice);
    const rest = await drivenUntil(held, () => (left -= 1) === 0, stop);
    expect(rest).toBe('stopped');
    await vault.set({ name: 'token', value: 'the value of tomorrow' });
    await driving(await takenUp(house, held));
    expect(bodies(house, 'commit').map(({ redactions }) => redactions)).toEqual([2, 2]);
    expect(await textOf(house)).not.toContain(value);
  });

  it.each([
    ['was removed', () => vault.remove('token'), 'vault.unknown-secret'],
    [
      'was removed and set anew',
      async () => {
        await vault.remove('token');
        await vault.set({ name: 'token', value: 'another value' });
      },
      'vault.unknown-secret',
    ],
    ['is locked away', async () => chmodSync(file, 0o644), 'vault.exposed'],
  ] as const)('keeps the run from being taken up when it %s', async (_, lose, code) => {
    const { house, start } = await sceneOf();
    const held = await start(twice);
    await drivenUntil(held, () => bodies(house, 'commit').length > 0, new AbortController());
    await lose();
    const before = await house.store.readAll(0, 10_000);
    const run = held.driven.context.stream.slice('run:'.length);
    const modelFor = () => Promise.resolve({ ok: true, value: held.driven.model } as const);
    const resumed = await resumeRun(house, { run, modelOf: modelFor, readable: [] });
    expect(resumed).toMatchObject({ ok: false, refusal: { code } });
    expect(await house.store.readAll(0, 10_000)).toEqual(before);
    const givenUp = await abandon(house, run, `it knew ${value}`);
    expect(givenUp.ok).toBe(true);
    expect(await textOf(house)).not.toContain(value);
  });
});

/** Drives until a condition holds before a step, and stops there. */
async function drivenUntil(
  held: HeldRun,
  met: () => boolean,
  stop: AbortController,
): Promise<string> {
  const end = await drive(held.driven, {
    stop: stop.signal,
    rest: () => Promise.resolve(),
    waitForHumans: false,
    grown: () => met() && stop.abort(),
  });
  return end.kind;
}

describe('a writ', () => {
  const confined = [
    { capability: 'use', where: [{ arg: 'secrets', op: 'in', values: ['TOKEN=vault:token'] }] },
  ] as const;

  it.each([
    [['TOKEN=vault:token'], []],
    [['OTHER=vault:token'], ['writ.out-of-scope']],
    [['TOKEN=vault:token', 'OTHER=vault:token'], ['writ.out-of-scope']],
  ])('confines which secret goes where: %j', async (secrets, refused) => {
    const { house, given } = await sceneOf();
    const model = modelOf([using(...secrets), { say: 'done' }]);
    const held = await startTestRun(house, model, {}, wideTerms(house, { grants: confined }));
    await driving(held);
    expect({ refused: refusedWith(house), ran: given.length }).toEqual({
      refused,
      ran: refused.length === 0 ? 1 : 0,
    });
  });
});

describe('policy', () => {
  it('sees that a call takes a credential', async () => {
    const { house, start } = await sceneOf();
    await driving(await start([using('TOKEN=vault:token'), call('use', { text: 'none' })]));
    const asked = bodies(house, 'proposal.staged').map(({ question }) => question);
    expect(asked).toMatchObject([
      { inline: { context: { roles: ['credential'] } } },
      { inline: { context: { roles: ['text'] } } },
    ]);
  });
});
