import { describe, expect, it } from 'vitest';
import { analyseLine, analyseWords } from './analyse.ts';
import type { Analysis } from './finding.ts';

/** Names of programs, with `unknown` where something else is not understood than what a program is. */
function seen({ programs, unclear }: Analysis): readonly string[] {
  const names = programs.filter((name) => name !== 'unknown');
  const others = unclear.filter((why) => !why.endsWith('nothing is known of this program'));
  return others.length === 0 ? names : [...names, 'unknown'].sort();
}

/** Lines and the programs that are seen in them. */
const lines: Readonly<Record<string, readonly string[]>> = {
  '': [],
  'ls -l': ['ls'],
  'X=1': [],
  'X=1 make': ['make'],
  'npm test && git push': ['git', 'git push', 'npm', 'npm test'],
  'a; b | c || d & e\nf': ['a', 'b', 'c', 'd', 'e', 'f'],
  'echo $(git push) `rm x` "$(curl y)"': ['curl', 'echo', 'git', 'git push', 'rm'],
  'X=$(rm x)': ['rm'],
  'a > $(b) 2> "$(c)"': ['a', 'b', 'c', 'unknown'],
  'a "${X:-$(b)}" $((1 + $(c)))': ['a', 'b', 'c'],
  '(a; (b)); { c; }': ['a', 'b', 'c'],
  '! a': ['a'],
  'if a; then b; elif c; then d; else e; fi': ['a', 'b', 'c', 'd', 'e'],
  'for x in $(a); do b; done; while c; do d; done; until e; do f; done': [
    ...['a', 'b', 'c', 'd', 'e', 'f'],
  ],
  'case $(a) in x) b;; *) c;; esac': ['a', 'b', 'c'],
  'f() { rm x; }; f': ['f', 'rm'],
  'cat <<E\n$(rm x)\nE': ['cat', 'rm'],
  "cat <<'E'\n$(rm x)\nE": ['cat'],
  "sh <<'E'\nrm x\nE": ['rm', 'sh'],
  'sh <<E\nr\\\\m x\nE': ['sh', 'unknown'],
  'echo rm | sh': ['echo', 'sh', 'unknown'],
  '"r"m \'x\'': ['rm'],
  'r\\m x': ['rm'],
  'r\\\nm x': ['rm'],
  '/usr/bin/../bin/git push': ['/usr/bin/../bin/git', 'git', 'git push'],
  '/usr/bin/git push': ['git', 'git push'],
  './ls': ['./ls', 'ls'],
  '"ls /x"': ['unknown', 'x'],
  'a # ; b': ['a'],
  'eval "rm x" y': ['eval', 'rm'],
  'eval "$X"': ['eval', 'unknown'],
  "trap 'rm x' EXIT": ['rm', 'trap'],
  '$X foo': ['unknown'],
  '${X} foo': ['unknown'],
  '"$(a)" foo': ['a', 'unknown'],
  '*/tool': ['unknown'],
  "$'rm' x": ['rm', 'unknown'],
  '{rm,x}': ['unknown'],
  '((rm x))': ['unknown'],
  '[[ a || rm x ]]': ['unknown'],
  'a <(b)': ['a', 'b', 'unknown'],
  'function f { rm; }': ['rm', 'unknown'],
  'alias ls="rm x"\nls': ['alias', 'ls', 'unknown'],
  '. ./script': ['.', 'unknown'],
  'echo "unterminated': ['echo', 'unknown'],
  'if a; then b': ['a', 'b', 'unknown'],
  'a )': ['a', 'unknown'],
  'rm x\r\ny': ['rm', 'unknown', 'y'],
};

