import type { Row, Family } from './row.ts';

const reading: Row = { lenient: true, does: ['read'], options: 'output=write' };
const changing: Row = { lenient: true, does: ['write'] };
/** Operands are files that it changes. */
const paths: Row = { ...changing, operands: 'write*' };
/** Hooks of the repository run. */
const hooked: Row = { lenient: true, does: ['write', 'executes'] };
const away: Row = { lenient: true, does: ['external'], because: 'it reaches another repository' };
const pager = 'open-files-in-pager?!unclear O?!unclear';
const transports =
  'upload-pack=unclear u=unclear exec=unclear receive-pack=unclear c=unclear config=unclear template=unclear';

const subcommands: Readonly<Record<string, Row>> = {
  'status show-branch whatchanged shortlog describe rev-parse rev-list ls-files ls-tree cat-file blame annotate cherry merge-base name-rev for-each-ref show-ref symbolic-ref check-ignore check-attr var version help count-objects fsck verify-commit verify-tag range-diff diff-tree diff-files diff-index merge-tree column stripspace get-tar-commit-id check-ref-format check-mailmap hash-object mktree diagnose':
    { lenient: true, does: ['read'], options: 'web!unclear w!read output=write' },
  'log show diff': {
    lenient: true,
    does: ['read'],
    options:
      'output=write ext-diff!executes textconv!executes S= G= n= L= O=read U= format= since= until= author= grep=',
  },
  grep: {
    lenient: true,
    does: ['read'],
    options: `${pager} e= f=read A= B= C= m= max-depth= threads= textconv!executes`,
  },
  'rm mv restore': { ...paths, options: 'pathspec-from-file=read s= source=' },
  checkout: {
    ...hooked,
    operands: 'write*',
    options: 'b= B= orphan= conflict= pathspec-from-file=read',
  },
  worktree: {
    leading: true,
    subcommands: {
      list: reading,
      add: { ...hooked, operands: 'write text', options: 'b= B= reason=' },
      'remove move': paths,
      'prune lock unlock repair': changing,
    },
  },
  init: {
    ...changing,
    operands: 'write',
    options: 'template=unclear b= initial-branch= separate-git-dir=write object-format=',
  },
  'add|stage reset stash branch tag notes replace update-index update-ref sparse-checkout read-tree write-tree checkout-index pack-refs commit-graph multi-pack-index rerere':
    {
      ...changing,
      options:
        'output=write template=unclear patch!read edit!unclear e!read m= message= F=read file=read u= pathspec-from-file=read s= source= exec=unclear',
    },
  apply: {
    lenient: true,
    form: 'unpack',
    options:
      'stat numstat summary check apply directory=text p= C= include= exclude= whitespace= build-fake-ancestor=write',
    operands: 'read*',
    unpacks: { into: 'directory', looks: 'stat numstat summary check', acts: 'apply' },
  },
  am: {
    ...hooked,
    form: 'unpack',
    options:
      'directory=text p= C= include= exclude= whitespace= patch-format= S? gpg-sign? i!unclear interactive!unclear abort quit skip show-current-patch?',
    operands: 'read*',
    unpacks: { into: 'directory', looks: 'abort quit show-current-patch' },
  },
  'commit merge revert cherry-pick switch': {
    ...hooked,
    options:
      'm= message= F=read file=read C= c= t= template=read author= date= b= B= s= strategy= X= strategy-option= S? gpg-sign?',
  },
  rebase: {
    ...hooked,
    options: 'x=line exec=line i!unclear interactive!unclear onto= s= strategy= X=',
  },
  clean: {
    lenient: true,
    does: ['write'],
    options: 'x!irreversible X!irreversible e= exclude= i!unclear interactive!unclear',
  },
  'gc prune repack prune-packed': {
    lenient: true,
    does: ['write'],
    options: 'prune?!irreversible',
  },
  reflog: {
    does: ['read'],
    subcommands: {
      'expire delete': { lenient: true, does: ['irreversible'] },
      'show exists list': reading,
    },
    otherwise: reading,
    lenient: true,
  },
  config: {
    lenient: true,
    does: ['read'],
    options:
      'get= get-all= get-regexp= list l e!unclear edit!unclear global!unclear system!unclear f=unclear file=unclear unset= add=unclear replace-all=unclear',
    form: 'git-config',
  },
  push: { ...away, does: ['external', 'irreversible'], options: transports },
  'fetch pull ls-remote fetch-pack send-pack http-fetch http-push remote-http remote-https remote-ext':
    { ...away, options: transports },
  clone: {
    ...away,
    form: 'clone',
    options: `${transports} b= branch= depth= o= origin= reference= reference-if-able= separate-git-dir=write j= jobs= filter= shallow-since= shallow-exclude= server-option= bundle-uri= ref-format= revision=`,
  },
  archive: {
    lenient: true,
    does: ['read'],
    options: 'o=write output=write remote=unclear exec=unclear format= prefix= add-file=read',
  },
  bundle: { ...paths, operands: 'text write text*' },
  'format-patch': { lenient: true, does: ['write'], options: 'o=write output-directory=write' },
  'send-email request-pull imap-send': { ...away, does: ['external', 'irreversible'] },
  remote: {
    leading: true,
    options: 'v verbose',
    subcommands: {
      'update prune': away,
      show: away,
      'get-url': reading,
      'add rename remove|rm set-url set-head set-branches': {
        lenient: true,
        does: ['write'],
        options: 'f!external fetch!external a!external auto!external',
      },
    },
    does: ['read'],
  },
  submodule: {
    leading: true,
    options: 'q quiet cached',
    subcommands: {
      'status summary': reading,
      'init deinit sync set-branch set-url absorbgitdirs': changing,
      'update add': { ...away, options: 'init recursive b= name= depth= reference= j=' },
      foreach: { form: 'opaque' },
    },
    does: ['read'],
  },
  lfs: {
    leading: true,
    subcommands: {
      'ls-files status env version': reading,
      'fetch pull push': away,
      'track untrack': changing,
    },
  },
  bisect: {
    subcommands: {
      run: { leading: true, operands: 'command' },
      'start good bad new old skip reset log replay terms next': changing,
      'visualize view': { form: 'opaque' },
    },
  },
  'difftool mergetool filter-branch filter-repo for-each-repo daemon instaweb gui citool gitk maintenance svn p4 cvsimport quiltimport fast-import fast-export credential shell hook web--browse':
    { form: 'opaque' },
};

