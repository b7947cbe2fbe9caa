import { isJsonObject, parseRecord, type JsonObject } from '@chancery/kernel/encoding';
import type { Manifest } from '@chancery/kernel/manifest';
import { Authority } from '@chancery/runtime/authority';
import { existsSync } from 'node:fs';
import { plannedCall, type PlannedCall } from '../compose/planned-call.ts';
import { exitCodes, granted, refuse } from '../exit.ts';
import { reading } from '../opening.ts';
import type { CommonFlags, Session } from '../session.ts';
import { showFields, type Field } from '../terminal/fields.ts';
import { visible } from '../terminal/visible.ts';
import { manifestIn } from './file.ts';

export interface TestFlags extends CommonFlags {
  readonly args: string;
}

/** Shows what a call with these arguments would execute, and executes nothing. */
export async function test(session: Session, named: string, flags: TestFlags): Promise<number> {
  const { terminal, json } = session;
  const manifest = existsSync(named) ? manifestIn(named) : await declaredBy(session, named);
  const args = readArgs(flags.args);
  const planned = granted(await plannedCall(manifest, args));
  const { name, executor } = manifest;
  if (json) {
    terminal.json({ type: 'capability-call', name, executor: executor.kind, args, ...planned });
    return exitCodes.ok;
  }
  showFields(terminal, fieldsOf(planned));
  terminal.line();
  terminal.line('Nothing was executed. Digest of the action and time are told as 0.');
  return exitCodes.ok;
}

async function declaredBy({ home }: Session, name: string): Promise<Manifest> {
  return reading(home, async ({ store, ledger }) => {
    const { manifests } = await new Authority(store, ledger).policies();
    const remedy = 'Name a file, or a capability that `chancery capability list` shows.';
    return (
      manifests.get(name)?.manifest ??
      refuse('manifest.unknown', `${visible(name)} is no file, and no manifest declares it`, {
        remedy,
      })
    );
  });
}

function readArgs(text: string): JsonObject {
  const parsed = parseRecord(text);
  const value = parsed.ok ? parsed.value : undefined;
  return isJsonObject(value)
    ? value
    : refuse('usage.invalid', '--args is no JSON object', {
        remedy: `Write it as '{"name": "value"}', with whole numbers.`,
      });
}

function fieldsOf({ call, asks, effects, unsandboxed }: PlannedCall): readonly Field[] {
  const fields: Field[] = [...callFields(call), ['Effects', effects.join(', ')]];
  if (unsandboxed) fields.push(['Sandbox', 'NONE: it would be refused']);
  const asked = asks === null ? 'nobody can be asked' : JSON.stringify(asks);
  return [...fields, ['Did it happen', visible(asked)]];
}

function callFields(call: PlannedCall['call']): readonly Field[] {
  switch (call.kind) {
    case 'command':
      return [
        ...call.argv.map((each, at): Field => [at === 0 ? 'Program' : `${at}`, visible(each)]),
        ['Input', call.stdin === null ? 'none' : visible(call.stdin)],
      ];
    case 'http':
      return [
        ['Request', `${call.method} ${visible(call.url)}`],
        ...Object.entries(call.headers).map(([name, value]): Field => [name, visible(value)]),
        ['Body', call.body === undefined ? 'none' : visible(call.body)],
      ];
    case 'mcp':
      return [
        ['Server', visible(`${call.server.name} ${call.server.version}`)],
        ['Tool', visible(call.tool)],
        ['Arguments', visible(JSON.stringify(call.args))],
      ];
  }
}
