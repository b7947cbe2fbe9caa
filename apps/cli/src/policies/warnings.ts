import { doubtfulExamples, lint, type PolicyWarning } from '@chancery/domain/policies';
import type { DeclaredManifests } from '@chancery/kernel/manifest';
import { offeredContracts } from '../compose/capabilities.ts';
import { declaredContracts } from '../compose/declared.ts';
import { rulesLines } from '../compose/policies.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { visible } from '../terminal/visible.ts';
import type { PolicyFile } from './source.ts';

/** A warning with the line that it is about, from 1; null for one of the policy as a whole. */
export interface PlacedWarning extends PolicyWarning {
  readonly line: number | null;
}

/** What of a policy in a file is hardly meant, where these are declared beside what is built in. */
export async function warningsOf(
  { text, bundle }: PolicyFile,
  manifests: DeclaredManifests,
): Promise<readonly PlacedWarning[]> {
  const builtIn = (await offeredContracts()).keys();
  const capabilities = new Set([...builtIn, ...declaredContracts(manifests).keys()]);
  const lines = await rulesLines(text);
  const ofRules = lint(bundle, capabilities).map((warning) => ({
    ...warning,
    line: warning.rule === null ? null : (lines.get(warning.rule) ?? null),
  }));
  return [...ofRules, ...doubtfulExamples(text)];
}

export function warningText(file: string, { line, code, message }: PlacedWarning): string {
  const place = line === null ? '' : `:${line}`;
  return `${visible(file)}${place}: ${visible(message)} [${code}]`;
}

export function showWarnings(
  { line, paint }: Pick<Terminal, 'line' | 'paint'>,
  file: string,
  warnings: readonly PlacedWarning[],
): void {
  for (const warning of warnings) line(paint.yellow(warningText(file, warning)));
}
