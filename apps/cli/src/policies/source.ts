import { basename } from 'node:path';
import { levels, type Bundle, type Level } from '@chancery/kernel/policy';
import { bundleOf } from '../compose/policies.ts';
import { isBundleText, readSigned, type SignedBundle } from './bundle-file.ts';
import { granted, refuse } from '../exit.ts';
import { textIn } from '../text-file.ts';

/** How the text of a file is read as a policy; a bundle says both itself. */
export interface SourceFlags {
  readonly level?: string;
  readonly name?: string;
}

/** A policy in a file, and what was built of it. */
export interface PolicyFile {
  readonly file: string;
  readonly text: string;
  readonly bundle: Bundle;
  /** The bundle as its authors have signed it; undefined for a text. */
  readonly signed: SignedBundle | undefined;
}

/**
 * Reads and builds a policy, out of its text or of a bundle. Refuses `usage.invalid`, `policy.invalid`
 * naming file, line and column, and `envelope.invalid` for a bundle that is not as it was signed.
 */
export async function policyIn(file: string, flags: SourceFlags): Promise<PolicyFile> {
  const text = textIn(file);
  if (isBundleText(text)) {
    const signed = ofFile(file, await readSigned(text));
    checkMeant(file, signed.bundle, flags);
    return { file, text: signed.bundle.text, bundle: signed.bundle, signed };
  }
  const name = flags.name ?? basename(file).replace(/\.cedar$/u, '');
  const built = await bundleOf({ name, level: readLevel(flags.level ?? 'tenant'), text });
  if (built.ok) return { file, text, bundle: built.value, signed: undefined };
  const { code, message, details, remedy } = built.refusal;
  return refuse(code, `${file}: ${message}`, { details, remedy });
}

/** Refuses `usage.invalid` where another level or name was asked for than a bundle has. */
function checkMeant(file: string, { level, name }: Bundle, flags: SourceFlags): void {
  if ((flags.level ?? level) === level && (flags.name ?? name) === name) return;
  refuse('usage.invalid', `${file} is ${name} at the level ${level}, as it was signed`, {
    remedy: 'Leave --level and --name out.',
  });
}

function readLevel(named: string): Level {
  const level = levels.find((known) => known === named);
  return (
    level ??
    refuse('usage.invalid', `there is no level ${JSON.stringify(named)}`, {
      remedy: `Say --level with one of: ${levels.join(', ')}.`,
    })
  );
}

/** The value of a refusable reading of this file, whose refusals name it. */
export function ofFile<T>(file: string, read: Parameters<typeof granted<T>>[0]): T {
  if (read.ok) return read.value;
  const { code, message, details, remedy } = read.refusal;
  return refuse(code, `${file}: ${message}`, { details, remedy });
}