/** Words and the programs that are seen in them. */
const invocations: readonly (readonly [readonly string[], readonly string[]])[] = [
  [['git'], ['git']],
  [
    ['git', 'push'],
    ['git', 'git push'],
  ],
  [
    ['git', '-C', 'x', '--no-pager', 'push'],
    ['git', 'git push'],
  ],
  [
    ['git', '-c', 'user.name=a', 'commit'],
    ['git', 'git commit'],
  ],
  [
    ['git', '-c', 'alias.x=!rm y', 'x'],
    ['git', 'git x', 'unknown'],
  ],
  [
    ['git', '--git-dir=x', 'push'],
    ['git', 'git push'],
  ],
  [
    ['git', '--new-option', 'push'],
    ['git', 'git push', 'unknown'],
  ],
  [
    ['git', 'clean', '-xdf'],
    ['git', 'git clean'],
  ],
  [
    ['git', 'rebase', '-x', 'rm y'],
    ['git', 'git rebase', 'rm'],
  ],
  [
    ['git', 'bisect', 'run', 'rm'],
    ['git', 'git bisect', 'git bisect run', 'rm'],
  ],
  [
    ['npm', 'publish'],
    ['npm', 'npm publish'],
  ],
  [
    ['npm', '--prefix', 'x', 'publish'],
    ['npm', 'npm publish'],
  ],
  [
    ['pnpm', '-C', 'x', 'publish'],
    ['pnpm', 'pnpm publish'],
  ],
  [
    ['yarn', 'publish'],
    ['yarn', 'yarn publish'],
  ],
  [
    ['npm', 'exec', '--', 'rm', 'x'],
    ['npm', 'npm exec', 'rm'],
  ],
  [
    ['npx', '-y', 'rimraf', 'x'],
    ['npx', 'rimraf'],
  ],
  [
    ['npx', '-c', 'rm x'],
    ['npx', 'rm'],
  ],
  [
    ['env', '-i', '-u', 'A', 'B=1', 'rm', 'x'],
    ['env', 'rm'],
  ],
  [
    ['env', '-S', 'rm x'],
    ['env', 'rm'],
  ],
  [
    ['env', '-S', 'git', 'push'],
    ['env', 'git', 'push', 'unknown'],
  ],
  [
    ['sudo', '-u', 'root', 'A=1', 'git', 'push'],
    ['git', 'git push', 'sudo'],
  ],
  [
    ['sudo', '-i'],
    ['sudo', 'unknown'],
  ],
  [
    ['nice', '-n', '5', 'nohup', 'setsid', 'timeout', '-k', '1', '5s', 'rm'],
    ['nice', 'nohup', 'rm', 'setsid', 'timeout'],
  ],
  [
    ['time', '-p', 'command', 'exec', 'rm'],
    ['command', 'exec', 'rm', 'time'],
  ],
  [
    ['xargs', '-0', '-n1', 'rm', '-f'],
    ['rm', 'unknown', 'xargs'],
  ],
  [
    ['xargs', 'git'],
    ['git', 'unknown', 'xargs'],
  ],
  [
    ['xargs', '-I%', 'git', '%'],
    ['git', 'unknown', 'xargs'],
  ],
  [
    ['find', '.', '-name', 'x', '-exec', 'rm', '{}', ';', '-execdir', 'mv', '{}', '+'],
    ['find', 'mv', 'rm'],
  ],
  [
    ['find', '.', '-exec', 'sh', '-c', 'rm {}', ';'],
    ['find', 'sh', 'unknown'],
  ],
  [
    ['flock', 'x', '-c', 'rm y'],
    ['flock', 'unknown'],
  ],
  [
    ['sh', '-c', 'a && git push'],
    ['a', 'git', 'git push', 'sh'],
  ],
  [
    ['bash', '-euo', 'pipefail', '-c', 'rm x'],
    ['bash', 'rm'],
  ],
  [
    ['bash', '-lc', 'rm x'],
    ['bash', 'rm'],
  ],
  [
    ['sh', '-c', '+e', 'rm x'],
    ['+e', 'sh', 'unknown'],
  ],
  [
    ['sh', '-c', 'sh -c \'sh -c "rm x"\''],
    ['rm', 'sh'],
  ],
  [['sh', 'script.sh'], ['sh']],
  [['sh'], ['sh', 'unknown']],
  [['ssh', 'host', 'rm'], ['ssh']],
  [['./node_modules/.bin/tsc'], ['./node_modules/.bin/tsc', 'tsc']],
  [
    ['git', 'pull'],
    ['git', 'git pull'],
  ],
  [
    ['git', 'remote', 'rm', 'a'],
    ['git', 'git remote', 'git remote remove'],
  ],
  [
    ['npm', 'pub'],
    ['npm', 'npm publish'],
  ],
  [
    ['npm', 'isntall'],
    ['npm', 'npm install'],
  ],
  [
    ['npm', 'unpub'],
    ['npm', 'npm unpublish'],
  ],
  [
    ['cargo', '+nightly', 't'],
    ['cargo', 'cargo test'],
  ],
  [
    ['yarn', 'npm', 'publish'],
    ['yarn', 'yarn npm', 'yarn npm publish'],
  ],
];

describe('programs of a shell line', () => {
  it.each(Object.entries(lines))('sees in %j: %j', (line, programs) => {
    expect(seen(analyseLine(line))).toEqual(programs);
  });

  it('tells nothing of shells nested deeper than it reads', () => {
    const nested = Array.from({ length: 9 }).reduce<string>(
      (line) => `eval ${JSON.stringify(line).replaceAll('$', '\\$')}`,
      'rm x',
    );
    expect(seen(analyseLine(nested))).toEqual(['eval', 'unknown']);
  });

  it('is told by an object that has no getter of its own, which would keep it alive', () => {
    const analysis = analyseLine('cat a | sort');
    expect(Object.hasOwn(analysis, 'commands')).toBe(false);
    expect(analysis.commands.map(({ program }) => program)).toEqual(['cat', 'sort']);
  });

  it('reads a very deep line without failing', () => {
    expect(seen(analyseLine(`${'$('.repeat(5000)}rm x${')'.repeat(5000)}`))).toContain('unknown');
    expect(seen(analyseLine(`${'('.repeat(5000)}rm x${')'.repeat(5000)}`))).toContain('unknown');
  });
});

describe('programs of words', () => {
  it.each(invocations)('sees in %j: %j', (words, programs) => {
    expect(seen(analyseWords(words))).toEqual(programs);
  });
});
