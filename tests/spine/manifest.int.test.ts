import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { manifestCapabilities, shippedManifests } from '@chancery/adapters/capability-manifest';
import { requester } from '@chancery/adapters/capability-http';
import { folderLocks } from '@chancery/adapters/locks-folder';
import { compileSchema } from '@chancery/adapters/schema-ajv';
import { MemoryStore } from '@chancery/adapters/store-memory';
import { ageVault, type OpenVault } from '@chancery/adapters/vault-age';
import type { Manifest } from '@chancery/kernel/manifest';
import { recordManifest } from '@chancery/runtime/authority';
import type { Capability, Phase } from '@chancery/runtime/broker';
import { startFakeGithub, type FakeGithub } from '@chancery/testkit/fake-services';
import { houseOf, modelOf, startTestRun, type TestHouse } from '@chancery/testkit/house';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { call, driving, findingsOf, takenUp } from './drive.ts';

const token = 'ghp_0123456789abcdefghijABCDEFGHIJ012345';
const name = 'github.pull-request';

let folder: string;
let vault: OpenVault;
let github: FakeGithub;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'manifest-'));
  github = await startFakeGithub(token);
  let nowMs = 1_000;
  const place = ageVault({
    ...{ file: join(folder, 'vault.age'), identityFile: join(folder, 'vault.identity') },
    ...{ locks: folderLocks(join(folder, 'locks')), nowMs: () => (nowMs += 1) },
  });
  await place.init();
  const opened = await place.unlock();
  if (!opened.ok) throw new Error(opened.refusal.message);
  vault = opened.value;
  await vault.set({ name: 'github', value: token, hosts: [hostOf(github)] });
});

afterEach(async () => {
  await github.stop();
  rmSync(folder, { recursive: true });
});

const hostOf = ({ base }: FakeGithub): string => new URL(base).host;

/** What opens pull requests, of the fake. */
function shipped(): Manifest {
  const text = JSON.stringify(shippedManifests.get(name));
  return JSON.parse(text.replaceAll('https://api.github.com', github.base)) as Manifest;
}

interface Cut {
  readonly manifest?: Manifest;
  /** Comes with the end of the call. */
  readonly meanwhile?: () => Promise<void>;
}

function made(manifest: Manifest, meanwhile: () => Promise<void>): readonly Capability[] {
  const capabilities = manifestCapabilities(manifest, {
    http: () => requester({ opened: ['127.0.0.1'] }),
    mcp: () => Promise.reject(new Error('no tool is called')),
    commandFacts: () => ({ line: '', programs: [] }),
    nowMs: () => 1_000,
  });
  return capabilities.map((each) => ({
    ...each,
    execute: async (action, context) => {
      const execution = await each.execute(action, context);
      await meanwhile();
      return execution;
    },
  }));
}

class Killed extends Error {}

/** A run that opens a pull request, in a process that dies in a phase, and is taken up again. */
async function cutOff(
  at: Phase,
  { manifest = shipped(), meanwhile = () => Promise.resolve() }: Cut = {},
): Promise<TestHouse> {
  let isDead = false;
  const founded = await houseOf({
    store: new MemoryStore(),
    capabilities: made(manifest, meanwhile),
    probe: (phase) => {
      if (phase !== at || isDead) return;
      isDead = true;
      throw new Killed(phase);
    },
  });
  const house = { ...founded, vault, compileSchema };
  const signatory = { ...house, by: house.owner };
  expect(await recordManifest(signatory, manifest, () => undefined)).toMatchObject({ ok: true });
  const args = {
    ...{ owner: 'ours', repo: 'shop', head: 'feature', base: 'main', title: 'Add it', body: '' },
    secrets: ['authorization=vault:github'],
  };
  const held = await startTestRun(house, modelOf([call(name, args), { say: 'done' }]));
  await expect(driving(held)).rejects.toThrow(Killed);
  await held.release();
  await driving(await takenUp(house, held));
  return house;
}

