import { readSource } from './source.ts';

const idForm = /@id\("(?<id>[^"\\]*)"\)/u;

/** Line of a policy text, from 1, in which each rule begins, by its `@id`. */
export function ruleLines(text: string): ReadonlyMap<string, number> {
  const lines = new Map<string, number>();
  let line = 1;
  let read = 0;
  for (const { text: rule, offset, start } of readSource(text).rules) {
    for (; read < start; read += 1) if (text[read] === '\n') line += 1;
    const id = idForm.exec(rule.slice(start - offset))?.groups?.['id'];
    if (id !== undefined) lines.set(id, line);
  }
  return lines;
}
