import { basename } from 'node:path';
import { levels, type Bundle, type Level } from '@chancery/kernel/policy';
import { bundleOf } from '../compose/policies.ts';
import { granted, refuse } from '../exit.ts';
import { textIn } from '../text-file.ts';

/** How the text of a file is read as a policy. */
export interface SourceFlags {
  readonly level: string;
  readonly name?: string;
}

/** A policy in a file, and what was built of it. */
export interface PolicyFile {
  readonly file: string;
  readonly text: string;
  readonly bundle: Bundle;
}

/** Reads and builds a policy. Refuses `usage.invalid`, and `policy.invalid` naming file, line and column. */
export async function policyIn(file: string, flags: SourceFlags): Promise<PolicyFile> {
  const text = textIn(file);
  const name = flags.name ?? basename(file).replace(/\.cedar$/u, '');
  const built = await bundleOf({ name, level: readLevel(flags.level), text });
  if (built.ok) return { file, text, bundle: built.value };
  const { code, message, details, remedy } = built.refusal;
  return refuse(code, `${file}: ${message}`, { details, remedy });
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
