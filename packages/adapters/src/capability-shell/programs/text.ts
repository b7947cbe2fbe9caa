import type { Family } from './row.ts';

/** Programs that read text, and write it where an option says so. */
export const text: Family = {
  'cat tac nl rev wc head tail cut paste join comm tr fold fmt expand unexpand column strings od hexdump cksum md5sum sha1sum sha224sum sha256sum sha384sum sha512sum b2sum sum cmp diff3 look tsort pr stat readlink realpath ls dir vdir exa eza du df lsof ps pgrep top free vmstat iostat lscpu lsblk nm objdump readelf size c++filt addr2line otool zcat bzcat xzcat cloc scc tokei icdiff jo getent lsb_release pidof pstree':
    {
      lenient: true,
      options: '# n= c= d= f= delimiter= fields= lines= bytes= w= s= t= L= files0-from=read',
      operands: 'read*',
      cases: {
        'cat a b': 'read <a <b',
        'head -20 a': 'read <a',
        'wc -l "$X"': 'read',
        'cat a > b': 'read write <a >b',
      },
    },
  'diff colordiff iconv file tree ag ack wdiff bat batcat dmesg': {
    lenient: true,
    options:
      'o=write output=write n= L= I= x= t= f= e= p= m=read magic-file=read C!unclear compile!unclear diff-program=program pager=program paging= style= language= l= color? ignore= include= exclude=',
    operands: 'read*',
    cases: {
      'diff -u a b': 'read <a <b',
      'tree -o b a': 'read write <a >b',
      'bat --pager "rm a" b': 'read write unknown <b >a',
      'file -C -m a': 'read unknown <a',
    },
  },
  'grep egrep fgrep zgrep': {
    lenient: true,
    options:
      '# e= f=read A= B= C= m= d= D= regexp= file=read include= exclude= exclude-dir= exclude-from=read color? label= max-count= context= after-context= before-context=',
    operands: 'text read*',
    cases: {
      'grep -rn "x y" src': 'read <src',
      'grep -f a b': 'read <a',
      'grep -o x a': 'read <a',
    },
  },
  'jq gojq jaq': {
    lenient: true,
    options: 'f=read from-file=read indent= tab L=read',
    operands: 'text read*',
    cases: { 'jq .version package.json': 'read <package.json', 'jq -n 1': '' },
  },
  yq: {
    form: 'in-place',
    lenient: true,
    options:
      'security-enable-system-operator!unclear i inplace in-place s=write split-exp=write I= indent= p= o= input-format= output-format=',
    operands: 'text read*',
    cases: {
      'yq .a b': 'read <b',
      'yq -i .a=1 b': 'read write <b >b',
      'yq --security-enable-system-operator \'system("curl")\' b': 'read unknown <b',
    },
  },
  'xxd sdiff': {
    lenient: true,
    options: 'c= cols= g= l= len= s= seek= o=write output=write w= name= n=',
    operands: 'read write',
    cases: { 'xxd a': 'read <a', 'xxd -r a b': 'read write <a >b' },
  },
  ldd: {
    does: ['executes'],
    operands: 'read*',
    options: 'v u d r',
    cases: { 'ldd a': 'read executes <a', 'ldd -x a': 'read executes unknown <a' },
  },
  rg: {
    options:
      'A= B= C= E= M= d= e= f=read g= j= m= r= t= T= a b c F H h I i K L l N n o p P q s S u U v V w x z!unclear 0 ' +
      'after-context= before-context= context= encoding= max-columns= max-depth= regexp= file=read glob= iglob= threads= max-count= replace= type= type-not= type-add= type-clear= ' +
      'color= colors= sort= sortr= path-separator= engine= dfa-size-limit= regex-size-limit= context-separator= field-match-separator= field-context-separator= ignore-file=read max-filesize= ' +
      'pre=program pre-glob= hostname-bin=program search-zip!unclear hyperlink-format= generate= ' +
      'files files-with-matches files-without-match count count-matches line-number no-line-number with-filename no-filename heading no-heading hidden no-hidden ignore-case smart-case case-sensitive ' +
      'fixed-strings invert-match word-regexp line-regexp only-matching multiline multiline-dotall no-ignore no-ignore-vcs no-ignore-parent no-ignore-global no-ignore-dot no-ignore-files pcre2 json stats vimgrep ' +
      'text binary crlf null null-data trim passthru pretty quiet unrestricted follow no-follow one-file-system column no-column byte-offset no-messages no-config debug trace type-list version help max-columns-preview no-unicode unicode mmap no-mmap line-buffered block-buffered include-zero glob-case-insensitive auto-hybrid-regex no-require-git',
    operands: 'text read*',
    cases: {
      'rg -n foo src': 'read <src',
      'rg --pre ./x foo': 'executes',
      'rg --pre=curl foo': 'external unknown',
      'rg --hostname-bin "rm a" foo': 'write unknown >a',
      'rg -z foo': 'unknown',
      'rg \\--pre="rm a" foo': 'write unknown >a',
      'rg "$X" src': 'read unknown <src',
      'rg -- "$X" src': 'read <src',
    },
  },
  'fd fdfind': {
    options:
      'H I u s i g F a l L p 0 d= t= e= E= c= j= S= o= x!unclear X!unclear exec!unclear exec-batch!unclear hidden no-ignore unrestricted case-sensitive ignore-case glob fixed-strings absolute-path list-details follow full-path print0 max-depth= min-depth= exact-depth= type= extension= exclude= color= threads= size= changed-within= changed-before= owner= format= max-results= 1 q quiet show-errors base-directory= search-path= no-ignore-vcs one-file-system and= prune strip-cwd-prefix',
    operands: 'text read*',
    cases: { 'fd -e ts foo src': 'read <src', 'fd -x rm': 'unknown' },
  },
  sort: {
    options:
      'b d f g h i M n R r V c C m s u z k= t= S= T= o=write parallel= key= field-separator= buffer-size= temporary-directory= output=write ' +
      'compress-program=program files0-from=read random-source=read batch-size= ignore-leading-blanks dictionary-order ignore-case general-numeric-sort ignore-nonprinting month-sort human-numeric-sort numeric-sort random-sort reverse sort= version-sort check? merge stable unique zero-terminated debug',
    operands: 'read*',
    cases: {
      'sort -u a': 'read <a',
      'sort -o b a': 'read write <a >b',
      'sort --outp=b a': 'read write <a >b',
      'sort -uob a': 'read write <a >b',
      'sort --compress-program=curl a': 'read external unknown <a',
      'sort *.txt': 'read unknown <**',
    },
  },
  uniq: {
    lenient: true,
    options: 'f= s= w= skip-fields= skip-chars= check-chars=',
    operands: 'read write',
    cases: {
      'uniq -c a': 'read <a',
      'uniq a b': 'read write <a >b',
      'uniq a b c': 'read write <a >b',
    },
  },
  shuf: {
    lenient: true,
    options: 'o=write output=write n= i= head-count= input-range=',
    operands: 'read*',
    cases: { 'shuf -n 1 a': 'read <a', 'shuf a -o b': 'read write <a >b' },
  },
  'base64 base32 basenc': {
    options:
      'd i w= D decode ignore-garbage wrap= o=write output=write input=read b= break= base64url base32hex z85',
    operands: 'read',
    cases: {
      'base64 -d a': 'read <a',
      'base64 -o b a': 'read write <a >b',
      'base64 --nothing a': 'read unknown <a',
    },
  },
  sed: {
    options:
      'n E r s u z b i?!write e=sed f=run l= expression=sed file=run quiet silent regexp-extended in-place?!write line-length= null-data zero-terminated separate unbuffered posix debug sandbox follow-symlinks help version',
    operands: 'text read*',
    form: 'sed',
    cases: {
      "sed -n '1,20p' a": 'read <a',
      "sed -i 's/a/b/g' f": 'read write <f >f',
      "sed 's/a/b/w out' f": 'read write <f >out',
      "sed 's/a/b/e' f": 'read unknown <f',
      "sed '1e rm x' f": 'read unknown <f',
      "sed -e 'w out' f": 'read write <f >out',
      "sed --in-pl 's/a/b/' f": 'read write <f >f',
      'sed -f script f': 'read executes <f <script',
      'sed -f /dev/stdin f': 'read executes unknown <f',
      'sed "$X" f': 'read unknown <f',
    },
  },
  'awk gawk mawk nawk': {
    options:
      'F= v= f=run e=awk E=run i!unclear l!unclear O M n N P r s S t b c C field-separator= assign= file=run source=awk exec=run include!unclear load!unclear posix re-interval sandbox traditional lint? characters-as-bytes no-optimize optimize bignum',
    operands: 'awk read*',
    form: 'awk',
    cases: {
      "awk '{print $1}' a": 'read <a',
      "awk -F: '$3 > 5 {print $1}' a": 'read <a',
      "awk '/a|b/ {n++} END {print n}' a": 'read <a',
      'awk \'{print > "b"}\' a': 'read unknown <a',
      'awk \'BEGIN{system("rm a")}\'': 'unknown',
      'awk \'{print | "sh"}\' a': 'read unknown <a',
      'awk "$X" a': 'read unknown <a',
    },
  },
  tee: {
    lenient: true,
    options: 'output-error?',
    operands: 'write*',
    cases: { 'tee -a a': 'write >a', 'tee "$X"': 'unknown write' },
  },
  split: {
    form: 'split',
    options:
      'a= b= C= d x l= n= t= e u s k f= z q suffix-length= bytes= line-bytes= lines= number= separator= numeric-suffixes? hex-suffixes? additional-suffix= filter=line verbose prefix= digits= quiet silent elide-empty-files',
    cases: {
      'split -l 10 a': 'read write <a >**',
      'split a b/c': 'read write <a >b/**',
      'split a "$X"': 'read write unknown <a',
      "split --filter='rm c' a": 'read write <a >** >c',
    },
  },
  csplit: {
    form: 'split',
    options:
      'f=text prefix=text b= suffix-format= n= digits= k keep-files s quiet silent z elide-empty-files suppress-matched help version',
    unpacks: { into: 'f prefix' },
    cases: {
      'csplit -f b/c a /d/': 'read write <a >b/**',
      'csplit a 10': 'read write <a >**',
      'csplit --unheard-of a 10': 'read write unknown <a >**',
    },
  },
  'less more zless jless man info vi vim nvim view nano emacs ed ex pico joe micro': {
    form: 'opaque',
    cases: { 'vim a': 'unknown', 'less a': 'unknown' },
  },
  'perl ruby php lua Rscript julia osascript tclsh': {
    form: 'script',
    leading: true,
    options:
      'e=unclear E=unclear r=unclear n!unclear p!unclear i?!unclear w c v version V l? a s T W I= M!unclear m!unclear help h',
    operands: 'unclear',
    cases: {
      'perl build.pl': 'read executes <build.pl',
      "perl -e 'x'": 'unknown',
      "perl -pi -e 's/a/b/' f": 'unknown',
    },
  },
};