/** `git`, with what stands before the subcommand. */
export const git: Family = {
  git: {
    form: 'git',
    leading: true,
    options:
      'C=!executes c= git-dir=read!executes work-tree=!executes namespace= super-prefix= config-env=unclear exec-path?unclear attr-source= list-cmds= p P v h paginate no-pager version help bare html-path man-path info-path ' +
      'literal-pathspecs glob-pathspecs noglob-pathspecs icase-pathspecs no-replace-objects no-optional-locks no-lazy-fetch no-advice',
    subcommands,
    cases: {
      'git status': 'read',
      'git push origin': 'external irreversible',
      // Another repository has settings of its own.
      'git -C a --no-pager log -5': 'read executes',
      'git --git-dir=a status': 'read executes <a',
      'git -c user.name=a commit -m b': 'write executes',
      "git -c core.pager='rm a' log": 'read unknown',
      "git -c alias.x='!rm y' x": 'unknown',
      'git --config-env=core.pager=X log': 'read unknown',
      'git apply a': 'read write <a >**',
      'git apply --check a': 'read <a',
      'git apply --check --no-check a': 'read write <a >**',
      'git apply --stat --no-st a': 'read write <a >**',
      'git apply --dir=.github a': 'read write <a >.github/**',
      'git apply --stat --apply a': 'read write <a >**',
      'git apply --directory=.github a': 'read write <a >.github/**',
      'git am a': 'read write executes <a >**',
      'git am --abort': 'write executes',
      'git am --skip': 'write executes >**',
      'git x': 'unknown',
      'git clean -fd': 'write',
      'git checkout -b a': 'write executes',
      'git checkout a -- b': 'write executes >a >b',
      'git rm --cached a': 'write >a',
      'git worktree add ../a': 'write executes outside >../a',
      'git maintenance start': 'unknown',
      'git clean -xdf': 'write irreversible',
      "git rebase -x 'rm y' main": 'write executes >y',
      'git rebase -i main': 'write executes unknown',
      'git bisect run rm a': 'write >a',
      'git fetch --upload-p=x': 'external unknown',
      'git clone ext::sh': 'write external >sh',
      'git clone https://example.org/a.git': 'write external >a',
      'git clone -b c https://example.org/a b': 'write external >b',
      'git clone -- "$X"': 'external unknown',
      'git clone -- "https://example.org/a$X"': 'external unknown',
      'git remote -v': 'read',
      'git remote update': 'read external',
      'git grep -Oless foo': 'read unknown',
      'git grep --open-f foo': 'read unknown',
      'git submodule foreach rm': 'read unknown',
      'git log --output=a': 'read write >a',
      'git config user.name a': 'read write',
      'git config core.hooksPath a': 'read write unknown',
      'git reflog expire --all': 'read irreversible',
      git: '',
    },
  },
};
