import { bundleDigest } from '@chancery/kernel/policy';
import { exitCodes } from '../exit.ts';
import type { CommonFlags, Session } from '../session.ts';
import { visible } from '../terminal/visible.ts';
import { manifestsHere } from './listing.ts';
import { policyIn, type SourceFlags } from './source.ts';
import { showWarnings, warningsOf } from './warnings.ts';

export interface CheckFlags extends SourceFlags, CommonFlags {
  /** Warnings end it with a failure. */
  readonly strict?: boolean;
}

/** Checks policies in files, and says what of them is hardly meant. */
export async function check(
  session: Session,
  files: readonly string[],
  flags: CheckFlags,
): Promise<number> {
  const { terminal, json } = session;
  const manifests = await manifestsHere(session);
  let warned = false;
  for (const file of files) {
    const policy = await policyIn(file, flags);
    const { bundle } = policy;
    const warnings = await warningsOf(policy, manifests);
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
    showWarnings(terminal, file, warnings);
  }
  return warned && flags.strict === true ? exitCodes.failed : exitCodes.ok;
}
