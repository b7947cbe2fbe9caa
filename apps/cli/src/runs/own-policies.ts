import { readBundle } from '@chancery/kernel/policy';
import { envelopeOf, type Digest } from '@chancery/kernel/encoding';
import type { Body } from '@chancery/kernel/ledger';
import { Authority } from '@chancery/runtime/authority';
import { ContentSource } from '@chancery/runtime/removal';
import { readIfThere } from '@chancery/runtime/simulation';
import type { OwnPolicy } from '@chancery/runtime/drive';
import { surroundings } from '../compose/policies.ts';
import { refuse } from '../exit.ts';
import type { OpenLedger } from '../opening.ts';
import type { KeyedSource } from './reading.ts';
import { policyIn } from '../policies/source.ts';
import { failureText, testsOf } from '../policies/testing.ts';
import { warningsOf, warningText } from '../policies/warnings.ts';
import type { Session } from '../session.ts';
import { defaultProtectedPaths } from './run-terms.ts';

/**
 * Reads the policies that a run is to have of its own, says what of them is hardly meant, and runs the
 * examples that stand in them. Refuses as `policyIn`, and `policy.invalid` where an example does not
 * come out.
 */
export async function readOwnPolicies(
  { terminal, json }: Session,
  { store, ledger }: OpenLedger,
  { files, repository }: { readonly files: readonly string[]; readonly repository: string },
): Promise<readonly OwnPolicy[]> {
  const { manifests } = await new Authority(store, ledger).policies();
  const told = { protectedPaths: defaultProtectedPaths, nowMs: 0 };
  const around = await surroundings(told, manifests);
  const read: OwnPolicy[] = [];
  for (const file of files) {
    const policy = await policyIn(file, { level: 'run' });
    if (!json) {
      for (const warning of await warningsOf(policy, manifests)) {
        terminal.note(terminal.paint.yellow(warningText(file, warning)));
      }
    }
    const tested = await testsOf(policy, { ...around, repository });
    const failed = tested.find(({ passed }) => !passed);
    if (failed !== undefined) {
      refuse('policy.invalid', failureText(file, failed), {
        remedy: 'Mend the policy or its example; `chancery policy test --level run` tries them.',
      });
    }
    read.push({ bundle: policy.bundle, signed: policy.signed?.envelope });
  }
  return read;
}

/** A policy of a run as it is recorded; name and text are null where they are gone. */
export interface RecordedPolicy {
  readonly bundle: Digest;
  readonly name: string | null;
  readonly text: string | null;
}

/** The policies that a run was started with, as they were recorded. */
export async function recordedPolicies(
  { store, keys }: KeyedSource,
  started: Pick<Body<'run.started'>, 'policies'> | undefined,
): Promise<readonly RecordedPolicy[]> {
  const contents = new ContentSource(store, keys);
  return Promise.all(
    (started?.policies ?? []).map(async ({ bundle, envelope: recorded }) => {
      const envelope = envelopeOf(await readIfThere(contents, recorded));
      const read = envelope && readBundle(envelope);
      if (read?.ok !== true || read.value.digest !== bundle)
        return { bundle, name: null, text: null };
      const { name, text } = read.value.bundle;
      return { bundle, name, text };
    }),
  );
}
