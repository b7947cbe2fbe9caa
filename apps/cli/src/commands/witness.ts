import type { Command } from 'commander';
import { refused, done, type Result } from '@chancery/kernel/refusal';
import { isKeyName, parseVerifierKey } from '@chancery/kernel/tree';
import type { WitnessedLog } from '@chancery/kernel/witness';
import { ensureKey } from '../compose/keys.ts';
import { openWitness, witnessLock } from '../compose/publication.ts';
import { exitCodes, failureOf, granted, refuse } from '../exit.ts';
import { makeHome } from '../home-folder.ts';
import { readAddress } from '../listen-address.ts';
import { more } from '../repeatable.ts';
import type { Act, CommonFlags, Session } from '../session.ts';
import { askedToStop } from '../runs/stopping.ts';
import { visible } from '../terminal/visible.ts';
import { witnessAddressText } from '../evidence/witness-address.ts';

interface Flags extends CommonFlags {
  readonly listen: string;
  readonly log: readonly string[];
  readonly name?: string;
}

export function declare(command: Command, act: Act): void {
  command
    .option('--log <key>', 'key of a log that is cosigned; repeatable', more, [])
    .option('--listen <host:port>', 'where to listen; port 0 for any', '127.0.0.1:8481')
    .option('--name <name>', 'what the cosignatures are called (default: after the key)')
    .option('--json', 'one JSON line of type "witnessing"')
    .addHelpText(
      'after',
      `
Cosigns the checkpoints of the ledgers of others (C2SP tlog-witness), until it is stopped: only a
ledger that grows, and never two histories of one. \`chancery log key\` tells the key of a ledger; the
address that is printed here is what \`chancery checkpoint --witness\` takes. The key is made at
the first start and kept in the home, and so is the last cosigned checkpoint of each ledger: a
witness that loses it believes whatever it is shown next.

Examples:
  chancery witness --log "chancery.alt/…+1f3c…+AX…"
  CHANCERY_HOME=/srv/witness chancery witness --listen 0.0.0.0:8481 --log KEY --log KEY`,
    )
    .action((flags: Flags) => act(flags, (session) => witness(session, flags)));
}

async function witness(session: Session, flags: Flags): Promise<number> {
  const { home, env, terminal, json } = session;
  const logs = granted(readLogs(flags.log));
  const address = readAddress(flags.listen);
  granted(makeHome(home));
  const signer = granted(await ensureKey(home, { label: 'witness', file: home.witnessKey, env }));
  const name = granted(readName(flags.name ?? `chancery.alt/witness/${signer.id.slice(-16)}`));
  const stopped = askedToStop();
  const release = granted(await witnessLock(home));
  try {
    const served = await openWitness(home, { name, signer, logs }, address, (error) => {
      const { code, message } = failureOf(error);
      terminal.note(`a request could not be answered: ${code}: ${visible(message)}`);
    });
    const text = witnessAddressText({ base: served.url, key: served.key });
    const origins = logs.map(({ origin }) => origin);
    if (json) terminal.json({ type: 'witnessing', url: served.url, witness: text, logs: origins });
    else showAddress(session, text, origins);
    try {
      await stopped;
    } finally {
      await served.close();
    }
  } finally {
    await release();
  }
  return exitCodes.ok;
}

function showAddress({ terminal }: Session, address: string, origins: readonly string[]): void {
  terminal.line(`Cosigning as ${address}`);
  for (const origin of origins) terminal.line(`  ${visible(origin)}`);
  terminal.note('Stop with Ctrl-C.');
}

/** The logs that the keys are of. Refuses `usage.invalid` where there is none, `verifier.invalid`. */
function readLogs(texts: readonly string[]): Result<readonly WitnessedLog[]> {
  if (texts.length === 0) return refuse('usage.invalid', 'name at least one log with --log');
  const logs = new Map<string, WitnessedLog>();
  for (const text of texts) {
    const key = granted(parseVerifierKey(text));
    if (key.algorithm !== 'ed25519') {
      return refused('verifier.invalid', `the key of ${key.name} is that of a witness`);
    }
    const origin = key.name;
    logs.set(origin, { origin, keys: [...(logs.get(origin)?.keys ?? []), key] });
  }
  return done([...logs.values()]);
}

function readName(name: string): Result<string> {
  return isKeyName(name)
    ? done(name)
    : refused('usage.invalid', 'the name of a key has no spaces, control characters and plus');
}
