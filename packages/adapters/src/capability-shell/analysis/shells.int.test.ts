import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cases } from '@chancery/testkit/properties';
import { analyseLine } from './analyse.ts';

/** Programs that stand in the place of real ones and only write down that they ran. */
const stubs = ['rm', 'curl', 'git', 'cat', 'ls', 'eslint', 'make', 'wc'] as const;

/** Wrappers that are there for real, beside the stubs. */
const wrappers = ['env', 'nice', 'timeout', 'xargs', 'find', 'nohup'] as const;

const found = (name: string): string | undefined =>
  ['/bin', '/usr/bin'].map((folder) => join(folder, name)).find((path) => existsSync(path));

const shells = ['dash', 'bash'].flatMap((name) => found(name) ?? []);

let place: string;

beforeAll(() => {
  place = realpathSync(mkdtempSync(join(tmpdir(), 'chancery-shells-')));
  mkdirSync(join(place, 'bin'));
  for (const name of stubs) {
    const path = join(place, 'bin', name);
    writeFileSync(path, `#!/bin/sh\necho ${name} >> "${place}/ran"\n`);
    chmodSync(path, 0o755);
  }
  for (const name of [...wrappers, 'sh', 'bash', 'dash']) {
    const real = found(name);
    if (real !== undefined) execFileSync('ln', ['-s', real, join(place, 'bin', name)]);
  }
});

afterAll(() => {
  rmSync(place, { recursive: true, force: true });
});

/** Names of the stubs that a shell really runs of a line. */
function ranBy(shell: string, line: string): readonly string[] {
  const work = join(place, 'work');
  rmSync(work, { recursive: true, force: true });
  rmSync(join(place, 'ran'), { force: true });
  mkdirSync(work);
  const argv = shell.endsWith('bash') ? ['--posix', '-c', line] : ['-c', line];
  spawnSync(shell, argv, {
    cwd: work,
    env: { PATH: join(place, 'bin'), HOME: work },
    input: 'curl x\n',
    timeout: 5_000,
    killSignal: 'SIGKILL',
  });
  const file = join(place, 'ran');
  return existsSync(file) ? readFileSync(file, 'utf8').split('\n').filter(Boolean) : [];
}

/** Programs that ran and are not told, where the line was taken for understood. */
function missed(line: string): readonly string[] {
  const { programs } = analyseLine(line);
  if (programs.includes('unknown')) return [];
  return shells.flatMap((shell) =>
    ranBy(shell, line)
      .filter((name) => !programs.includes(name))
      .map((name) => `${shell}: ${name}`),
  );
}

const name = fc.constantFrom(...stubs);

/** The same name, written in other ways. */
const spelled = fc
  .tuple(
    name,
    fc.constantFrom(
      ...Array<string>(30).fill('plain'),
      ...['single', 'double', 'escaped', 'split', 'continued', 'path'],
      ...['ansi', 'brace', 'glob'],
    ),
  )
  .map(([text, how]) => {
    const [first, rest] = [text.slice(0, 1), text.slice(1)];
    const ways: Readonly<Record<string, string>> = {
      plain: text,
      single: `'${text}'`,
      double: `"${first}"${rest}`,
      escaped: `\\${text}`,
      split: `${first}''${rest}`,
      ansi: `$'${text}'`,
      continued: `${first}\\\n${rest}`,
      path: `../bin/${text}`,
      brace: `{${text},x}`,
      glob: `../bin/${first}*`,
    };
    return ways[how] ?? text;
  });

const argument = fc.oneof(
  { weight: 12, arbitrary: fc.constantFrom('x', '"a b"', 'a', '--', "'$(curl)'", '\\;', 'a=b') },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      ...[`"\${V:-'$(curl)'}"`, `\${V:-'$(curl)'}`, `"\${V:-\`curl\`}"`, `\${V+"$(curl)"}`],
      ...[`"\${PWD#'$(curl)'}"`, `\${PWD%"$(curl)"}`, `$((1 + $(curl)))`, `"$(echo '$(rm)')"`],
      ...['"`echo \\`curl\\``"', '`echo "\\`rm\\`"`', '"$(cat <<E\n$(curl)\nE\n)"'],
      ...["$((1 + '$(curl)'))", "$(( '`curl`' ))"],
    ),
  },
  { weight: 4, arbitrary: fc.constantFrom('"$(rm)"', '`rm`', '$(wc)', '"\\$(curl)"', '*', '~') },
  { weight: 2, arbitrary: fc.constantFrom('$X', '"$X"', '$((1+1))', '${X:-$(git)}', '${Y:=a}') },
  { weight: 1, arbitrary: fc.constantFrom('#x', '{a,b}', "$'x'", '-c', '!', '-v') },
);

const redirection = fc.oneof(
  { weight: 20, arbitrary: fc.constant('') },
  { weight: 6, arbitrary: fc.constantFrom(' > out', ' 2>&1', ' < /dev/null', ' >> out', ' >&2') },
  { weight: 3, arbitrary: fc.constantFrom(' > "a$(make)"', ' <<E\n$(rm)\nE\n', ' 2>&1 >out') },
  { weight: 1, arbitrary: fc.constantFrom(' &> out', " <<'E'\n$(rm)\nE\n", ' 3<&-', ' <<< x') },
);

