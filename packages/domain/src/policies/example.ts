import { isJsonObject, parseRecord, type JsonObject } from '@chancery/kernel/encoding';
import { done, refused, type Result } from '@chancery/kernel/refusal';
import type { PolicyWarning } from './lint.ts';

export type ExpectedVerdict = 'permit' | 'hold' | 'deny';

/** A case that stands in a comment of a policy, and what the policy is to say of it. */
export interface Example {
  /** In the text, from 1. */
  readonly line: number;
  readonly expected: ExpectedVerdict;
  /** The rule that has to be among those that mattered, where one is named. */
  readonly rule: string | undefined;
  readonly capability: string;
  /** Members of the context, and `action`, as far as they are told; see `requestOf`. */
  readonly situation: JsonObject;
}

const opening = /^[ \t]*\/\/[ \t]*example:[ \t]*(?<rest>.*)$/u;
const form =
  /^(?<expected>permit|hold|deny)(?:[ \t]+by[ \t]+(?<rule>\S+))?[ \t]+(?<capability>[a-z][a-z0-9.-]*)(?:[ \t]+(?<situation>\{.*\}))?[ \t]*$/u;

/**
 * The cases of a policy text, in their order. Each stands in a line of its own:
 * `// example: deny by forbid-remote-git shell.run {"command": "git push"}`; what is behind the
 * capability is JSON, and `by RULE` may be left out. Refuses with `policy.invalid`, naming the line.
 */
export function readExamples(text: string): Result<readonly Example[]> {
  const examples: Example[] = [];
  for (const [index, line] of text.split(/\r?\n/u).entries()) {
    const rest = opening.exec(line)?.groups?.['rest'];
    if (rest === undefined) continue;
    const read = readExample(rest, index + 1);
    if (!read.ok) return read;
    examples.push(read.value);
  }
  return done(examples);
}

/** `Example:` in whatever letters, or a word much like it before a verdict. */
const likeOpening =
  /^[ \t]*\/{2,}[ \t]*(?:examples?[ \t]*:|ex[a-z]{4,6}[ \t]*[:;.=-]?[ \t]+(?:permit|hold|deny)\b)/iu;

/** Warns of comments that are written much like examples, and that `readExamples` passes over. */
export function doubtfulExamples(
  text: string,
): readonly (PolicyWarning & { readonly line: number })[] {
  const message = 'it looks like an example and is none: one begins with `// example:`';
  return text.split(/\r?\n/u).flatMap((line, index) => {
    if (opening.test(line) || !likeOpening.test(line)) return [];
    return [{ code: 'no-example', rule: null, line: index + 1, message } as const];
  });
}

function readExample(text: string, line: number): Result<Example> {
  const parts = form.exec(text)?.groups;
  const expected = parts?.['expected'];
  const capability = parts?.['capability'];
  if (parts === undefined || expected === undefined || capability === undefined) {
    return malformed(line, 'it is not `VERDICT [by RULE] CAPABILITY [{…}]`', text);
  }
  const parsed = parseRecord(parts['situation'] ?? '{}');
  if (!parsed.ok) return malformed(line, parsed.refusal.message, text);
  if (!isJsonObject(parsed.value)) return malformed(line, 'its situation is no object', text);
  return done({
    ...{ line, capability, rule: parts['rule'], situation: parsed.value },
    expected: expected as ExpectedVerdict,
  });
}

function malformed(line: number, why: string, text: string): Result<never> {
  return refused('policy.invalid', `line ${line}: the example ${JSON.stringify(text)}: ${why}`, {
    details: { line },
    remedy:
      'Write it like // example: hold by hold-protected-files fs.write {"path": "package.json"}.',
  });
}
