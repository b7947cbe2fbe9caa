import type { Calls } from '../ground/house.ts';

/** A public package, and what the script does to it. */
export interface Package {
  readonly name: string;
  /** File of sources with a text that stands there once. */
  readonly source: string;
  readonly find: string;
  /** A file and a folder that the package can spare. */
  readonly spare: readonly [file: string, folder: string];
  /** A file that is rewritten, and made executable. */
  readonly other: string;
  /** Prove that the sources can still be loaded. */
  readonly gates: readonly string[];
}

const shell = (command: string): Calls[number] => ['shell.run', { command }];
const write = (path: string, text: string): Calls[number] => ['fs.write', { path, text }];

/** Every way of changing files that git could see in another way than they are. */
export function workOn({ source, find, spare, other }: Package): readonly Calls[] {
  const [file, folder] = spare;
  const hunks = [{ find, replace: `// Changed by the agent.\n${find}` }];
  return [
    [
      ['fs.list', { path: '.', depth: 3 }],
      ['fs.search', { pattern: find }],
      ['fs.read', { path: source, limit: 40 }],
    ],
    [
      ['fs.patch', { path: source, hunks }],
      ['fs.patch', { path: source, hunks: [{ find: 'stands nowhere at all', replace: '' }] }],
    ],
    [write('notes/deep/er/plan.md', '# Plan\n'), write('notes/deep/other.md', 'other\n')],
    [
      write('.gitattributes', '* text=auto eol=crlf\n*.id ident\n*.big filter=lfs\n'),
      write('unix.txt', 'one\ntwo\n'),
      write('dos.txt', 'one\r\ntwo\r\n'),
      write('mixed.txt', 'one\r\ntwo\nthree\r'),
      write('a.id', '$Id$\n$Id: 0123456789 $\n'),
      write('b.big', 'version https://git-lfs.github.com/spec/v1\n'),
    ],
    [write('.gitignore', '*\n'), write('hidden.secret', 'seen all the same\n')],
    [write('notes/.gitignore', '*\n!.gitignore\n'), shell('echo more > notes/deep/hidden.md')],
    [shell(`printf '#!/bin/sh\\necho hi\\n' > tool.sh && chmod +x tool.sh`), shell('./tool.sh')],
    [shell(`ln -s ${source} link.js && ln -s ../no/where notes/dangling && ln -s notes to-notes`)],
    [shell(`rm ${file} && rm -r ${folder}`)],
    [shell(`printf '\\000\\001\\377\\376\\r\\n' > bytes.bin && printf '\\r\\n' > crlf.txt`)],
    [
      write('docs/naïve ñ 日本語 🙂.md', 'ünïcödé\n'),
      write('docs/e\u0301.txt', 'two code points\n'),
      write('docs/\u00e9.txt', 'one code point\n'),
    ],
    [shell(`printf x > "$(printf 'new\\nline')" && printf x > '-dash' && printf x > ' blank '`)],
    [shell(`printf x > 'quote"d' && printf x > "tab$(printf '\\t')" && printf x > ':(top)odd*?'`)],
    [shell('chmod -x tool.sh && chmod 600 unix.txt'), ['fs.write', executable(other)]],
    [shell('rm bytes.bin && mkdir bytes.bin && echo inside > bytes.bin/file')],
    [shell('rm to-notes && cp -r notes to-notes && rm -r notes && ln -s to-notes notes')],
    [shell('mkdir -p empty/folder'), shell('mkdir -p build && echo out > build/out.txt')],
    [shell('echo half > half.txt; exit 3')],
    [shell('cp unix.txt same.txt && touch -d @1000000000 same.txt'), shell(sameStamp)],
    [shell('ln unix.txt second-name.txt'), write('second-name.txt', 'no longer the same file\n')],
    [write('quick.txt', 'aaaa'), write('quick.txt', 'bbbb'), write('quick.txt', 'cccc')],
    [shell('mkdir many && for i in $(seq 60); do echo $i > many/$i; done')],
    [shell('mv many/1 many/renamed && rm many/2*'), shell('mv many fewer')],
    [shell('true')],
    [['savepoint', { name: 'before-the-end' }]],
  ];
}

/** Another content of the same size, with the times of the old one as far as one can set them. */
const sameStamp = `printf ONE | dd of=same.txt conv=notrunc && touch -d @1000000000 same.txt`;

function executable(path: string) {
  return { path, text: '#!/bin/sh\n', executable: true };
}
