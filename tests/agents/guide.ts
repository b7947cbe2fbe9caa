import { readFileSync } from 'node:fs';
import path from 'node:path';

const page = path.resolve(import.meta.dirname, '../../docs/guides/serve-mcp.md');

/** What the guide tells the users of an agent: the file that they write, and the command that they type. */
export interface Told {
  readonly config: string;
  readonly command: string;
}

/** What stands in the guide below the heading of an agent, with the repository and the gate of a test. */
export function toldFor(
  heading: string,
  { repository, gate }: { readonly repository: string; readonly gate: string },
): Told {
  const text = readFileSync(page, 'utf8');
  const [, section = ''] = text.split(`\n### ${heading}\n`);
  const [before = ''] = section.split(/^##/m);
  const block = (language: string): string => {
    const [, found] = new RegExp(`^\`\`\`(?:${language})\\n(.*?)^\`\`\`$`, 'ms').exec(before) ?? [];
    if (found === undefined) throw new Error(`the guide has no ${language} for ${heading}`);
    return found;
  };
  const config = block('json|toml').replace('/home/you/shop', repository).replace('npm test', gate);
  return { config, command: block('sh no-run').trim() };
}
