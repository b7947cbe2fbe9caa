import { join } from 'node:path';
import type { Command } from 'commander';
import type { KeyId } from '@chancery/kernel/encoding';
import { refused, type Result, done } from '@chancery/kernel/refusal';
import { isLive, type Trust } from '@chancery/kernel/writ';
import { Authority, sayRotation } from '@chancery/runtime/authority';
import { keyIn, succession } from '../compose/keys.ts';
import { exitCodes, granted } from '../exit.ts';
import { redactedSaying } from '../secrets/guarding.ts';
import { reading } from '../opening.ts';
import type { Act, Session } from '../session.ts';
import { showFields } from '../terminal/fields.ts';
import { visible } from '../terminal/visible.ts';
import { say, sayingOptions, type SayingFlags } from './root-saying.ts';

interface Flags extends SayingFlags {
  readonly reason: string;
}

export function declareRotate(command: Command, act: Act): void {
  sayingOptions(command)
    .description('put a new key in the place of one of this home')
    .argument('<name>', 'of the key, as its file is called: runtime')
    .option('--reason <text>', 'why; recorded', 'rotated')
    .option('--json', 'one JSON line of type "rotated"')
    .addHelpText(
      'after',
      `
The ledger trusts the new key for all that the old one was trusted for, and the old one is retired, both
in one entry after the other or neither. The new one then lies where the old one lay, and the old
one beside it. When this is cut off anywhere, say it again: it goes on. With --unsigned, say it again when
what the roots have signed is recorded.

It also gives a successor to a key that was compromised: say \`chancery keys compromise\` first.
A run that acts as the old key ends before its next effect, since its writ names that key. A root is
named by the genesis and cannot be rotated.

Examples:
  chancery keys rotate runtime
  chancery keys rotate deputy --key root-1.json --key root-2.json`,
    )
    .action((name: string, flags: Flags) => act(flags, (session) => rotate(session, name, flags)));
}

async function rotate(session: Session, name: string, flags: Flags): Promise<number> {
  const { home, env } = session;
  const file = join(home.keys, `${name}.key.json`);
  const present = granted(await keyIn(file));
  const keys = await succession(home, { ...present, label: name }, env);
  const pending = granted(keys.pending())?.id;
  const trust = await reading(home, ({ store, ledger }) => new Authority(store, ledger).trust());
  const rotation: Rotation = { name, file, before: present.id };
  const inPlace = (known: Trust) => tell(session, rotation, granted(keys.putInPlace()), known);
  if (pending !== undefined && hasSucceeded(trust, present.id, pending)) return inPlace(trust);
  granted(mayRotate(trust, present.id));
  const { id: to } = granted(await keys.prepare());
  const reason = await redactedSaying(session, flags.reason);
  const sayings = sayRotation({ key: present.id, to, reason });
  return say(session, flags, sayings, async ({ authority }) => inPlace(await authority.trust()));
}

interface Rotation {
  readonly name: string;
  readonly file: string;
  readonly before: KeyId;
}

async function tell(
  { terminal, json }: Session,
  { name, file, before }: Rotation,
  kept: string,
  trust: Trust,
): Promise<number> {
  const { id: key } = granted(await keyIn(file));
  const label = trust.keys.get(key)?.label ?? name;
  if (json) terminal.json({ type: 'rotated', key, before, label, file, kept });
  else {
    showFields(terminal, [
      ['Key', key],
      ['File', visible(file)],
      ['Before', before],
      ['Kept', visible(kept)],
    ]);
  }
  return exitCodes.ok;
}

/** Whether the ledger knows already that one key has taken the place of another. */
function hasSucceeded(trust: Trust, before: KeyId, next: KeyId): boolean {
  const [old, successor] = [trust.keys.get(before), trust.keys.get(next)];
  return old !== undefined && !isLive(old) && successor !== undefined && isLive(successor);
}

/** Asked before a key is made that nothing would come of. Refuses `key.is-root`, `key.unknown`. */
function mayRotate(trust: Trust, key: KeyId): Result<null> {
  if (trust.genesis.roots.includes(key)) {
    return refused('key.is-root', `${key} is a root, which the genesis names`);
  }
  return trust.keys.has(key)
    ? done(null)
    : refused('key.unknown', `the ledger has never trusted ${key}`);
}