const bodiesOf = (house: TestHouse, kind: string): readonly unknown[] =>
  house.seen.filter(({ entry }) => entry.kind === kind).map(({ entry }) => entry.body);

const theirs = { title: 'Theirs', head: 'feature', base: 'main', body: 'by hand' };

/** What a person asks of pull requests, beside the run. */
async function byHand(method: string, path: string, body: object): Promise<void> {
  await fetch(`${github.base}/repos/ours/shop/pulls${path}`, {
    ...{ method, body: JSON.stringify(body) },
    headers: { authorization: `Bearer ${token}`, 'user-agent': 'test' },
  });
}

const requests = () => github.asked.map(({ method }) => method);

describe('a pull request whose end was lost', () => {
  it('is found again with the secret that it was opened with, and opened once', async () => {
    const house = await cutOff('executed');
    expect(bodiesOf(house, 'execution.reconciled')).toMatchObject([{ happened: true, word: null }]);
    expect(bodiesOf(house, 'commit')).toMatchObject([
      { observation: { inline: { number: 1, state: 'open' } } },
    ]);
    expect([requests(), github.pulls.length]).toEqual([['POST', 'GET'], 1]);
    expect(github.asked[1]?.headers.authorization).toBe(`Bearer ${token}`);
    expect(await findingsOf(house)).toEqual([]);
    expect(house.seen.map(({ text }) => text).join('')).not.toContain(token);
  });

  it('is opened where it was not', async () => {
    const house = await cutOff('executing');
    expect(bodiesOf(house, 'execution.reconciled')).toMatchObject([{ happened: false }]);
    expect([requests(), github.pulls.length]).toEqual([['GET', 'POST'], 1]);
    expect(await findingsOf(house)).toEqual([]);
  });

  it('is found again where somebody has closed it, and not opened a second time', async () => {
    const house = await cutOff('executed', {
      meanwhile: () => byHand('PATCH', '/1', { state: 'closed' }),
    });
    expect(bodiesOf(house, 'execution.reconciled')).toMatchObject([{ happened: true }]);
    expect(github.pulls.map(({ state }) => state)).toEqual(['closed']);
    expect(await findingsOf(house)).toEqual([]);
  });

  it('is in doubt where somebody has opened another since it was closed', async () => {
    const house = await cutOff('executed', {
      meanwhile: async () => {
        await byHand('PATCH', '/1', { state: 'closed' });
        await byHand('POST', '', theirs);
      },
    });
    expect(bodiesOf(house, 'execution.in-doubt')).toMatchObject([
      { reason: 'the answer tells neither' },
    ]);
    expect(github.pulls.length).toBe(2);
  });

  it('is in doubt where another has opened it', async () => {
    await byHand('POST', '', theirs);
    const house = await cutOff('executing');
    expect(bodiesOf(house, 'execution.in-doubt')).toMatchObject([
      { reason: 'the answer tells neither' },
    ]);
    expect(github.pulls.length).toBe(1);
  });

  it('is in doubt where its secret is another one meanwhile', async () => {
    const meanwhile = async (): Promise<void> => {
      await vault.set({ name: 'github', value: `${token}x`, hosts: [hostOf(github)] });
    };
    const house = await cutOff('executed', { meanwhile });
    expect(bodiesOf(house, 'execution.in-doubt')).toMatchObject([
      { reason: 'it was not asked: the secret github was set anew meanwhile' },
    ]);
    expect(requests()).toEqual(['POST']);
  });

  it('is in doubt where what is found breaks what it promised', async () => {
    const manifest = shipped();
    const properties = {
      ...(manifest.output['properties'] as object),
      number: { type: 'integer', minimum: 9 },
    };
    const output = { ...manifest.output, properties };
    const house = await cutOff('executed', { manifest: { ...manifest, output } });
    const [doubt] = bodiesOf(house, 'execution.in-doubt');
    expect((doubt as { readonly reason: string }).reason).toContain('breaks its schema');
    expect(await findingsOf(house)).toEqual([]);
  });
});
