/**
 * The text of each rule of a Cedar policy, by its `@id`, with the comment that stands before it.
 * Reads only as much of the language as separates one statement from the next: strings, comments,
 * semicolons. A text without an id is passed over.
 */
export function ruleTexts(policy: string): ReadonlyMap<string, string> {
  const texts = new Map<string, string>();
  let from = 0;
  for (const end of statementEnds(policy)) {
    const statement = policy.slice(from, end);
    const id = /@id\(\s*"((?:[^"\\]|\\.)*)"\s*\)/.exec(withoutComments(statement))?.[1];
    if (id !== undefined) texts.set(id, ownText(statement));
    from = end;
  }
  return texts;
}

const token = /\/\/[^\n]*|"(?:[^"\\]|\\.)*"|;/g;

function* statementEnds(policy: string): Generator<number> {
  for (const match of policy.matchAll(token)) {
    if (match[0] === ';') yield match.index + 1;
  }
}

function withoutComments(statement: string): string {
  return statement.replaceAll(token, (found) => (found.startsWith('//') ? '' : found));
}

/**
 * The statement with the paragraph of comment right before it; earlier paragraphs are not its own.
 * A blank line ends a paragraph, and so does a comment of nothing: Cedar's formatter leaves no blank
 * line between comments.
 */
function ownText(statement: string): string {
  const lines = statement.trim().split('\n');
  const first = lines.findIndex((line) => !/^\s*(?:\/\/|$)/.test(line));
  const breaks = lines
    .slice(0, Math.max(first, 0))
    .findLastIndex((line) => /^\s*(?:\/\/)?\s*$/.test(line));
  return lines.slice(breaks + 1).join('\n');
}
