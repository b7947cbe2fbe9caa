import { cpSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseVerifierKey, verifyNote, parseNote } from '@chancery/kernel/tree';
import { Stand, type JsonLeft, type Started } from '../cli-fixture.ts';

/** A runtime whose ledger is watched, and one that watches. */
let [stand, other]: Stand[] = [];

const both = (): readonly [Stand, Stand] => {
  if (stand === undefined || other === undefined) throw new Error('nothing stands');
  return [stand, other];
};

beforeEach(async () => {
  [stand, other] = [new Stand(), new Stand()];
  for (const each of both()) {
    each.makeRepo();
    await each.found();
  }
});

afterEach(() => {
  for (const each of both()) each.remove();
});

const keyOf = async (of: Stand): Promise<string> =>
  String((await of.json(['log', 'key'])).lines.at(-1)?.['key']);

interface Witnessing extends Started {
  /** What `checkpoint --witness` takes. */
  readonly address: string;
  readonly url: string;
}

/** Starts a witness in the home of one runtime, for the logs of these keys. */
async function startWitness(of: Stand, ...keys: readonly string[]): Promise<Witnessing> {
  const logs = keys.flatMap((key) => ['--log', key]);
  const started = of.start(['witness', '--listen', '127.0.0.1:0', ...logs, '--json']);
  let said = '';
  started.child.stdout?.on('data', (text: string) => (said += text));
  await started.says('"witnessing"');
  const line = JSON.parse(said) as { readonly witness: string; readonly url: string };
  return { ...started, address: line.witness, url: line.url };
}

async function stop({ child, ended }: Started): Promise<void> {
  child.kill('SIGINT');
  expect(await ended).toMatchObject({ exit: 0 });
}

const work = async (of: Stand): Promise<void> => {
  const { exit } = await of.json([
    ...['run', 'Work', '--repo', of.repo, '--model', of.script({ say: 'Done.' })],
  ]);
  expect(exit).toBe(0);
};

const ask = (of: Stand, ...addresses: readonly string[]): Promise<JsonLeft> =>
  of.json(['checkpoint', ...addresses.flatMap((address) => ['--witness', address])]);

const isCosigned = (note: string, address: string): boolean => {
  const key = parseVerifierKey(address.slice(address.indexOf('#') + 1));
  const parsed = parseNote(note);
  return key.ok && parsed.ok && verifyNote(parsed.value, [key.value]).ok;
};

describe('two runtimes that witness each other', () => {
  it('cosign what grows, also after a restart, and keep it where all can see', async () => {
    const [first, second] = both();
    const keys = [await keyOf(first), await keyOf(second)] as const;
    const bySecond = await startWitness(second, keys[0]);
    const byFirst = await startWitness(first, keys[1]);
    for (const [of, witness] of [
      [first, bySecond],
      [second, byFirst],
    ] as const) {
      const { exit, lines } = await ask(of, witness.address);
      expect({ exit, type: lines[0]?.type, code: lines[0]?.['code'] }).toEqual({
        ...{ exit: 0, type: 'cosignature', code: null },
      });
      const note = String(lines.at(-1)?.['note']);
      expect(isCosigned(note, witness.address)).toBe(true);
      expect(readFileSync(join(of.home, 'tiles', 'checkpoint'), 'utf8')).toBe(note);
    }
    await stop(byFirst);
    await work(first);
    bySecond.child.kill('SIGKILL');
    await bySecond.ended;
    const again = await startWitness(second, keys[0]);
    const grown = await ask(first, again.address);
    expect(grown).toMatchObject({ exit: 0 });
    const note = String(grown.lines.at(-1)?.['note']);
    const [folder = ''] = readdirSync(join(second.home, 'witnessed'));
    const kept = await (await fetch(`${again.url}${folder}/checkpoint`)).text();
    expect(kept).toBe(note);
    await stop(again);
    expect((await first.json(['verify'])).exit).toBe(0);
  });
});

