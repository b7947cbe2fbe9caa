import type { Row } from '../programs/row.ts';
import { readOptions } from './operands.ts';
import type { Site } from './site.ts';
import { readSubcommand } from './subcommand.ts';
import { isWhole, type Word } from './word.ts';

/** Settings that name no program; any other given with `-c` might. */
const harmlessSetting =
  /^(?:user|author|committer|color|column|advice|init|log|status|blame|branch|commit\.(?:gpgsign|verbose)|diff\.(?:color|noprefix|renames|algorithm|context|mnemonicprefix)|core\.(?:quotepath|abbrev|autocrlf|eol|safecrlf|filemode|ignorecase|precomposeunicode|longpaths|whitespace)|merge\.(?:conflictstyle|ff|renames)|pull\.(?:rebase|ff)|rebase\.(?:autosquash|autostash)|fetch\.(?:prune|parallel)|tag\.(?:gpgsign|sort)|versionsort|grep\.|safe\.directory)[\w.]*=/i;

/** What stands before the subcommand decides where it runs, and by `-c` what it runs. */
export function readGit(words: readonly Word[], row: Row, site: Site): void {
  const { operands, met } = readOptions(words, row, site);
  for (const { name, value } of met) {
    if (value === undefined) continue;
    if (name === 'C') site.enters(value);
    if (name !== 'c') continue;
    const isHarmless =
      isWhole(value) && (harmlessSetting.test(value.text) || !value.text.includes('.'));
    if (!isHarmless || /(?:^|[=:\s])!|editor|pager|command|program|helper/i.test(value.text)) {
      site.unclear('a setting that may run a program');
    }
  }
  readSubcommand(operands, row, site);
}

/** `git config NAME VALUE`: a setting that names a program is no setting of a text. */
export function readGitConfig(words: readonly Word[], row: Row, site: Site): void {
  const { operands } = readOptions(words, row, site);
  const verbs = ['get', 'list', 'set', 'unset', 'add'];
  const rest = verbs.includes(operands[0]?.text ?? '') ? operands.slice(1) : operands;
  const [name, value] = rest;
  if (value === undefined && operands[0]?.text !== 'unset') return;
  site.does('write');
  if (name === undefined || !isWhole(name) || !harmlessSetting.test(`${name.text}=`)) {
    site.unclear('a setting that may run a program');
  }
}
