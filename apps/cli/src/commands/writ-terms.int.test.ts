import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Stand, type JsonLeft, type JsonLine, type Turn } from '../cli-fixture.ts';

let stand: Stand;
let files = 0;

beforeAll(async () => {
  stand = new Stand();
  stand.makeRepo();
  await stand.init();
});

afterAll(async () => {
  expect((await stand.run(['verify'])).exit).toBe(0);
  stand.remove();
});

function newFile(): string {
  files += 1;
  return join(stand.folder, `${files}.writ`);
}

async function issued(...flags: readonly string[]): Promise<{ file: string; writ: JsonLine }> {
  const file = newFile();
  const { exit, lines, stderr } = await stand.json(['writ', 'issue', file, ...flags]);
  const [writ] = lines;
  if (exit !== 0 || writ === undefined) throw new Error(JSON.stringify({ lines, stderr }));
  return { file, writ };
}

const call = (name: string, args: object) => ({ calls: [{ name, args }] });

async function runUnder(file: string, ...turns: readonly Turn[]): Promise<JsonLeft> {
  const model = stand.script(...turns, { say: 'Done.' });
  return stand.json(['run', 'Write', '--repo', stand.repo, '--model', model, '--writ', file]);
}

describe('a writ that is issued', () => {
  it('names paths in the one form that actions have, and effects that its grants need', async () => {
    const grants = [
      '--grant',
      'fs.read path is ./docs//a.md',
      '--grant',
      'fs.write path in b/,./a',
    ];
    const { file, writ } = await issued(...grants, '--effect', 'read,write');
    expect(writ['grants']).toMatchObject([
      { where: [{ op: 'is', value: 'docs/a.md' }] },
      { where: [{ op: 'in', values: ['a', 'b'] }] },
    ]);
    const { lines } = await runUnder(file, call('fs.write', { path: 'a', text: 'x' }));
    expect(lines.at(-1)).toMatchObject({ commits: 1, refusals: 0 });
    const fetching = ['--grant', 'http.fetch url host in example.org', '--effect', 'external'];
    expect((await issued(...fetching)).writ).toMatchObject({ effects: ['external'] });
  });

  it('below another asks for no effect that the other does not permit', async () => {
    const above = await issued('--depth', '2', '--budget', '1usd', '--effect', 'read');
    const refusal = async (...flags: readonly string[]) => {
      const file = newFile();
      const left = await stand.json(['writ', 'attenuate', above.file, file, ...flags]);
      expect(existsSync(file)).toBe(false);
      return [left.exit, left.lines[0]?.['code'], left.lines[0]?.['message']];
    };
    expect([await refusal('--effect', 'external'), await refusal('--grant', 'fs.write')]).toEqual([
      [3, 'writ.widened', 'the writ above does not permit the effect external'],
      [3, 'writ.widened', expect.stringContaining('every call of fs.write has the effect write')],
    ]);
    expect((await issued('--parent', above.file, '--budget', '0.5usd')).writ).toMatchObject({
      effects: ['pure', 'read'],
    });
  });

  it('of a run of its own is finished with it', async () => {
    const model = stand.script({ say: 'Done.' });
    const run = await stand.json(['run', 'x', '--repo', stand.repo, '--model', model]);
    const name = String(run.lines.at(-1)?.['run']);
    const [spent] = (await stand.json(['spend', name])).lines;
    const id = String(spent?.['id']);
    expect(spent).toMatchObject({ phase: 'finished', parent: null });
    expect((await stand.json(['writ', 'tree', id])).lines).toMatchObject([{ phase: 'finished' }]);
    const inspected = await stand.json(['writ', 'inspect', id]);
    expect(inspected.exit).toBe(8);
    expect(inspected.lines[0]).toMatchObject({ ok: false });
    expect(JSON.stringify(inspected.lines)).toContain(`it was that of the run ${name}`);
  });
});
