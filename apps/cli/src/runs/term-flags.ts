import type { Command } from 'commander';
import { more } from '../repeatable.ts';
import type { LimitFlags } from './command-limits.ts';

/** What a run is told of its authority. */
export interface TermFlags extends LimitFlags {
  readonly writ?: string;
  readonly budget: readonly string[];
  readonly gate: readonly string[];
  readonly policy: readonly string[];
  readonly protect: readonly string[];
  readonly share: readonly string[];
  readonly allowHost: readonly string[];
  readonly allowCapability: readonly string[];
  readonly time: string;
  readonly subject?: string;
  readonly initiative?: string;
  readonly plan?: string;
  readonly unlockVault?: boolean;
  readonly verbose?: boolean;
  /** False with --unsafe-no-sandbox. */
  readonly unsafeNoSandbox?: boolean;
}

/** Whose secrets of the vault the run may be lent. */
function declareSecrets(command: Command): Command {
  return command
    .option('--initiative <name>', 'what the run belongs to; it may be lent the secrets of that')
    .option('--plan <name>', 'likewise, of a plan')
    .option('--unlock-vault', 'ask for the passphrase of the vault, so that secrets can be lent');
}

/** What each command of the run may use up. */
function declareLimits(command: Command): Command {
  return command
    .option('--memory <size>', 'of one command, such as 512m, 4g (default: 8g, or half of all)')
    .option('--processes <n>', 'of one command at one time, threads included (default: 2048)')
    .option('--cpus <n>', 'that one command keeps busy, such as 0.5, 2 (default: all)');
}

/** What a run may be told of its authority, whoever drives it. */
export function declareAuthority(command: Command): Command {
  return declareLimits(declareSecrets(command))
    .option(
      '--writ <file>',
      'carve the run out of this writ (chancery writ issue) instead of issuing one with your key',
    )
    .option(
      '--budget <amount>',
      'such as 2usd, 500000tokens, 100calls, 2hcpu, 10000bytes; repeatable (default: 2usd, or all that --writ has left)',
      more,
      [],
    )
    .option(
      '--gate <command>',
      'command that has to end with 0 on the result; repeatable',
      more,
      [],
    )
    .option('--time <duration>', 'how long it may work, waiting not counted, such as 30m', '1h')
    .option(
      '--policy <file>',
      'narrow it by this policy, for this run alone; its examples are tried first; repeatable',
      more,
      [],
    )
    .option(
      '--protect <glob>',
      'hold changes of these files for a human as well; repeatable',
      more,
      [],
    )
    .option(
      '--share <path>',
      'let commands read this path outside the repository; repeatable',
      more,
      [],
    )
    .option(
      '--allow-host <host[:port]>',
      'let it reach this host (http.fetch, commands that name it), as policy permits; *.HOST for those below; repeatable',
      more,
      [],
    )
    .option(
      '--allow-capability <name>',
      'offer it this capability that a manifest declares, as policy permits; repeatable',
      more,
      [],
    )
    .option('--subject <name>', 'seal task and contents with a key of this subject, to be erasable')
    .option(
      '--unsafe-no-sandbox',
      'run commands without any confinement, where the policy permits it',
    );
}
