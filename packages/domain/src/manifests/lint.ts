import { isJsonObject, type Json } from '@chancery/kernel/encoding';
import {
  leastEffect,
  readTemplate,
  type CommandExecutor,
  type Executor,
  type HttpExecutor,
  type Manifest,
} from '@chancery/kernel/manifest';

/** What of a manifest is hardly meant, though it can be declared. */
export interface ManifestWarning {
  readonly code:
    'no-reconcile' | 'not-idempotent' | 'option-place' | 'plain-http' | 'unbounded' | 'undone';
  /** The member that it is about. */
  readonly at: string;
  readonly message: string;
}

/** Of a manifest that `checkManifest` lets through. */
export function lintManifest(manifest: Manifest): readonly ManifestWarning[] {
  const { executor, compensate } = manifest;
  return [
    ...ofCall('', { executor, reconcile: manifest.reconcile }),
    ...(compensate === null ? [] : ofCall('compensate.', compensate)),
    ...ofUndoing(manifest),
    ...unbounded(manifest),
  ];
}

function ofCall(
  at: string,
  { executor, reconcile }: Pick<Manifest, 'executor' | 'reconcile'>,
): readonly ManifestWarning[] {
  const warnings = executor.kind === 'command' ? ofCommand(at, executor) : [];
  if (executor.kind === 'http') warnings.push(...ofRequest(at, executor));
  if (reconcile === null && changesOutside(executor)) {
    const message = 'nobody can be asked whether it happened: where its end is lost, a human says';
    warnings.push({ code: 'no-reconcile', at: `${at}reconcile`, message });
  }
  return warnings;
}

function changesOutside(executor: Executor): boolean {
  return executor.kind === 'mcp' || leastEffect(executor, false) === 'irreversible';
}

function ofCommand(at: string, { argv }: CommandExecutor): ManifestWarning[] {
  const end = argv.indexOf('--');
  const open = argv.slice(0, end < 0 ? argv.length : end).filter(beginsWithPlace);
  return open.map((template) => ({
    code: 'option-place',
    at: `${at}executor.argv`,
    message: `"${template}" refuses values that begin with -, since no -- stands before it`,
  }));
}

function beginsWithPlace(template: string): boolean {
  const parts = readTemplate(template);
  const [first] = parts.ok ? parts.value : [];
  return first !== undefined && 'place' in first;
}

function ofRequest(at: string, executor: HttpExecutor): readonly ManifestWarning[] {
  const warnings: ManifestWarning[] = [];
  if (executor.url.startsWith('http:')) {
    const message = 'what is sent and answered can be read and changed on the way';
    warnings.push({ code: 'plain-http', at: `${at}executor.url`, message });
  }
  const { query, headers, body } = executor;
  const names = JSON.stringify([query, headers, body]).includes('{$action}');
  if (changesOutside(executor) && executor.method === 'POST' && !names) {
    const message =
      'nothing that is sent names the action, so that its receiver could tell it twice';
    warnings.push({ code: 'not-idempotent', at: `${at}executor`, message });
  }
  return warnings;
}

function ofUndoing({ executor, compensate }: Manifest): readonly ManifestWarning[] {
  if (compensate !== null || leastEffect(executor, false) !== 'irreversible') return [];
  const message = 'nothing takes it back: a rollback leaves it, and each call waits for a human';
  return [{ code: 'undone', at: 'compensate', message }];
}

function unbounded({ input }: Manifest): readonly ManifestWarning[] {
  const properties = input['properties'] as Readonly<Record<string, Json>>;
  return Object.entries(properties).flatMap(([name, schema]): readonly ManifestWarning[] => {
    const isOpen =
      isJsonObject(schema) &&
      schema['type'] === 'string' &&
      !Object.hasOwn(schema, 'maxLength') &&
      !Object.hasOwn(schema, 'enum');
    if (!isOpen) return [];
    const message = `a value of ${name} may be as long as all arguments: say maxLength`;
    return [{ code: 'unbounded', at: `input.properties.${name}`, message }];
  });
}
