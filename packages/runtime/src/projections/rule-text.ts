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

/** The statement with the paragraph of comment right before it; earlier paragraphs are not its own. */
function ownText(statement: string): string {
  const paragraphs = statement.trim().split(/\n\s*\n/);
  const first = paragraphs.findIndex((paragraph) => /^(?!\/\/)/m.test(paragraph));
  return paragraphs.slice(Math.max(first, 0)).join('\n\n');
}
