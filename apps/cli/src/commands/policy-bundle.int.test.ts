import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ed25519Signer, signerOf } from '@chancery/kernel/encoding';
import { readBundle, signBundle, type Bundle } from '@chancery/kernel/policy';
import { Stand } from '../cli-fixture.ts';

const text = `// example: deny by no-writing fs.write {"path": "a"}
@id("all") permit (principal, action, resource);
@id("no-writing") forbid (principal, action, resource) when { context.effect == "write" };
`;
const author = signerOf(ed25519Signer(new Uint8Array(32).fill(7)));
let stand: Stand;

const at = (name: string): string => join(stand.folder, name);

beforeEach(async () => {
  stand = new Stand();
  await stand.init();
  writeFileSync(at('team.cedar'), text);
});

afterEach(() => stand.remove());

async function bundled(...flags: readonly string[]) {
  const { exit, lines } = await stand.json(['policy', 'bundle', at('team.cedar'), ...flags]);
  expect(exit).toBe(0);
  return lines[0];
}

/** What is in the bundle, as whoever signs it again may change it. */
function contents(): Bundle {
  const read = readBundle(JSON.parse(readFileSync(at('team.bundle.json'), 'utf8')) as never);
  if (!read.ok) throw new Error(read.refusal.message);
  return read.value.bundle;
}

async function activated(...flags: readonly string[]) {
  const words = ['policy', 'activate', at('team.bundle.json'), '--yes', ...flags];
  const { exit, lines } = await stand.json(words);
  return { exit, code: lines.at(-1)?.['code'], line: lines.at(-1) };
}

describe('a bundle of a policy', () => {
  it('is taken wherever a policy is, at its level and by its name', async () => {
    const line = await bundled('--level', 'organisation');
    expect(line).toMatchObject({
      ...{ type: 'policy-bundled', name: 'team', level: 'organisation', rules: 2 },
      ...{ file: at('team.bundle.json') },
    });
    const file = at('team.bundle.json');
    for (const words of [['check'], ['test'], ['diff'], ['simulate']]) {
      const { exit } = await stand.json(['policy', ...words, file]);
      expect({ words, exit }).toEqual({ words, exit: 0 });
    }
    const { exit, line: active } = await activated();
    expect({ exit, active }).toMatchObject({
      ...{ exit: 0, active: { name: 'team', level: 'organisation', bundle: line?.['bundle'] } },
    });
    expect((await stand.run(['verify'])).exit).toBe(0);
    const asked = ['policy', 'explain', '--capability', 'fs.write', '--with', '{"path":"a"}'];
    expect((await stand.json(asked)).lines[0]).toMatchObject({ verdict: 'deny' });
  });

  it('keeps in the ledger who has signed it, beside who activated it', async () => {
    const line = await bundled();
    writeFileSync(at('team.bundle.json'), JSON.stringify(signBundle(contents(), author)));
    expect(await activated('--signed-by', author.id)).toMatchObject({ exit: 0 });
    await stand.run(['checkpoint']);
    await stand.run(['export', '--to', at('ledger.chancery')]);
    const owner = (line?.['signers'] as readonly string[])[0];
    const exported = readFileSync(at('ledger.chancery'), 'utf8');
    expect(exported).toMatch(
      new RegExp(`"signatures":\\[{"keyid":"${author.id}"[^\\]]*"keyid":"${owner}"`),
    );
    expect((await stand.run(['verify'])).exit).toBe(0);
  });

  it('gets one more signature, and is asked for those that it has to bear', async () => {
    await bundled();
    const other = await stand.json(['keys', 'create', 'second']);
    const [key, file] = [String(other.lines[0]?.['key']), String(other.lines[0]?.['file'])];
    expect(await activated('--signed-by', key)).toMatchObject({
      exit: 3,
      code: 'envelope.invalid',
    });
    const both = ['--out', at('both.json'), '--key', file];
    const signed = await stand.json(['policy', 'bundle', at('team.bundle.json'), ...both]);
    expect(signed.lines[0]?.['signers']).toEqual([expect.any(String), key]);
    const words = ['policy', 'activate', at('both.json'), '--yes', '--signed-by', key];
    expect((await stand.json(words)).exit).toBe(0);
  });

  it.each<[string, () => string, string]>([
    [
      'of which a byte was edited',
      () => readFileSync(at('team.bundle.json'), 'utf8').replace(/"sig":"./, '"sig":"+'),
      'envelope.invalid',
    ],
    [
      'that nobody has signed',
      () => JSON.stringify({ ...signBundle(contents(), author), signatures: [] }),
      'envelope.invalid',
    ],
    ['that is another object', () => '{"v":1}', 'envelope.invalid'],
    [
      'that is cut short',
      () => readFileSync(at('team.bundle.json'), 'utf8').slice(0, -9),
      'envelope.invalid',
    ],
    [
      'whose text says something else than it would decide',
      () => {
        const permitting = contents().policies.staticPolicies;
        const policies = {
          ...contents().policies,
          staticPolicies: { all: permitting['all'] ?? {} },
        };
        return JSON.stringify(signBundle({ ...contents(), policies }, author));
      },
      'policy.invalid',
    ],
    [
      'of another schema',
      () => JSON.stringify(signBundle({ ...contents(), schema: '0'.repeat(64) }, author)),
      'policy.invalid',
    ],
  ])('is refused %s', async (_, edited, code) => {
    await bundled();
    writeFileSync(at('team.bundle.json'), edited());
    expect(await activated()).toMatchObject({ code });
    expect((await stand.json(['policy', 'list'])).lines).toHaveLength(1);
  });

  it('is refused under another level or name, and written over nothing', async () => {
    await bundled();
    expect(await activated('--level', 'run')).toMatchObject({ code: 'usage.invalid' });
    expect(await activated('--name', 'other')).toMatchObject({ code: 'usage.invalid' });
    expect(await activated('--signed-by', 'me')).toMatchObject({ code: 'usage.invalid' });
    const again = await stand.json(['policy', 'bundle', at('team.cedar')]);
    expect(again.lines[0]).toMatchObject({ code: 'usage.invalid' });
  });

  it('is asked for where a policy is only a text', async () => {
    const words = ['policy', 'activate', at('team.cedar'), '--yes', '--signed-by', author.id];
    expect((await stand.json(words)).lines[0]).toMatchObject({ code: 'envelope.invalid' });
  });
});
