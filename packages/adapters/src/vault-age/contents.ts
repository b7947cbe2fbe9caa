import { isCount, isJsonObject, parseRecord, type Json } from '@chancery/kernel/encoding';
import { isScope, type LentSecret } from '@chancery/runtime/vault';

const kind = 'chancery-vault';

/** What a vault holds, before it is encrypted: `{v, kind, secrets}`. */
export function contentsText(secrets: readonly LentSecret[]): string {
  return JSON.stringify({ v: 1, kind, secrets });
}

/** Undefined for what is not the contents of a vault. */
export function readContents(text: string): readonly LentSecret[] | undefined {
  const parsed = parseRecord(text);
  if (!parsed.ok || !isJsonObject(parsed.value)) return undefined;
  const { v, kind: found, secrets } = parsed.value;
  if (v !== 1 || found !== kind || !Array.isArray(secrets)) return undefined;
  const all = secrets as readonly Json[];
  return all.every(isSecret) ? (all as unknown as readonly LentSecret[]) : undefined;
}

function isSecret(value: Json): boolean {
  if (!isJsonObject(value)) return false;
  const { name, scope, earlier } = value;
  if (typeof name !== 'string' || typeof scope !== 'string' || !isScope(scope)) return false;
  return isValue(value) && Array.isArray(earlier) && (earlier as readonly Json[]).every(isValue);
}

function isValue(value: Json): boolean {
  return isJsonObject(value) && typeof value['value'] === 'string' && isCount(value['setAtMs']);
}
