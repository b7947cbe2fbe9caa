import { signEnvelope } from '@chancery/kernel/encoding';
import { readBundle, signBundle } from '@chancery/kernel/policy';
import { signingKey } from '../compose/keys.ts';
import { exitCodes, granted } from '../exit.ts';
import type { CommonFlags, Session } from '../session.ts';
import { showFields, type Field } from '../terminal/fields.ts';
import { visible } from '../terminal/visible.ts';
import { writeNewText } from '../text-file.ts';
import { bundleLine } from './listing.ts';
import { policyIn, type SourceFlags } from './source.ts';

export interface BundleFlags extends SourceFlags, CommonFlags {
  readonly out?: string;
  readonly key?: string;
}

/** Signs a policy as a bundle in a file of its own; a bundle gets one more signature. */
export async function bundle(session: Session, file: string, flags: BundleFlags): Promise<number> {
  const { terminal, json } = session;
  const policy = await policyIn(file, flags);
  const by = granted(await signingKey(session, flags.key));
  const envelope =
    policy.signed === undefined
      ? signBundle(policy.bundle, by)
      : signEnvelope(policy.signed.envelope, by);
  const { digest, signers } = granted(readBundle(envelope));
  const out = flags.out ?? `${file.replace(/\.(?:cedar|bundle\.json)$/u, '')}.bundle.json`;
  writeNewText(out, `${JSON.stringify(envelope)}\n`);
  if (json) {
    terminal.json({ ...bundleLine(policy.bundle), type: 'policy-bundled', file: out, signers });
    return exitCodes.ok;
  }
  showFields(terminal, [
    ['Bundle', digest],
    ['Policy', `${visible(policy.bundle.name)} at the level ${policy.bundle.level}`],
    ['File', visible(out)],
    ...signers.map((key, index): Field => [index === 0 ? 'Signed' : '', key]),
  ]);
  return exitCodes.ok;
}
