import type { Role } from '@chancery/kernel/programs';
import { isHarmlessNode } from './node-code.ts';
import { isHarmlessPython } from './python-code.ts';
import { readAwk } from './awk.ts';
import { readSed } from './sed.ts';
import type { Site } from './site.ts';
import { anyWords, isWhole, settingIn, whole, type Word } from './word.ts';

/** Names of what comes as input, or by a descriptor. */
const fed = /^(?:-$|\/dev\/(?:stdin|fd\/)|\/proc\/)/;

/** Names of what is not there, but at an address or in a registry. */
const fetched = /^(?:[a-z+]+:\/\/|npm:|jsr:)|@(?:v?\d|latest)/;

/** Code in the place of a file. */
const inlined = /^(?:data|blob):/i;

type Player = (word: Word, site: Site) => void;

/** What becomes of a word by what it is to its program. */
const players: Readonly<Record<Role, Player>> = {
  text: () => undefined,
  read: (word, site) => site.reads(word),
  write: (word, site) => site.writes(word),
  edit: (word, site) => {
    site.reads(word);
    site.writes(word);
  },
  folder: (word, site) => site.standsIn(word),
  run: (word, site) => {
    // What it is fed is not read here.
    if (fed.test(word.text)) site.unclear('what it is fed, and runs');
    if (inlined.test(word.text)) site.unclear('what its code does');
    if (fetched.test(word.text)) site.does('external');
    site.does('executes');
    site.reads(word);
  },
  program: (word, site) => {
    if (isWhole(word)) site.readWords([...wordsIn(word.text), anyWords]);
    else site.unclear('the program that it runs is not told');
  },
  line: (word, site) => {
    if (isWhole(word)) site.readLine(word.text);
    else site.unclear('the line that it runs is not told');
  },
  variable: (word, site) => {
    if (isWhole(word)) site.assigns(word.text, anyWords);
    else site.unclear('a variable that is not told');
  },
  command: (word, site) => site.readWords([word]),
  assignment: (word, site) => {
    const setting = settingIn(word);
    if (setting === undefined) site.unclear('a variable that is not told');
    else site.assigns(setting.name, setting.value);
  },
  node: (word, site) => {
    if (!isWhole(word) || !isHarmlessNode(word.text, site.folders))
      site.unclear('what its code does');
    else site.does('executes');
  },
  python: (word, site) => {
    if (!isWhole(word) || !isHarmlessPython(word.text)) site.unclear('what its code does');
    else site.does('executes');
  },
  sed: (word, site) => {
    if (isWhole(word)) readSed(word.text, site);
    else site.unclear('its script is not told');
  },
  awk: (word, site) => {
    if (isWhole(word)) readAwk(word.text, site);
    else site.unclear('its program is not told');
  },
  unclear: (_word, site) => site.unclear('a setting that may run a program'),
};

export const play = (role: Role, word: Word, site: Site): void => players[role](word, site);

/** A command in one word, where blanks part words and nothing else has a meaning. Others are added to it. */
function wordsIn(text: string): readonly Word[] {
  const plain = /^[\w@%+=:,./\s-]+$/.test(text);
  const parts = text.split(/\s+/).filter((part) => part !== '');
  return plain && parts.length > 0 ? parts.map(whole) : [anyWords];
}
