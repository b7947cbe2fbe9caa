import { describe, expect, it } from 'vitest';
import type { ProgramRow } from '@chancery/kernel/programs';
import { analyseLine } from '../analysis/analyse.ts';
import { summary } from '../analysis/summary.ts';
import { checkBesideBuiltIn, tryCases } from './declared.ts';
import { builtInNames, isBuiltIn } from './index.ts';

const mend: ProgramRow = {
  options: 'q o=write',
  operands: 'read*',
  cases: { 'mend -q a': 'read <a', 'mend --other': 'unknown' },
};

const found = (line: string, rows: Readonly<Record<string, ProgramRow>>): string => {
  const declared = new Map(Object.entries(rows).map(([name, row]) => [name, { row }]));
  return summary(analyseLine(line, { folder: '.', factsOf: () => undefined, declared }));
};

describe('a declared row', () => {
  it.each<readonly [string, string]>([
    ['mend -o b a', 'read write <a >b'],
    ['sh -c "mend -o b a"', 'read write <a >b'],
    ['./mend a', 'read executes <a'],
    ['mend -x a', 'read unknown <a'],
    ['sew a', 'unknown'],
  ])('has %j read: %j', (line, told) => {
    expect(found(line, { mend })).toBe(told);
  });

  it.each(['npx', 'npm exec', 'bunx', 'python3 -m', 'npx -y', 'pnpm dlx', 'yarn dlx'])(
    'says nothing of what %s finds under its name',
    (runner) => {
      expect(found(`${runner} mend a`, { mend })).toBe(found(`${runner} mend a`, {}));
    },
  );

  it.each(['node_modules/.bin/mend a', '/tmp/node_modules/.bin/mend a'])(
    'says nothing of %s',
    (line) => {
      expect(found(line, { mend })).toBe('executes');
    },
  );

  it('is read by its forms: wrappers, subcommands, files that are run', () => {
    const rows: Readonly<Record<string, ProgramRow>> = {
      wrap: { form: 'env', leading: true, cases: {} },
      later: { operands: 'text command', leading: true, cases: {} },
      play: { form: 'script', options: 'e=', cases: {} },
      infra: {
        subcommands: { 'plan|p': { operands: 'read*' }, apply: { does: ['external'] } },
        cases: {},
      },
    };
    expect(found('wrap A=1 rm a', rows)).toBe('write >a');
    expect(found('later 5 git push', rows)).toBe('external irreversible');
    expect(found('play a.pl', rows)).toBe('read executes <a.pl');
    // Code that is told as a text is not what makes an interpreter harmless.
    expect(found('play -e "print 1"', rows)).toBe('unknown');
    expect(found('infra p a', rows)).toBe('read <a');
    expect(found('infra apply', rows)).toBe('external');
    expect(found('infra destroy', rows)).toBe('unknown');
  });

  it('changes nothing of what is built in, nor of another version or spelling of it', () => {
    const harmless: ProgramRow = { operands: 'text*', cases: {} };
    const lines = ['bash -c "$X"', 'git push', 'python3.12 -c "$X"', 'BASH.exe -c "$X"', 'rm a'];
    for (const line of lines) {
      const [name = ''] = line.split(' ');
      expect([line, found(line, { [name]: harmless })]).toEqual([line, found(line, {})]);
    }
    for (const name of builtInNames) expect(isBuiltIn(name)).toBe(true);
    expect(['node22', 'ruby3.3', 'Bash', 'npm.cmd', 'perl-5.36'].filter(isBuiltIn)).toHaveLength(5);
    expect(['mend2', 'kustomize'].filter(isBuiltIn)).toEqual([]);
  });

  it.each(
    (
      'gsed genv gtar gnusort uu-ls bsdgrep coreutils busybox-static busybox.real toybox-x86_64 bash-static bash5.2 ' +
      'python3-dbg python3.13t python3.12dm pypy3.10-c x86_64-linux-gnu-gcc x86_64-linux-gnu-gcc-13 arm-none-eabi-g++ ' +
      'aarch64-linux-gnu-python3.12 git.real curl-amd64 nc.openbsd vim.tiny GIT.EXE node-22 ld-linux-x86-64.so.2 ' +
      'ld-musl-x86_64.so.1 ld.so hush'
    ).split(' '),
  )('says nothing of %s, which is another spelling of what is built in', (name) => {
    expect(isBuiltIn(name)).toBe(true);
    const harmless: ProgramRow = { operands: 'text*', cases: {} };
    expect(found(`${name} a`, { [name]: harmless })).toBe(found(`${name} a`, {}));
  });

  it.each(
    'mend gnuplot uuencode bsdiff w3m-img x86_64-mend arm-mend mend-static k3d d2'.split(' '),
  )('may be said of %s, which is none', (name) => {
    expect(isBuiltIn(name)).toBe(false);
  });
});

describe('rows beside what is built in', () => {
  it('are fit when each line is read as it is told', () => {
    expect(checkBesideBuiltIn({ mend })).toBeUndefined();
    expect(tryCases({ mend })).toEqual([
      { programs: 'mend', line: 'mend -q a', told: 'read <a', found: 'read <a', holds: true },
      { programs: 'mend', line: 'mend --other', told: 'unknown', found: 'unknown', holds: true },
    ]);
  });

  it.each<readonly [string, Readonly<Record<string, ProgramRow>>, RegExp]>([
    ['a name that is built in', { 'mend git': mend }, /git is built in/],
    ['one in another version', { 'bash5.2': mend }, /bash5\.2 is built in/],
    [
      'a line that tells something else',
      { mend: { ...mend, cases: { ...mend.cases, 'mend a': '' } } },
      /"mend a" is told as "", and found is "read <a"/,
    ],
    [
      'no line that is understood',
      { mend: { ...mend, cases: { 'mend -x': 'unknown' } } },
      /is understood/,
    ],
    [
      'an option that does not say that it runs something',
      { mend: { ...mend, options: 'q o=write editor=' } },
      /the option editor of "mend" is named for what runs/,
    ],
    ['no line that is not', { mend: { ...mend, cases: { 'mend -q': '' } } }, /is not understood/],
  ])('are not fit with %s', (_, rows, message) => {
    expect(checkBesideBuiltIn(rows)).toMatchObject({ code: 'programs.invalid', message });
  });

  it('want no line that is not understood where options are taken unseen', () => {
    const row: ProgramRow = { lenient: true, does: ['executes'], cases: { 'mend -x': 'executes' } };
    expect(checkBesideBuiltIn({ mend: row })).toBeUndefined();
  });
});
