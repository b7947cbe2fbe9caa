import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Stand } from '../../apps/cli/src/cli-fixture.ts';
import { build, runIn, type Built } from './built.ts';

let built: Built;
let stand: Stand;
let empty: string;
let ledger: string;
/** The key of the log, and checkpoints from before and after the ledger has grown. */
let key: string;
let notes: { readonly old: string; readonly grown: string };
/** Stream of a run that has ended. */
let run: string;

async function checkpoint(): Promise<string> {
  const [signed] = (await stand.json(['checkpoint'])).lines;
  key = String(signed?.['key']);
  return String(signed?.['note']);
}

beforeAll(async () => {
  built = await build();
  empty = path.join(built.folder, 'empty');
  mkdirSync(empty);
  stand = new Stand();
  stand.makeRepo();
  await stand.init();
  const old = await checkpoint();
  ledger = old.split('\n')[0]?.replace('chancery.alt/', '') ?? '';
  const model = stand.script({ say: 'Done.' });
  await stand.json(['run', 'Nothing', '--repo', stand.repo, '--model', model]);
  const [verified] = (await stand.json(['verify'])).lines;
  const [first] = verified?.['runs'] as readonly { readonly stream: string }[];
  run = first?.stream ?? '';
  notes = { old, grown: await checkpoint() };
});

afterAll(() => {
  stand.remove();
  built.remove();
});

let files = 0;
function fileOf(text: string): string {
  files += 1;
  const file = path.join(built.folder, `proof-${files}`);
  writeFileSync(file, text);
  return file;
}

/** What `chancery prove` prints. */
async function proved(...words: readonly string[]): Promise<string> {
  const { exit, stdout, stderr } = await stand.run(['prove', ...words]);
  if (exit !== 0) throw new Error(stderr);
  return stdout;
}

interface Line {
  readonly proof: { readonly path: readonly string[] };
  readonly entry: { readonly text: string } | null;
}

async function textOf(place: string): Promise<string> {
  const { entry } = JSON.parse(await proved(place, '--json')) as Line;
  return entry?.text ?? '';
}

async function verdictOn(proof: string, ...more: readonly string[]) {
  const args = [fileOf(proof), '--ledger', ledger, '--key', key, '--json', ...more];
  const { exit, stdout, stderr } = await runIn(empty, built.program, args);
  return stdout === ''
    ? { exit, said: stderr.split('\n')[0] ?? '' }
    : { exit, verdict: JSON.parse(stdout) as unknown };
}

const sizeOf = (note: string): number => Number(note.split('\n')[1]);

/** That it holds, and shows this. */
const holds = (shown: object) => ({
  exit: 0,
  verdict: { type: 'verdict', ok: true, scope: 'proof', ledger, size: sizeOf(notes.grown), shown },
});

const refused = (code: string, why = '') => ({
  exit: code === 'usage.invalid' ? 2 : 7,
  said: expect.stringMatching(new RegExp(`^${code}: .*${why}`)) as string,
});

describe('the proof of an entry', () => {
  const shown = () => ({
    ...{ proof: 'inclusion', index: 0, leaf: ledger, stream: 'ledger', seq: 0 },
  });

  it('holds as JSON, which brings the entry along', async () => {
    expect(await verdictOn(await proved('ledger/0', '--json'))).toEqual(holds(shown()));
  });

  it('holds as transparency logs have it, for an entry that somebody has', async () => {
    const [proof, entry] = [await proved('ledger/0'), await textOf('ledger/0')];
    for (const text of [entry, `${entry}\n`]) {
      expect(await verdictOn(proof, '--entry', fileOf(text))).toEqual(holds(shown()));
    }
    expect(await verdictOn(proof)).toEqual(refused('usage.invalid', 'entry is missing'));
  });

  it('does not hold for another entry, whichever form it has', async () => {
    const other = ['--entry', fileOf(await textOf('1'))];
    for (const json of [[], ['--json']]) {
      const proof = await proved('ledger/0', ...json);
      expect(await verdictOn(proof, ...other)).toEqual(refused('proof.invalid', 'another root'));
    }
    const json = (await proved('ledger/0', '--json')).replace('\\"seq\\":0', '\\"seq\\":1');
    expect(await verdictOn(json)).toEqual(refused('proof.invalid', 'another root'));
  });

  it('does not hold at another place, of another size, or by a checkpoint of others', async () => {
    const proof = await proved('1', '--json');
    const [at, size] = ['"index":1', `"size":${sizeOf(notes.grown)}`];
    expect(await verdictOn(proof.replace(at, '"index":2'))).toEqual(refused('proof.invalid'));
    expect(await verdictOn(proof.replace(size, '"size":2'))).toEqual(
      refused('proof.invalid', 'another size'),
    );
    const changed = proof.replace(`\\n${sizeOf(notes.grown)}\\n`, '\\n2\\n');
    expect(await verdictOn(changed)).toEqual(refused('checkpoint.invalid'));
  });
});

