import type { KeyId } from '@chancery/kernel/encoding';
import { refused, type Result } from '@chancery/kernel/refusal';
import {
  askWitnesses,
  checkpointPath,
  cosigned,
  reachesQuorum,
  type Cosigning,
  type LogOptions,
  type SignedCheckpoint,
} from '@chancery/runtime/transparency';
import { witnessesOver } from '../compose/publication.ts';
import { granted } from '../exit.ts';
import { alone } from './growth.ts';
import type { Session } from '../session.ts';
import { readCount } from '../quantities.ts';
import { instantUtc } from '../terminal/amounts.ts';
import { visible } from '../terminal/visible.ts';
import { parseWitnessAddress, witnessAddressText, type WitnessAddress } from './witness-address.ts';

/** Who is to cosign a checkpoint, and how many of them have to. */
export interface Wanted {
  readonly witnesses: readonly WitnessAddress[];
  readonly quorum: number;
}

/** Refuses `usage.invalid`, and `verifier.invalid` for two witnesses with one key. */
export function readWanted(
  addresses: readonly string[],
  quorum: string | undefined,
): Result<Wanted> {
  const witnesses = addresses.map((address) => granted(parseWitnessAddress(address)));
  const keys = new Set(witnesses.map(({ key }) => key.key));
  if (keys.size < witnesses.length) {
    return refused('verifier.invalid', 'two of the witnesses have one key');
  }
  const wanted = quorum === undefined ? witnesses.length : granted(readCount('--quorum', quorum));
  if (wanted > witnesses.length) {
    const why = `--quorum is ${wanted}, of ${witnesses.length} witnesses`;
    return refused('usage.invalid', why);
  }
  return { ok: true, value: { witnesses, quorum: wanted } };
}

/**
 * Has a checkpoint cosigned, tells what each witness said, and keeps the cosignatures with it.
 * Refuses `witness.forked` where any of them knows another history, and `witness.too-few`.
 */
export async function cosign(
  session: Session,
  log: LogOptions,
  signed: SignedCheckpoint,
  { wanted, key }: { readonly wanted: Wanted; readonly key: KeyId },
): Promise<SignedCheckpoint> {
  const { witnesses, quorum } = wanted;
  const answers = await askWitnesses(log, signed, await witnessesOver(witnesses));
  for (const [index, { answer }] of answers.entries()) {
    const address = witnesses[index];
    if (address !== undefined) tell(session, address, answer);
  }
  const note = cosigned(signed.note, answers);
  await keep(session, log, { ...signed, note });
  for (const { answer } of answers) {
    if (!answer.ok && answer.refusal.code === 'witness.forked') granted(answer);
  }
  const trust = { keys: [key], witnesses: witnesses.map((each) => each.key), quorum };
  granted(reachesQuorum(note, log.ledger, trust));
  return { ...signed, note };
}

/** In the place of the same checkpoint; where the tree has grown meanwhile, its own goes on. */
async function keep(
  { home }: Session,
  { tiles }: LogOptions,
  { note }: SignedCheckpoint,
): Promise<void> {
  const textOf = (signed: string): string => signed.slice(0, signed.lastIndexOf('\n\n'));
  await alone(home, async () => {
    const present = await tiles.read(checkpointPath);
    const latest = present === undefined ? '' : new TextDecoder().decode(present);
    if (textOf(latest) !== textOf(note)) return;
    await tiles.write(checkpointPath, new TextEncoder().encode(note));
  });
}

function tell({ terminal, json }: Session, address: WitnessAddress, answer: Cosigning['answer']) {
  const witness = witnessAddressText(address);
  if (json) {
    const { code, message, remedy } = answer.ok ? noRefusal : answer.refusal;
    const cosignedAtMs = answer.ok ? answer.value.timeS * 1_000 : null;
    terminal.json({ type: 'cosignature', witness, cosignedAtMs, code, message, remedy });
    return;
  }
  const name = visible(address.key.name);
  terminal.note(
    answer.ok
      ? `cosigned by ${name} at ${instantUtc(answer.value.timeS * 1_000)}`
      : `not cosigned by ${name}: ${answer.refusal.code}: ${visible(answer.refusal.message)}`,
  );
}

const noRefusal = { code: null, message: null, remedy: null };
