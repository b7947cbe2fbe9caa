import type { Family } from './row.ts';

/** Programs that pack and unpack. */
export const archives: Family = {
  'tar bsdtar gtar': {
    form: 'tar',
    options:
      'A c d r t u x a j J z Z v w W k m n p P s S h l o O R U i B G M f=text C=text b= I=program K= T=unclear X=read N= F=program V= g= H= L= ' +
      'create extract get list append update concatenate catenate delete diff compare file=text directory=text use-compress-program=program to-command=line ' +
      'checkpoint? checkpoint-action=unclear info-script=program new-volume-script=program rmt-command=program rsh-command=program exclude= exclude-from=read files-from=unclear ' +
      'strip-components= transform= xform= owner= group= mode= mtime= sort= format= gzip gunzip bzip2 xz zstd lzma lz4 auto-compress verbose to-stdout keep-old-files overwrite ' +
      'no-same-owner same-owner no-same-permissions preserve-permissions same-permissions numeric-owner wildcards no-wildcards anchored dereference absolute-names totals exclude-vcs exclude-vcs-ignores null no-recursion one-file-system ' +
      'remove-files!write skip-old-files touch warning= posix force-local occurrence? show-transformed-names owner-map=read hard-dereference',
    cases: {
      'tar czf a.tgz src': 'read write <src >a.tgz',
      'tar -xzf a.tgz -C out': 'read write <a.tgz >out/**',
      'tar tf a.tar': 'read <a.tar',
      'tar cf - a': 'read <a',
      'tar cf a -T b': 'write unknown >a',
      'tar xf a --to-command="rm b"': 'read write <a >** >b',
      'tar cf a --checkpoint=1 --checkpoint-action=exec=sh b': 'read write unknown <b >a',
      'tar cf a --checkpoint-act=exec=sh b': 'read write unknown <b >a',
      'tar -I curl -xf a': 'read write external unknown <a >**',
      'tar cf host:a b': 'read write external <b >host:a',
      'tar cf a *': 'read write unknown <** >a',
    },
  },
  zip: {
    options:
      'r q v 1 9 0 j y u f m d e T!unclear D X x= i= n= t= b= P= s= o g @ l A F FF  unzip-command=program recurse-paths quiet verbose test junk-paths symlinks exclude= include= password= move delete',
    operands: 'write read*',
    cases: {
      'zip -r a.zip src': 'read write <src >a.zip',
      'zip a b -T -TT x': 'read write unknown <b <x >a',
      'zip a --unzip-command=curl b': 'read write external unknown <b >a',
    },
  },
  unzip: {
    form: 'unpack',
    options: 'l v t q o n j d=text x= p c a C L u f Z z P= K M O= I=',
    operands: 'read text*',
    unpacks: { into: 'd', looks: 'l v t p c Z z' },
    cases: {
      'unzip -l a': 'read <a',
      'unzip -p a b': 'read <a',
      'unzip a -d b': 'read write <a >b/**',
      'unzip -d .github a': 'read write <a >.github/**',
      'unzip -qo a': 'read write <a >**',
      'unzip a -d "$X"': 'read write unknown <a',
      'unzip -Y a': 'read write unknown <a >**',
    },
  },
  cpio: {
    form: 'unpack',
    options:
      'i o p t d u m v a A c H= format= F=edit file=edit I=read O=write D=text directory=text E=read pattern-file=read R= owner= L k n r!unclear rsh-command=unclear ' +
      'extract create pass-through list make-directories unconditional preserve-modification-time verbose quiet absolute-filenames no-absolute-filenames null 0',
    operands: 'text*',
    unpacks: { into: 'D directory', looks: 't list o create' },
    cases: {
      'cpio -it -F a': 'read write <a >a',
      'cpio -idm': 'write >**',
      'cpio -i -D a': 'write >a/**',
      'cpio -pd a': 'write >**',
      'cpio -o -O a': 'write >a',
      'cpio -i --rsh-command=curl': 'write unknown >**',
      'cpio -i --to-stdout-of=a': 'write unknown >**',
    },
  },
  '7z 7za 7zz 7zr': {
    single: true,
    subcommands: {
      'x e': {
        single: true,
        form: 'unpack',
        options: 'o= y r aoa aos aou aot bd so p= x= i= t=',
        operands: 'read text*',
        unpacks: { into: 'o', looks: 'so' },
      },
      'l t': { single: true, options: 'r slt bd p= x= i= t= ba', operands: 'read text*' },
    },
    cases: {
      '7z l a': 'read <a',
      '7z x a': 'read write <a >**',
      '7z x a -y -ob': 'read write <a >b/**',
      '7z x -so a': 'read <a',
      '7z x a -sccUTF-8': 'read write unknown <a >**',
      '7z a b c': 'unknown',
    },
  },
};