describe('the proof of growth', () => {
  const grown = () => proved('--consistency', String(sizeOf(notes.old)), '--json');

  it('holds between the checkpoint that somebody kept and that of the proof', async () => {
    const shown = { proof: 'consistency', from: sizeOf(notes.old), to: sizeOf(notes.grown) };
    const kept = ['--checkpoint', fileOf(notes.old)];
    expect(await verdictOn(await grown(), ...kept)).toEqual(holds(shown));
  });

  it('takes the checkpoint, since no proof tells its root', async () => {
    const why = `checkpoint of ${sizeOf(notes.old)} entries is missing`;
    expect(await verdictOn(await grown())).toEqual(refused('usage.invalid', why));
  });

  it('does not hold with another path, or a checkpoint that nobody has signed', async () => {
    const kept = ['--checkpoint', fileOf(notes.old)];
    const proof = JSON.parse(await grown()) as Line;
    const cut = { ...proof, proof: { ...proof.proof, path: proof.proof.path.slice(1) } };
    expect(await verdictOn(JSON.stringify(cut), ...kept)).toEqual(refused('proof.invalid'));
    const forged = fileOf(notes.old.replace(/\n[A-Za-z0-9+/]{43}=\n/, `\n${'A'.repeat(43)}=\n`));
    expect(await verdictOn(await grown(), '--checkpoint', forged)).toEqual(
      refused('checkpoint.invalid'),
    );
  });
});

describe('the proof of a stream', () => {
  it('shows which entry is the last, and whether it is the one that somebody has', async () => {
    const stream = run;
    const proof = await proved('--stream', stream, '--json');
    const { verdict } = (await verdictOn(proof)) as {
      readonly verdict: { readonly shown: { readonly head: { readonly seq: number } } };
    };
    const { head } = verdict.shown;
    expect(verdict).toEqual(holds({ proof: 'head', stream, head }).verdict);
    const last = fileOf(await textOf(`${stream}/${head.seq}`));
    expect((await verdictOn(proof, '--entry', last)).exit).toBe(0);
    const earlier = fileOf(await textOf(`${stream}/${head.seq - 1}`));
    expect(await verdictOn(proof, '--entry', earlier)).toEqual(
      refused('proof.invalid', 'is not the last'),
    );
  });

  it('shows that there is none, and of no stream that there is', async () => {
    const proof = await proved('--stream', 'run:nowhere', '--json');
    const none = { proof: 'head', stream: 'run:nowhere', head: null };
    expect(await verdictOn(proof)).toEqual(holds(none));
    // It shows what stands in the place of the absent one, which may well be another stream's head.
    for (const stream of ['ledger', 'policy', run]) {
      const absent = { proof: 'head', stream, head: null };
      expect(await verdictOn(proof.replace('run:nowhere', stream))).not.toEqual(holds(absent));
    }
  });
});

describe('no proof is believed', () => {
  it('without a key, by the key of a stranger, or of another ledger', async () => {
    const file = fileOf(await proved('ledger/0', '--json'));
    const asked = (...args: readonly string[]) => runIn(empty, built.program, [file, ...args]);
    const keyless = await asked('--ledger', ledger);
    expect([keyless.exit, keyless.stderr]).toEqual([2, expect.stringContaining('--key')]);
    const other = new Stand();
    await other.found();
    const [signed] = (await other.json(['checkpoint'])).lines;
    other.remove();
    const stranger = await asked('--ledger', ledger, '--key', String(signed?.['key']));
    expect([stranger.exit, stranger.stderr]).toEqual([7, expect.stringContaining('checkpoint.i')]);
    const elsewhere = ledger.replace(/^./, (digit) => (digit === '0' ? '1' : '0'));
    const foreign = await asked('--ledger', elsewhere, '--key', key);
    expect([foreign.exit, foreign.stderr]).toEqual([7, expect.stringContaining('another origin')]);
  });

  it('that a witness should have cosigned and has not', async () => {
    const witness = key.replace(/^[^+]*/, 'example.org/w');
    const proof = await proved('ledger/0', '--json');
    const { exit } = await verdictOn(proof, '--witness', witness);
    expect(exit).not.toBe(0);
  });

  it.each([
    ['a member more', (text: string) => text.replace(/\}\s*$/, ',"more":1}')],
    ['an end that is missing', (text: string) => text.slice(0, -20)],
    ['a proof of an unknown kind', (text: string) => text.replace('"inclusion"', '"wish"')],
    ['a length that no proof has', (text: string) => text + ' '.repeat(1024 * 1024)],
  ])('with %s', async (_, change) => {
    const proof = change(await proved('ledger/0', '--json'));
    expect(await verdictOn(proof)).toEqual(refused('proof.invalid'));
  });

  it('with what belongs to other evidence', async () => {
    const [proof, kept] = [await proved('ledger/0', '--json'), fileOf(notes.old)];
    expect(await verdictOn(proof, '--against', kept)).toEqual(refused('usage.invalid'));
    const growth = await proved('--consistency', '1', '--json');
    expect(await verdictOn(growth, '--entry', kept)).toEqual(refused('usage.invalid'));
    const args = [path.join(stand.home, 'tiles'), '--ledger', ledger, '--entry', kept];
    expect((await runIn(empty, built.program, args)).exit).toBe(2);
  });
});

it('says it to a person', async () => {
  const said = async (...words: readonly string[]): Promise<string> => {
    const args = [fileOf(await proved(...words, '--json')), '--ledger', ledger, '--key', key];
    return (await runIn(empty, built.program, args)).stdout;
  };
  expect(await said('ledger/0')).toMatch(
    /^entry 0 of ledger is in the ledger, at position 0\nverified {2}by the signed checkpoint of \d+ entries/,
  );
  expect(await said('--stream', 'run:nowhere')).toMatch(/^there is no stream run:nowhere\n/);
  expect(await said('--stream', 'ledger')).toMatch(/^the last entry of ledger is \d+, with digest/);
});
