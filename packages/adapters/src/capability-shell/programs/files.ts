import type { Family } from './row.ts';

/** Programs that make, move and remove files. */
export const files: Family = {
  cp: {
    lenient: true,
    options:
      't=write target-directory=write S= suffix= backup? sparse= reflink? no-preserve= preserve?',
    operands: 'read* write',
    cases: {
      'cp -r a b': 'read write <a >b',
      'cp -t b a': 'write >a >b',
      'cp a "$X"': 'unknown read write <a',
    },
  },
  mv: {
    lenient: true,
    options: 't=write target-directory=write S= suffix= backup?',
    operands: 'edit* write',
    cases: { 'mv a b': 'read write <a >a >b', 'mv "$X" b': 'unknown read write >b' },
  },
  install: {
    options:
      't=write target-directory=write m= mode= o= owner= g= group= S= suffix= b c C d D p s T v backup? compare directory preserve-timestamps strip strip-program=program verbose',
    operands: 'read* write',
    cases: {
      'install -m 755 a b': 'read write <a >b',
      'install --strip-program=curl a b': 'read write external unknown <a >b',
    },
  },
  'ln link': {
    lenient: true,
    options: 't=write target-directory=write S= suffix= backup?',
    operands: 'read* write',
    cases: { 'ln -s a b': 'read write <a >b', 'ln -s a "$X"': 'unknown read write <a' },
  },
  'rm rmdir unlink premove rimraf del-cli shx-rm trash': {
    lenient: true,
    options: 'interactive? one-file-system preserve-root? impl= max-retries=',
    operands: 'write*',
    cases: {
      'rm -rf a b': 'write >a >b',
      'rm -rf /': 'write outside >/',
      'rm -rf /tmp/a': 'write >/tmp/a',
      'rimraf dist': 'write >dist',
      'rm *.log': 'write >**',
      'rm -rf "$X"': 'unknown write',
    },
  },
  'shred wipe srm': {
    lenient: true,
    operands: 'write*',
    does: ['irreversible'],
    because: 'what it overwrites cannot be restored from the disk',
    cases: { 'shred a': 'write irreversible >a', 'shred -u a b': 'write irreversible >a >b' },
  },
  'mkdir mkdirp make-dir touch truncate fallocate mkfifo mknod': {
    lenient: true,
    options: 'm= mode= d= t= r=read s= size= date= time= reference=read l= length= Z context?',
    operands: 'write*',
    cases: { 'mkdir -p a/b': 'write >a/b', 'touch "$X"': 'unknown write' },
  },
  'chmod chown chgrp chattr setfacl': {
    lenient: true,
    options: 'reference=read from=',
    operands: 'text write*',
    cases: { 'chmod +x a': 'write >a', 'chmod 600 "$X"': 'unknown write' },
  },
  'cpy cpy-cli': {
    lenient: true,
    options: 'cwd=folder rename=',
    operands: 'read* write',
    cases: {
      "cpy '*.md' b": 'read write <*.md >b',
      'cpy --cwd=src a ../b': 'read write <src/a >b',
      'cpy a ../../b --cwd src': 'read write outside <src/a >../b',
      'cpy a b --cwd=src --cwd=lib': 'unknown read write <src/a >src/b',
      'cpy a b --cwd "$X"': 'unknown read write',
    },
  },
  'cpx copyfiles ncp recursive-copy': {
    lenient: true,
    options: 'u= up= e= exclude= c=line command=line',
    operands: 'read* write',
    cases: { 'copyfiles -u 1 a b': 'read write <a >b', "cpx -c 'rm x' a b": 'read write <a >b >x' },
  },
  shx: {
    leading: true,
    operands: 'command',
    cases: { 'shx rm -rf a': 'write >a', 'shx "$X"': 'unknown' },
  },
  'renamer sponge dos2unix unix2dos': {
    lenient: true,
    options: 'i=read input=read p= o=write output=write d= directory= r=write reject-file=write',
    operands: 'edit*',
    cases: {
      'dos2unix a': 'read write <a >a',
      'sponge "$X"': 'unknown read write',
    },
  },
  patch: {
    form: 'unpack',
    options:
      'p= strip= i=read input=read o=write output=write d=folder directory=folder r=write reject-file=write B= prefix= D= ifdef= F= fuzz= V= version-control= Y= basename-prefix= z= suffix= Z g= get= ' +
      'R N E b c e!unclear ed!unclear f l n s t T u v reverse forward remove-empty-files backup context force ignore-whitespace normal quiet silent batch set-time set-utc unified verbose dry-run binary posix ' +
      'no-backup-if-mismatch merge? follow-symlinks read-only= quoting-style= reject-format= help version',
    operands: 'edit read',
    unpacks: { looks: 'dry-run o output help version v' },
    cases: {
      'patch -p1 -i a b': 'read write <a <b >b >**',
      'patch -p1': 'write >**',
      'patch -d .github -p1': 'write >.github/**',
      'patch -p1 --dry-run': '',
      'patch --dry-run -i a': 'read <a',
      'patch -o a -i b': 'read write <b >a',
      'patch -e': 'write unknown >**',
      'patch -d "$X"': 'unknown write',
      'patch -o b/a.yml -i c -d .github d':
        'read write <.github/c <.github/d >.github/b/a.yml >.github/d',
      'patch --direct=.github': 'write >.github/**',
    },
  },
  dd: {
    form: 'dd',
    cases: {
      'dd if=a of=b bs=1M': 'read write <a >b',
      'dd if=a of=/dev/sda': 'read write outside irreversible <a >/dev/sda',
      'dd other=1': 'unknown',
    },
  },
  find: {
    form: 'find',
    cases: {
      'find . -name "*.ts" -print': 'read <.',
      'find a -delete': 'read write <a >a/**',
      'find . -exec rm {} +': 'read write <. >**',
      'find . -execdir sh -c "x {}" \\;': 'read unknown <.',
      'find . -fprintf out %p': 'read write <. >out',
      'find . -fls out': 'read write <. >out',
      'find . "$X"': 'read unknown <.',
      'find . -ok curl {} \\;': 'read external <.',
      'find . -unheard-of': 'read unknown <.',
    },
  },
};
