import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { analyseLine } from '../analysis/analyse.ts';
import { rowOf } from './index.ts';
import { optionsOf } from './options.ts';

const options = optionsOf(rowOf('node') ?? {}).byName;

/** Names of the options that `node --help` tells, by whether they take a value: `-C, --conditions=...`. */
function told(): readonly (readonly [string, boolean])[] {
  const help = execFileSync(process.execPath, ['--help'], { encoding: 'utf8' });
  return help.split('\n').flatMap((line) => {
    const [, names = '', value = ''] =
      /^ {2}(-[-\w., ]*?)(=\S*|\[=\S*| \[\.\.\.\])?(?: {2}|$)/.exec(line) ?? [];
    return names
      .split(', ')
      .filter((name) => /^--?\w/.test(name))
      .map((name) => [name.replace(/^--?/, ''), value.startsWith('=')] as const);
  });
}

const code = `'require("child_process")'`;
const isUnclear = (line: string): boolean => analyseLine(line).programs.includes('unknown');

describe('options of Node', () => {
  it('take a value where Node says so, and nowhere else', () => {
    const both = told().filter(([name]) => options.has(name) && !/^(?:p|print|run)$/.test(name));
    expect(both.length).toBeGreaterThan(100);
    const taking = both.map(([name]) => [name, options.get(name)?.value === 'own'] as const);
    expect(taking).toEqual(both);
  });

  it('that may stand in a variable hide no code behind them', () => {
    const flags = [...process.allowedNodeEnvironmentFlags];
    expect(flags.length).toBeGreaterThan(200);
    const hidden = flags.flatMap((flag) => {
      const { value = 'own' } = options.get(flag.replace(/^--?/, '')) ?? {};
      const forms = [`${flag} -e ${code}`, `${flag}=x -e ${code}`, `${flag} x -e ${code}`];
      // Behind one that takes no word, a word is the script, and what follows is its affair.
      return (value === 'own' ? forms : forms.slice(0, 2)).map((form) => `node ${form}`);
    });
    expect(hidden.filter((line) => !isUnclear(line))).toEqual([]);
  });

  it.each([
    `node --cpu-prof -e ${code}`,
    `node --report-filename x -e ${code}`,
    `node --v8-pool-size x -e ${code}`,
    `node --tls-keylog x -e ${code}`,
    `node --localstorage-file x -e ${code}`,
    `node --test-shard x -e ${code}`,
    `node --secure-heap x -e ${code}`,
    `node --inspect-port 1 -pe ${code}`,
    `node --conditions x --eval=${code}`,
    `tsx --conditions x -e ${code}`,
    `ts-node --cwd-mode x -e ${code}`,
    `ts-node --cwd x -e ${code}`,
    `deno --location x eval ${code}`,
    `deno eval --ext js ${code}`,
    `ipython -c ${code}`,
    `python3 -m timeit ${code}`,
    `python3 -m timeit -s 1 ${code}`,
    `python3 -m pdb -c ${code} a.py`,
    `bun -e ${code}`,
    `bun run -e ${code}`,
    "node --import 'data:text/javascript,1' a.js",
    "node --import='data:text/javascript,1' a.js",
    "node --require 'data:text/javascript,1' a.js",
    'node --loader DATA:text/javascript,1 a.js',
    "NODE_OPTIONS='--import=data:text/javascript,1' node a.js",
    'node --entry-url data:text/javascript,1',
  ])('are read up to the code that they are told beside: %s', (line) => {
    expect(isUnclear(line)).toBe(true);
  });
});
