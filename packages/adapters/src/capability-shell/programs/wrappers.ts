import type { Family } from './row.ts';

/** Programs whose words end with a program to run (POSIX, coreutils, util-linux, findutils, sudo). */
export const wrappers: Family = {
  env: {
    form: 'env',
    leading: true,
    options:
      'u= unset= C= chdir= i ignore-environment 0 null v debug S=line split-string=line default-signal? ignore-signal? block-signal? list-signal-handling',
    cases: {
      'env -i -u A B=1 rm a': 'write >a',
      "env -S 'rm a'": 'write >a',
      'env -C b rm a': 'write >b/a',
      'env -C / rm a': 'write outside >/a',
      'env PATH=. ls': 'unknown',
      'env -S git push': 'unknown',
      env: '',
    },
  },
  'cross-env': {
    form: 'env',
    leading: true,
    lenient: true,
    cases: { 'cross-env CI=1 touch a': 'write >a', 'cross-env LD_PRELOAD=a ls': 'unknown' },
  },
  'cross-env-shell': { form: 'opaque', cases: { 'cross-env-shell a': 'unknown' } },
  'sudo doas': {
    form: 'env',
    leading: true,
    options:
      'u= user= g= group= h= host= p= prompt= C= close-from= T= command-timeout= r= role= t= type= U= other-user= D= chdir= R= chroot= ' +
      'A b B E H k K n P S askpass background preserve-env? set-home non-interactive stdin v validate l list V',
    cases: {
      'sudo -u root rm a': 'write >a',
      'sudo -i': 'unknown',
      'sudo --unknown-option rm a': 'unknown write >a',
    },
  },
  'nice ionice nohup setsid exec builtin stdbuf busybox toybox fakeroot prlimit setpriv caffeinate unbuffer faketime dotenv env-cmd':
    {
      form: 'env',
      leading: true,
      options:
        'n= adjustment= c= class= classdata= a= f w t o= i= e= input= output= error= p P v V l= u append format= portability verbose quiet ctty fork wait ignore # ' +
        'nproc= nofile= as= cpu= core= rss= reuid= regid= groups= pdeathsig= clear-groups keep-groups no-new-privs reset-env',
      cases: {
        'nice -n 5 rm a': 'write >a',
        'nohup --other rm a': 'unknown write >a',
      },
    },
  time: {
    form: 'env',
    leading: true,
    options:
      'f= format= o=write output=write a append p portability v verbose q quiet V version h help',
    cases: {
      'time -p cat a': 'read <a',
      '/usr/bin/time -o b cat a': 'read write <a >b',
      'command time --out=b cat a': 'read write <a >b',
      'env time -ab cat a': 'read unknown <a',
    },
  },
  command: {
    form: 'command',
    leading: true,
    options: 'p v V',
    cases: {
      'command -v node': '',
      'command rm a': 'write >a',
      'command -x rm a': 'unknown write >a',
    },
  },
  timeout: {
    leading: true,
    options: 'k= kill-after= s= signal= v verbose foreground preserve-status',
    operands: 'text command',
    cases: { 'timeout -k 1 5s rm a': 'write >a', 'timeout 5 "$X"': 'unknown' },
  },
  'chroot taskset chrt': {
    leading: true,
    options: 'userspec= groups= skip-chdir a c p b f i o r m R v T= P= D=',
    operands: 'text command',
    cases: { 'taskset -c 0 rm a': 'write >a', 'chroot -Z a rm b': 'unknown write >b' },
  },
  flock: {
    leading: true,
    options:
      'w= timeout= E= s x e u n F o shared exclusive nonblock unlock close no-fork verbose c=line command=line',
    operands: 'write command',
    cases: { 'flock a rm b': 'write >a >b', 'flock a -c "rm b"': 'unknown write >a' },
  },
  xargs: {
    form: 'xargs',
    leading: true,
    options:
      'I= n= P= L= s= d= E= a=read max-args= max-procs= max-lines? max-chars= delimiter= arg-file=read replace? i? e? l? ' +
      '0 r t x p o null no-run-if-empty verbose exit interactive open-tty show-limits',
    cases: {
      'xargs -0 -n1 wc -l': 'read',
      'xargs rm': 'unknown write',
      'xargs git': 'unknown',
      'xargs -I% touch a/%': 'write >a/**',
      'xargs -i touch a/{}': 'write >a/**',
      'xargs --replace touch a/{}': 'write >a/**',
    },
  },
  'strace ltrace gdb lldb unshare nsenter runuser su ssh-agent gosu su-exec tini dumb-init firejail bwrap systemd-nspawn proot fakechroot setarch linux32 linux64 wsl wine cmd coreutils uutils sbase-box ubase-box':
    {
      form: 'opaque',
      cases: {
        'strace rm a': 'unknown',
        'su -c ls': 'unknown',
        'coreutils --coreutils-prog=ls': 'unknown',
      },
    },
};