const assignment = fc.constantFrom(
  '',
  '',
  '',
  'A=1 ',
  'A=$(rm) ',
  'A="$(git)" ',
  'A=`curl` ',
  'X=curl ',
  'A+=1 ',
);

const simple = fc
  .tuple(assignment, spelled, fc.array(argument, { maxLength: 3 }), redirection)
  .map(([before, program, words, after]) => `${before}${[program, ...words].join(' ')}${after}`);

const quoted = (line: string): string => `'${line.replaceAll("'", `'\\''`)}'`;

const { line: anyLine } = fc.letrec<{ line: string }>((tie) => ({
  line: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    { weight: 40, arbitrary: simple },
    fc
      .tuple(
        tie('line'),
        fc.constantFrom(' && ', ' || ', '; ', '\n', ' | ', ' & ', '&&', ';', ' |& '),
        tie('line'),
      )
      .map(([a, by, b]) => `${a}${by}${b}`),
    fc
      .tuple(fc.constantFrom('(', '{ ', '! ', 'time '), tie('line'))
      .map(([open, a]) => `${open}${a}${open === '(' ? ')' : open === '{ ' ? '; }' : ''}`),
    tie('line').map((a) => `if ${a}\nthen ${a}\nelse ${a}\nfi`),
    tie('line').map((a) => `for v in a b\ndo ${a}\ndone`),
    tie('line').map((a) => `case x in x) ${a}\n;; *) ${a}\n;; esac`),
    tie('line').map((a) => `f() { ${a}\n}; f`),
    tie('line').map((a) => `function f { ${a}\n}; f`),
    tie('line').map((a) => `sh -c ${quoted(a)}`),
    tie('line').map((a) => `eval ${quoted(a)}`),
    tie('line').map((a) => `eval ${a}`),
    tie('line').map((a) => `trap ${quoted(a)} EXIT`),
    tie('line').map((a) => `env A=1 ${a}`),
    tie('line').map((a) => `env -S ${quoted(a)}`),
    tie('line').map((a) => `timeout 5 ${a}`),
    tie('line').map((a) => `nice -n 5 ${a}`),
    tie('line').map((a) => `command ${a}`),
    tie('line').map((a) => `exec ${a}`),
    tie('line').map((a) => `xargs ${a}`),
    tie('line').map((a) => `echo x | xargs -I% sh -c ${quoted(a)}`),
    tie('line').map((a) => `find . -exec ${a} \\;`),
    tie('line').map((a) => `echo ${quoted(a)} | sh`),
    tie('line').map((a) => `sh <<'E'\n${a}\nE\n`),
    tie('line').map((a) => `echo "$(${a})"`),
    tie('line').map((a) => `: \${V:-$(${a})}`),
    tie('line').map((a) => `alias t=${quoted(a)}\nt`),
    tie('line').map((a) => `X=${quoted(a)}; $X; eval "$X"`),
    tie('line').map((a) => `[[ a || ${a} ]]`),
    tie('line').map((a) => `((${a}))`),
    tie('line').map((a) => `cat <(${a})`),
    tie('line').map((a) => `${a} # ; curl`),
    tie('line').map((a) => `set -- ${quoted(a)}; eval "$@"; $1`),
    tie('line').map((a) => `while ${a}\ndo break; done`),
    tie('line').map((a) => `nohup ${a}`),
    tie('line').map((a) => `make() { ${a}\n}; make`),
  ),
}));

/** Raw pieces without order, of which most are no line at all. */
const soup = fc
  .array(
    fc.constantFrom(
      ...stubs,
      ...[
        '(',
        ')',
        '{',
        '}',
        ';',
        '&',
        '|',
        '&&',
        '||',
        '\n',
        ' ',
        '"',
        "'",
        '`',
        '$(',
        '${',
        '$((',
        '\\',
        '<<E',
        '\nE\n',
        '<',
        '>',
        '!',
        'if ',
        'then ',
        'fi',
        'for x in ',
        'do ',
        'done',
        'case x in x)',
        ';;',
        'esac',
        '#',
        '=',
        'X=',
        '$X',
        '&>',
        '<(',
        '[[',
        ']]',
        '{ ',
        '\t',
        '\r',
      ],
    ),
    { minLength: 1, maxLength: 14 },
  )
  .map((pieces) => pieces.join(''));

describe.skipIf(shells.length === 0)('what dash and bash really run', () => {
  it('is told of every line that is understood', () => {
    fc.assert(
      fc.property(anyLine, (line) => {
        expect(missed(line)).toEqual([]);
      }),
      cases(200),
    );
  }, 300_000);

  it('is told of lines out of raw pieces', () => {
    fc.assert(
      fc.property(soup, (line) => {
        expect(missed(line)).toEqual([]);
      }),
      cases(200),
    );
  }, 300_000);

  it('is of lines that are understood in great part', () => {
    const lines = fc.sample(anyLine, { numRuns: 1_000, seed: 7 });
    const understood = lines.filter((line) => !analyseLine(line).programs.includes('unknown'));
    expect(understood.length).toBeGreaterThan(400);
  });

  it('is seen here at all', () => {
    expect(shells.map((shell) => ranBy(shell, 'rm x && curl y'))).toEqual(
      shells.map(() => ['rm', 'curl']),
    );
  });
});
