import type { Family } from './row.ts';

const shellOptions =
  'a b e f h i k l m n p r s t u v x B C E H P T c o= O= posix norc noprofile login rcfile=run init-file=run version help';

/** Shells, and what is built into them. */
export const shells: Family = {
  'sh bash dash ash ksh mksh zsh rbash': {
    form: 'shell',
    options: shellOptions,
    cases: {
      "sh -c 'rm a'": 'write >a',
      'bash -euo pipefail -c "cat a"': 'read <a',
      'sh build.sh': 'read executes <build.sh',
      'bash --init-file x -c true': 'read executes <x',
      'sh -c "$LINE"': 'unknown',
      'echo rm | sh': 'unknown',
      sh: 'unknown',
    },
  },
  'echo true false : pwd exit return break continue shift umask wait sleep seq yes sync nproc arch uname hostname whoami id groups logname tty date cal uptime who w users printenv getconf locale factor expr basename dirname tput clear reset times fg bg disown kill type ulimit bc numfmt which whereis whatis apropos':
    {
      lenient: true,
      options: 's=',
      cases: {
        'echo a b': '',
        'which node': '',
      },
    },
  jobs: { options: 'l n p r s', cases: { 'jobs -l': '', 'jobs -x git push': 'unknown' } },
  mktemp: {
    lenient: true,
    options: 'p=write tmpdir=write suffix=',
    operands: 'write*',
    cases: { 'mktemp -d': '', 'mktemp -p a': 'write >a', 'mktemp a.1': 'write >a.1' },
  },
  'pkill killall shutdown reboot halt poweroff init telinit swapoff modprobe insmod rmmod sysctl mkfs fdisk parted sfdisk wipefs losetup cryptsetup':
    {
      lenient: true,
      does: ['irreversible'],
      because: 'it acts on the machine and not on the workspace',
      cases: { 'shutdown now': 'irreversible', 'killall node': 'irreversible' },
    },
  'test [': { form: 'test', cases: { 'test -f a': 'read <a', '[ -z "$X" ]': '' } },
  'cd pushd': {
    form: 'cd',
    lenient: true,
    cases: {
      'cd a && touch b': 'write >a/b',
      'cd .. && touch b': 'write outside >../b',
      'cd "$X" && touch b': 'unknown write',
    },
  },
  'popd dirs set shopt unset': {
    lenient: true,
    cases: { 'set -e': '', 'unset X': '' },
  },
  'export readonly declare local typeset read': {
    form: 'declare',
    lenient: true,
    options: 'p= n= t= d= u= a= i= N=',
    cases: {
      'export CI=1': '',
      'export PATH=.': 'unknown',
      'export "$X"': 'unknown',
      'read PATH': 'unknown',
    },
  },
  printf: {
    leading: true,
    options: 'v=variable',
    cases: {
      'printf "%s\\n" "$X"': '',
      'printf x > a': 'write >a',
      'printf -v PATH .': 'unknown',
    },
  },
  'getopts let hash': {
    lenient: true,
    options: 'p=unclear',
    operands: 'text variable*',
    cases: { 'getopts ab x': '', 'getopts ab PATH': 'unknown', 'hash -p a ls': 'unknown' },
  },
  eval: { form: 'eval', cases: { 'eval "rm a"': 'write >a', 'eval "$X"': 'unknown' } },
  trap: { form: 'trap', cases: { "trap 'rm a' EXIT": 'write >a', 'trap "$X" EXIT': 'unknown' } },
  '. source alias unalias complete compgen enable mapfile readarray at batch crontab expect parallel screen script tmux watch systemd-run fc rlwrap':
    {
      form: 'opaque',
      cases: { '. ./a': 'unknown', 'alias ls=rm': 'unknown', "compgen -C 'curl x'": 'unknown' },
    },
  // Shells and interpreters whose language is not read: no declared row makes them understood.
  'fish csh tcsh nu xonsh elvish yash oksh pdksh hush osh ysh ion murex scsh pwsh powershell guile ocaml R ghci runghc runhaskell elixir iex erl escript racket sbcl clisp ecl gforth octave wish irb luajit jshell raku mono dc':
    { form: 'opaque', cases: { 'fish -c ls': 'unknown', 'guile -c 1': 'unknown' } },
};
