import {
  isAscending,
  isCount,
  isJsonObject,
  parseRecord,
  type Json,
} from '@chancery/kernel/encoding';
import { isHostPattern } from '@chancery/kernel/writ';
import { isScope, type LentSecret } from '@chancery/runtime/vault';

const kind = 'chancery-vault';

/**
 * What a vault holds, before it is encrypted: `{v, kind, secrets}`. One with secrets of hosts is of
 * version 2, so that nobody opens it who would lend them to others.
 */
export function contentsText(secrets: readonly LentSecret[]): string {
  const v = secrets.some(({ hosts }) => hosts !== undefined) ? 2 : 1;
  return JSON.stringify({ v, kind, secrets });
}

/** Undefined for what is not the contents of a vault. */
export function readContents(text: string): readonly LentSecret[] | undefined {
  const parsed = parseRecord(text);
  if (!parsed.ok || !isJsonObject(parsed.value)) return undefined;
  const { v, kind: found, secrets } = parsed.value;
  if ((v !== 1 && v !== 2) || found !== kind || !Array.isArray(secrets)) return undefined;
  const all = secrets as readonly Json[];
  return all.every((each) => isSecret(each, v))
    ? (all as unknown as readonly LentSecret[])
    : undefined;
}

function isSecret(value: Json, v: 1 | 2): boolean {
  if (!isJsonObject(value)) return false;
  const { name, scope, earlier, hosts } = value;
  if (hosts !== undefined && (v === 1 || !areHosts(hosts))) return false;
  if (typeof name !== 'string' || typeof scope !== 'string' || !isScope(scope)) return false;
  return isValue(value) && Array.isArray(earlier) && (earlier as readonly Json[]).every(isValue);
}

/** Sorted, each once. */
export function areHosts(value: Json): value is readonly string[] {
  return Array.isArray(value) && value.length > 0 && value.every(isMember) && isAscending(value);
}

const isMember = (host: unknown): host is string =>
  typeof host === 'string' && isHostPattern(host) && /:\d+$/.test(host);

function isValue(value: Json): boolean {
  return isJsonObject(value) && typeof value['value'] === 'string' && isCount(value['setAtMs']);
}