describe('a witness', () => {
  it('does not cosign a copy that was restored and went on otherwise', async () => {
    const [first, second] = both();
    const witness = await startWitness(second, await keyOf(first));
    const copy = `${first.home}.copy`;
    cpSync(first.home, copy, { recursive: true });
    await work(first);
    expect((await ask(first, witness.address)).exit).toBe(0);
    const watched = `${first.home}.watched`;
    renameSync(first.home, watched);
    renameSync(copy, first.home);
    const behind = await ask(first, witness.address);
    expect(behind.lines.map((line) => line['code'])).toEqual(['witness.forked', 'witness.forked']);
    expect(behind.exit).toBe(7);
    await work(first);
    await work(first);
    const forked = await ask(first, witness.address);
    expect(forked.exit).toBe(7);
    expect(forked.lines.at(-1)).toMatchObject({ type: 'error', code: 'witness.forked' });
    rmSync(first.home, { recursive: true });
    renameSync(watched, first.home);
    expect((await ask(first, witness.address)).exit).toBe(0);
    await stop(witness);
  });

  it('is one process for a home, and says why it does not begin', async () => {
    const [first, second] = both();
    const key = await keyOf(first);
    const witness = await startWitness(second, key);
    const codeOf = async (...words: readonly string[]) =>
      (await second.json(['witness', ...words])).lines.at(-1)?.['code'];
    expect(await codeOf('--log', key)).toBe('ledger.busy');
    await stop(witness);
    expect(await codeOf()).toBe('usage.invalid');
    expect(await codeOf('--log', 'x+y+z')).toBe('verifier.invalid');
    expect(await codeOf('--log', witness.address.split('#')[1] ?? '')).toBe('verifier.invalid');
    expect(await codeOf('--log', key, '--name', 'two words')).toBe('usage.invalid');
    expect(await codeOf('--log', key, '--listen', 'nowhere')).toBe('usage.invalid');
  });

  it('cosigns nothing once what it kept is not what it cosigned', async () => {
    const [first, second] = both();
    const witness = await startWitness(second, await keyOf(first));
    expect((await ask(first, witness.address)).exit).toBe(0);
    const [folder = ''] = readdirSync(join(second.home, 'witnessed'));
    const kept = join(second.home, 'witnessed', folder, 'checkpoint');
    const own = readFileSync(join(first.home, 'tiles', 'checkpoint'), 'utf8');
    writeFileSync(kept, own.split('\n').slice(0, -2).join('\n') + '\n');
    await work(first);
    const left = await ask(first, witness.address);
    expect(left.lines[0]).toMatchObject({ type: 'cosignature', code: 'witness.unreachable' });
    expect(left.exit).toBe(1);
    await stop(witness);
  });
});

describe('a checkpoint that is to be cosigned', () => {
  it('is not, by a witness that does not know the log, or by another key', async () => {
    const [first, second] = both();
    const stranger = await startWitness(second, await keyOf(second));
    const unknown = await ask(first, stranger.address);
    expect(unknown.lines[0]).toMatchObject({ code: 'witness.unknown-log' });
    expect(unknown.lines.at(-1)).toMatchObject({ type: 'error', code: 'witness.too-few' });
    const address = `${stranger.url}#${stranger.address.split('#')[1] ?? ''}`;
    expect((await ask(second, address)).exit).toBe(0);
    await stop(stranger);
    const silent = await ask(first, stranger.address);
    expect(silent.lines[0]).toMatchObject({ code: 'witness.unreachable' });
    expect(silent.exit).toBe(1);
  });

  it('needs as many witnesses as are asked for', async () => {
    const [first, second] = both();
    const witness = await startWitness(second, await keyOf(first));
    const gone = witness.address.replace(/#.*$/, `#${await silentKey(second)}`);
    const words = ['checkpoint', '--witness', witness.address, '--witness', gone];
    const all = await first.json(words);
    expect(all.lines.at(-1)).toMatchObject({ type: 'error', code: 'witness.too-few' });
    const one = await first.json([...words, '--quorum', '1']);
    expect(one.exit).toBe(0);
    expect(one.lines.map((line) => line['code'] ?? line.type)).toEqual([
      ...['cosignature', 'witness.malformed', 'checkpoint'],
    ]);
    for (const broken of [
      ['--witness', 'nowhere'],
      ['--witness', witness.url],
      ['--witness', witness.address, '--quorum', '2'],
      ['--witness', witness.address, '--quorum', '0'],
    ]) {
      expect((await first.json(['checkpoint', ...broken])).exit).toBe(2);
    }
    const twice = ['--witness', witness.address, '--witness', witness.address];
    expect((await first.json(['checkpoint', ...twice])).lines[0]).toMatchObject({
      code: 'verifier.invalid',
    });
    await stop(witness);
  });
});

/** The key of a witness that is not the one that answers. */
async function silentKey(of: Stand): Promise<string> {
  const elsewhere = { CHANCERY_HOME: join(of.folder, 'elsewhere') };
  const words = ['witness', '--listen', '127.0.0.1:0', '--log', await keyOf(of), '--json'];
  const started = of.start(words, elsewhere);
  let said = '';
  started.child.stdout?.on('data', (text: string) => (said += text));
  await started.says('"witnessing"');
  await stop(started);
  return String((JSON.parse(said) as { readonly witness: string }).witness.split('#')[1]);
}
