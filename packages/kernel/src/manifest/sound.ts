import { effects, type Effect, type Role } from '../contract/index.ts';
import { isJsonObject, recordText, type JsonObject } from '../encoding/index.ts';
import { refusal, type Refusal } from '../refusal/index.ts';
import { misplaced } from './form.ts';
import type { Compensate, Executor, Manifest, Reconcile } from './model.ts';
import { runsProgram } from './runs-program.ts';
import { lentNames, wrongExecutor } from './sound-executor.ts';
import { shapeOf, type Shape } from './shape.ts';

/** More, in base64 and signed, would not fit into an entry. */
const manifestBytesMax = 47_000;

const utf8 = new TextEncoder();

/**
 * Why a manifest is none: a member is not what it should be, or what it says does not go together.
 * Refuses with `manifest.invalid`. Whether its schemas are some is for a validator of JSON Schema.
 */
export function checkManifest(manifest: Manifest): Refusal | undefined {
  const at = misplaced(manifest as unknown as JsonObject);
  if (at !== undefined) {
    return refusal('manifest.invalid', `the manifest has a malformed "${at}"`);
  }
  const { length } = utf8.encode(recordText(manifest));
  if (length > manifestBytesMax) {
    const why = `the manifest takes ${length} bytes, ${manifestBytesMax} at most`;
    return refusal('manifest.invalid', why);
  }
  const wrong = wrongIn(manifest);
  return wrong === undefined ? undefined : refusal('manifest.invalid', wrong);
}

function wrongIn(manifest: Manifest): string | undefined {
  const { executor, reconcile, compensate, input, output, roles, authors } = manifest;
  const [args, members] = [shapeOf(input), shapeOf(output)];
  return (
    differing('roles', roles, args) ??
    differing('authors', authors, members) ??
    wrongCall({ executor, args, roles, members, reconcile }) ??
    wrongEffect(manifest) ??
    (compensate === null ? undefined : wrongCompensation(manifest, compensate))
  );
}

interface Call {
  readonly executor: Executor;
  readonly args: Shape;
  readonly roles: Readonly<Record<string, Role>>;
  readonly members: Shape;
  readonly reconcile: Reconcile | null;
}

function wrongCall(call: Call): string | undefined {
  const { executor, members, reconcile } = call;
  return (
    wrongExecutor('executor', executor, call) ??
    unobserved('executor', executor, members) ??
    (reconcile === null ? undefined : wrongReconcile(reconcile, call))
  );
}

function differing(what: string, said: object, { properties }: Shape): string | undefined {
  const names = Object.keys(properties);
  const missing = names.find((name) => !Object.hasOwn(said, name));
  if (missing !== undefined) return `"${what}" does not say what ${missing} is`;
  const stray = Object.keys(said).find((name) => !Object.hasOwn(properties, name));
  return stray === undefined ? undefined : `"${what}" names ${stray}, which there is not`;
}

/** An observation that lacks what it has to have would be a failure each time. */
function unobserved(where: string, { observed }: Executor, output: Shape): string | undefined {
  const stray = Object.keys(observed).find((name) => !Object.hasOwn(output.properties, name));
  if (stray !== undefined)
    return `"${where}.observed" names ${stray}, which is no member of output`;
  const missing = output.required.find((name) => !Object.hasOwn(observed, name));
  return missing === undefined ? undefined : `"${where}.observed" does not say where ${missing} is`;
}

function wrongReconcile({ executor, happened, didNotHappen }: Reconcile, call: Call) {
  const where = 'reconcile.executor';
  if (runsProgram(executor) || !onlyAsks(executor)) {
    return `"${where}" may change something: it takes a GET, a HEAD or a tool of an MCP server behind a URL`;
  }
  // A secret that is for requests to the one would be lent to the other.
  if (runsProgram(call.executor) && lentNames(call.executor).length > 0) {
    return `"${where}" asks over a network, and the program that it asks about is lent secrets`;
  }
  return (
    wrongExecutor(where, executor, { ...call, conditions: [...happened, ...didNotHappen] }) ??
    unobserved(where, executor, call.members)
  );
}

function onlyAsks(executor: Executor): boolean {
  return executor.kind !== 'http' || executor.method === 'GET' || executor.method === 'HEAD';
}

/** The least that a call of an executor does to the world. */
export function leastEffect(executor: Executor, isCompensated: boolean): Effect {
  if (executor.kind === 'command') return 'write';
  return onlyAsks(executor) || isCompensated ? 'external' : 'irreversible';
}

function wrongEffect({ effect, executor, compensate }: Manifest): string | undefined {
  const least = leastEffect(executor, compensate !== null);
  if (effects.indexOf(effect) >= effects.indexOf(least)) return undefined;
  return `"effect" is ${effect}, and what it executes is ${least} at least`;
}

function wrongCompensation(manifest: Manifest, compensate: Compensate): string | undefined {
  const { executor, output, authors, reconcile, given } = compensate;
  if (manifest.executor.kind === 'command') {
    return '"compensate" is for what leaves the machine: files are put back without';
  }
  const lost = Object.values(given).find((source) => sourceOf(manifest, source) === undefined);
  if (lost !== undefined) return `"compensate.given" names ${lost}, which there is not`;
  const args = undoShape(manifest, compensate);
  const roles = undoRoles(manifest, compensate);
  const members = shapeOf(output);
  const wrong =
    differing('authors', authors, members) ??
    wrongCall({ executor, args, roles, members, reconcile });
  return wrong === undefined ? undefined : `of "compensate": ${wrong}`;
}

/** What `args.NAME` or `output.NAME` is. */
function sourceOf({ input, output }: Manifest, source: string): JsonObject | undefined {
  const [from, name = ''] = source.split('.');
  const { properties } = shapeOf(from === 'args' ? input : output);
  const found = Object.hasOwn(properties, name) ? properties[name] : undefined;
  return isJsonObject(found) ? found : undefined;
}

/** The arguments of what takes a call back, as they are of the call. */
export function undoShape(manifest: Manifest, { given }: Compensate): Shape {
  const properties: Record<string, JsonObject> = {};
  const required: string[] = [];
  for (const [name, source] of Object.entries(given)) {
    const schema = sourceOf(manifest, source);
    if (schema !== undefined) properties[name] = schema;
    const [from, of = ''] = source.split('.');
    const { required: there } = shapeOf(from === 'args' ? manifest.input : manifest.output);
    if (there.includes(of)) required.push(name);
  }
  return { properties, required };
}

/** What the service answered names what is taken back. */
export function undoRoles(
  { roles }: Manifest,
  { given }: Compensate,
): Readonly<Record<string, Role>> {
  return Object.fromEntries(
    Object.entries(given).map(([name, source]) => {
      const [from, of = ''] = source.split('.');
      return [name, (from === 'args' ? roles[of] : undefined) ?? 'object'];
    }),
  );
}
