import type { Template } from './model.ts';
import { readTemplate } from './template.ts';

/** Programs that read what an option of them gives as code. */
const interpreters =
  /^(?:(?:ba|da|a|z|k|mk|c|tc|fi)?sh|busybox|pwsh|powershell|cmd|python[\d.]*|node|nodejs|deno|bun|perl|ruby|php|lua[\d.]*|tclsh|osascript|su|sudo|doas|script)$/;

/** Programs that read their first word as code. */
const codeFirst = /^(?:g|m|n)?awk$|^g?sed$/;

/** Programs that put their words together and have a shell read them. */
const rejoining = /^(?:eval|ssh|watch|parallel|xargs|at|batch)$/;

const codeOption =
  /^-[A-Za-z]*[ceE]$|^--(?:command|eval|exec|expression|print|execute)$|^-(?:Command|EncodedCommand)$|^\/[ck]$/i;

const joinedOption = /^-[ceE](?!$)|^--(?:command|eval|exec|expression|print|execute)=/;

/**
 * The first argument in which a value would be read again, as code, by a program that is known to do so;
 * undefined where there is none. Of programs that are not known nobody can tell.
 */
export function readAgain(argv: readonly Template[]): Template | undefined {
  const places = argv.map(hasPlace);
  const names = argv.map((word, at) => (places[at] === true ? '' : baseName(word)));
  return argv.find((word, at) => {
    if (places[at] !== true) return false;
    const before = names.slice(0, at);
    if (before.some((name) => rejoining.test(name))) return true;
    const coder = before.findIndex((name) => codeFirst.test(name));
    if (coder >= 0 && !hasOperand(argv.slice(coder + 1, at))) return true;
    if (!before.some((name) => interpreters.test(name))) return false;
    const isCode = argv.slice(at - 1, at).some((option) => codeOption.test(option));
    return isCode || joinedOption.test(word);
  });
}

function hasPlace(template: Template): boolean {
  const parts = readTemplate(template);
  return parts.ok && parts.value.some((part) => 'place' in part);
}

/** Whether what is code has been said by the manifest. */
function hasOperand(words: readonly Template[]): boolean {
  return words.some((word) => !word.startsWith('-') && !hasPlace(word));
}

function baseName(word: string): string {
  return word.slice(word.lastIndexOf('/') + 1).replace(/\.exe$/i, '');
}
