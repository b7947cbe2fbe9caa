import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { SandboxCommand } from '@chancery/runtime/broker';
import { isWithin, kindAt } from './place.ts';

/**
 * The paths that stay read-only. Of a folder in which something is lifted these are all its other
 * entries, so that a file in it can be written, and replaced as editors do. What is made anew there is
 * not kept from being made: whoever compares the files before and after sees it.
 */
export function keptOf(
  workspace: string,
  { readOnly, lifted = [] }: Pick<SandboxCommand, 'readOnly' | 'lifted'>,
): readonly string[] {
  return readOnly.flatMap((path) => keptIn(workspace, bare(path), lifted.map(bare), path));
}

const bare = (path: string): string => path.replace(/\/+$/, '');

function keptIn(
  workspace: string,
  path: string,
  lifted: readonly string[],
  named: string,
): readonly string[] {
  if (lifted.some((each) => isWithin(path, each))) return [];
  if (!lifted.some((each) => isWithin(each, path))) return [named];
  const place = join(workspace, path);
  if (kindAt(place) === 'missing') return [];
  if (kindAt(place) !== 'folder') return [named];
  return readdirSync(place).flatMap((name) => {
    const inner = `${path}/${name}`;
    return keptIn(workspace, inner, lifted, inner);
  });
}
