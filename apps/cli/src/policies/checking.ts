import { lint, type PolicyWarning } from '@chancery/domain/policies';
import { bundleDigest } from '@chancery/kernel/policy';
import { offeredContracts } from '../compose/capabilities.ts';
import { rulesLines } from '../compose/policies.ts';
import { exitCodes } from '../exit.ts';
import { type CommonFlags, type Session } from '../session.ts';
import { visible } from '../terminal/visible.ts';
import { policyIn, type SourceFlags } from './source.ts';

export interface CheckFlags extends SourceFlags, CommonFlags {
  /** Warnings end it with a failure. */
  readonly strict?: boolean;
}

/** Checks policies in files, and says what of them is hardly meant. */
export async function check(
  { terminal, json }: Session,
  files: readonly string[],
  flags: CheckFlags,
): Promise<number> {
  const capabilities = new Set((await offeredContracts()).keys());
  let warned = false;
  for (const file of files) {
    const { text, bundle } = await policyIn(file, flags);
    const lines = await rulesLines(text);
    const warnings = lint(bundle, capabilities).map((warning) => placed(warning, lines));
    const rules = Object.keys(bundle.policies.staticPolicies).length;
    warned ||= warnings.length > 0;
    if (json) {
      const { name, level } = bundle;
      const told = { file, name, level, bundle: bundleDigest(bundle), rules, warnings };
      terminal.json({ type: 'policy-checked', ...told });
      continue;
    }
    const fine = warnings.length === 0 ? 'nothing to warn of' : `${warnings.length} warnings`;
    terminal.line(`${visible(file)}: ${rules} rules, ${fine}`);
    for (const { line, code, message } of warnings) {
      const place = line === null ? '' : `:${line}`;
      terminal.line(
        terminal.paint.yellow(`${visible(file)}${place}: ${visible(message)} [${code}]`),
      );
    }
  }
  return warned && flags.strict === true ? exitCodes.failed : exitCodes.ok;
}

interface PlacedWarning extends PolicyWarning {
  readonly line: number | null;
}

function placed(warning: PolicyWarning, lines: ReadonlyMap<string, number>): PlacedWarning {
  return { ...warning, line: warning.rule === null ? null : (lines.get(warning.rule) ?? null) };
}
