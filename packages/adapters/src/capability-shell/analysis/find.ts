import type { Site } from './site.ts';
import { anyWords, mayBeOption, whole, type Word } from './word.ts';

const running: ReadonlySet<string> = new Set(['-exec', '-execdir', '-ok', '-okdir']);
const writing: ReadonlySet<string> = new Set(['-fprint', '-fprint0', '-fls', '-fprintf']);

const flags: ReadonlySet<string> = new Set(
  (
    '-a -and -o -or -not ! ( ) , -true -false -print -print0 -ls -prune -quit -depth -d -mount -xdev ' +
    '-follow -noleaf -daystart -empty -nouser -nogroup -readable -writable -executable -warn -nowarn ' +
    '-H -L -P -help --help -version --version -E -X -x -s'
  ).split(' '),
);

const valued: ReadonlySet<string> = new Set(
  (
    '-name -iname -path -ipath -wholename -iwholename -lname -ilname -regex -iregex -regextype -type ' +
    '-xtype -size -mtime -atime -ctime -mmin -amin -cmin -newer -anewer -cnewer -perm -user -group ' +
    '-uid -gid -links -inum -samefile -maxdepth -mindepth -used -fstype -printf -context -D -O3 -f'
  ).split(' '),
);

/** `find`: what it runs on files, deletes and writes lists into. */
export function readFind(words: readonly Word[], site: Site): void {
  const roots = rootsOf(words);
  for (const root of roots) {
    site.reads(root);
    if (mayBeOption(root)) site.unclear('a part of its expression is not told');
  }
  let at = roots.length;
  while (at < words.length) {
    const word = words[at] ?? anyWords;
    if (word.kind !== 'whole') {
      site.unclear('a part of its expression is not told');
      return;
    }
    at += expression(
      words,
      { at, text: word.text },
      { site, roots: roots.length === 0 ? [whole('.')] : roots },
    );
  }
}

interface Searching {
  readonly site: Site;
  readonly roots: readonly Word[];
}

function expression(
  words: readonly Word[],
  { at, text }: { readonly at: number; readonly text: string },
  { site, roots }: Searching,
): number {
  if (running.has(text)) return runsEach(words, at, { site, roots });
  if (text === '-delete') {
    for (const root of roots) site.writes(below(root));
    return 1;
  }
  if (writing.has(text)) {
    const file = words[at + 1];
    if (file !== undefined) site.writes(file);
    return text === '-fprintf' ? 3 : 2;
  }
  if (valued.has(text) || /^-newer[aBcm][aBcmt]$/.test(text)) return 2;
  if (!flags.has(text) && !/^-O\d$/.test(text)) site.unclear(`its expression ${text}`);
  return 1;
}

function runsEach(words: readonly Word[], at: number, { site, roots }: Searching): number {
  const rest = words.slice(at + 1);
  const end = rest.findIndex(
    ({ kind, text }) => kind === 'whole' && (text === ';' || text === '+'),
  );
  if (end === -1) site.unclear('a command of it has no end');
  const [root = anyWords] = roots;
  const start = roots.length === 1 ? below(root).text : '';
  // A name that is found begins with the folder that is searched, and so with no dash.
  const found: Word = { kind: 'open', text: start === '/' ? '' : start, splits: false };
  site.readWords(fed(end === -1 ? rest : rest.slice(0, end), ['{}'], found));
  return end === -1 ? words.length : end + 2;
}

function rootsOf(words: readonly Word[]): readonly Word[] {
  const end = words.findIndex(
    ({ kind, text }) => kind === 'whole' && (/^-[^HLP]|^-.{2}/.test(text) || /^[!(,)]$/.test(text)),
  );
  const before = end === -1 ? words : words.slice(0, end);
  return before.filter(({ text }) => !/^-[HLP]$/.test(text));
}

const below = (root: Word): Word => ({
  kind: root.kind === 'whole' ? 'glob' : root.kind,
  text: root.kind === 'whole' ? `${root.text.replace(/\/$/, '')}/` : root.text,
  splits: false,
});

/** Words in which one of the texts stands for what is filled in. */
export function fed(
  words: readonly Word[],
  texts: readonly string[],
  filled: Word,
): readonly Word[] {
  return words.map((word) => {
    const at = Math.min(...texts.map((text) => placeOf(word.text, text)));
    if (word.kind !== 'whole' || at === Infinity) return word;
    return at === 0 ? filled : { kind: 'open', text: word.text.slice(0, at), splits: false };
  });
}

const placeOf = (word: string, text: string): number => {
  const at = text === '' ? -1 : word.indexOf(text);
  return at === -1 ? Infinity : at;
};
