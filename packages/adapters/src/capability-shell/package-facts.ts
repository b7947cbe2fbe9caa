import { readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { join, sep } from 'node:path';
import type { PackageFacts } from './analysis/site.ts';
import { isMissing } from './missing.ts';

/** A larger one is not looked into. */
const mostBytes = 1_048_576;

/** Scripts and installed programs of the package in a folder of the workspace, read once each. */
export function packagesIn(root: string): (folder: string) => PackageFacts | undefined {
  const known = new Map<string, PackageFacts | undefined>();
  return (folder) => {
    if (!known.has(folder))
      known.set(
        folder,
        unlessMissing(() => packageAt(root, folder)),
      );
    return known.get(folder);
  };
}

function unlessMissing<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (isMissing(error) || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function packageAt(root: string, folder: string): PackageFacts | undefined {
  const real = realpathSync(join(root, folder));
  if (real !== root && !real.startsWith(root + sep)) return undefined;
  const file = join(real, 'package.json');
  if (statSync(file).size > mostBytes) return undefined;
  const installed = unlessMissing(() => readdirSync(join(real, 'node_modules', '.bin')));
  return { scripts: scriptsIn(readFileSync(file, 'utf8')), installed: new Set(installed) };
}

/** @throws {SyntaxError} for what is no JSON. */
function scriptsIn(text: string): ReadonlyMap<string, string> {
  const content: unknown = JSON.parse(text);
  const scripts: unknown = isRecord(content) ? content['scripts'] : undefined;
  const entries = isRecord(scripts) ? Object.entries(scripts) : [];
  return new Map(
    entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;
