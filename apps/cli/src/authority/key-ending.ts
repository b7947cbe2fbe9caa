import type { Command } from 'commander';
import type { KeyId } from '@chancery/kernel/encoding';
import type { KnownKey, Trust } from '@chancery/kernel/writ';
import { sayRetirement, type EndingKey, type Sayings } from '@chancery/runtime/authority';
import { exitCodes, granted } from '../exit.ts';
import { redactedSaying } from '../secrets/guarding.ts';
import type { Act, Session } from '../session.ts';
import { readKeyId, say, sayingOptions, type SayingFlags } from './root-saying.ts';

/** How a key stands, as it is told. */
export interface KeyStanding {
  readonly state: 'unknown' | 'trusted' | 'retired' | 'compromised';
  /** Position of the entry that made it so; null for a key of which nothing was said. */
  readonly since: number | null;
  /** Size of the ledger from which on what it signed is void; null where nothing is. */
  readonly voidFrom: number | null;
}

export function standingOf(known: KnownKey | undefined): KeyStanding {
  const last = known?.spans.at(-1);
  if (known === undefined || last === undefined) {
    return { state: 'unknown', since: null, voidFrom: null };
  }
  const { voidFrom } = known;
  const since = (last.until ?? last.from) - 1;
  if (voidFrom !== undefined) return { state: 'compromised', since, voidFrom };
  return { state: last.until === null ? 'trusted' : 'retired', since, voidFrom: null };
}

export interface EndingFlags extends SayingFlags {
  readonly reason: string;
}

/** What is told of a key after something was said of it. */
export type TellKey = (session: Session, trust: Trust, key: KeyId, what: string) => Promise<void>;

export function declareRetire(command: Command, act: Act, tell: TellKey): void {
  sayingOptions(command)
    .description('have the ledger believe nothing new that a key signs')
    .argument('<key>', 'ed25519: and 64 hexadecimal digits')
    .option('--reason <text>', 'why; recorded', 'retired by the roots')
    .option('--json', 'one JSON line of type "key"')
    .addHelpText(
      'after',
      `
What the key has signed stands: a writ that it issued gives authority until it is revoked. It may be
trusted anew later. For a key that was in other hands, use \`chancery keys compromise\`.

Examples:
  chancery keys retire ed25519:…
  chancery keys retire ed25519:… --reason "left the team"`,
    )
    .action((key: string, flags: EndingFlags) =>
      act(flags, (session) =>
        end(
          session,
          { key: granted(readKeyId(key)), flags, tell, what: 'is retired' },
          sayRetirement,
        ),
      ),
    );
}

export interface Ending {
  readonly key: KeyId;
  readonly flags: EndingFlags;
  readonly tell: TellKey;
  /** What is true of the key after it. */
  readonly what: string;
}

/** Has the roots say that a key ends, and tells how it stands then. */
export async function end(
  session: Session,
  { key, flags, tell, what }: Ending,
  sayings: (ending: EndingKey) => Sayings,
): Promise<number> {
  const reason = await redactedSaying(session, flags.reason);
  return say(session, flags, sayings({ key, reason }), async ({ authority }) => {
    await tell(session, await authority.trust(), key, what);
    return exitCodes.ok;
  });
}
