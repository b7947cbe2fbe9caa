import type { Command } from 'commander';
import { refuse } from '../exit.ts';
import type { Act, CommonFlags } from '../session.ts';
import { requestTimestamp, verifyTimestamp } from '../evidence/timestamping.ts';

interface RequestFlags extends CommonFlags {
  readonly authority: string;
  readonly ca: string;
  readonly out?: string;
}

interface VerifyFlags extends CommonFlags {
  readonly ca: string;
  readonly checkpoint?: string;
  readonly alone?: boolean;
}

const caTold = 'PEM file of the authorities whose word is believed';

export function declare(command: Command, act: Act): void {
  command.addHelpText(
    'after',
    `
Examples:
  chancery timestamp request --authority http://tsa.example/tsr --ca tsa-root.pem
  chancery timestamp verify ~/.chancery/timestamps/NAME.timestamp --ca tsa-root.pem`,
  );
  command.action(() =>
    refuse('usage.invalid', 'say what to do with timestamps', {
      remedy: 'Use `chancery timestamp request` or `verify`.',
    }),
  );
  declareRequest(command.command('request'), act);
  declareVerify(command.command('verify'), act);
}

function declareRequest(command: Command, act: Act): void {
  command
    .description('have an authority attest by when the ledger was as it is')
    .requiredOption('--authority <url>', 'where it answers, over http or https')
    .requiredOption('--ca <file>', caTold)
    .option('--out <file>', 'where to keep it; must not be there yet')
    .option('--json', 'one JSON line of type "timestamp"')
    .addHelpText(
      'after',
      `
Signs the head of the ledger as \`chancery checkpoint\` does, and has an authority attest that it
exists now (RFC 3161). The authority is told the SHA-256 of the checkpoint and nothing else. What it
answers is checked before it is kept, in a file of its own below timestamps in the home.

Examples:
  chancery timestamp request --authority http://tsa.example/tsr --ca tsa-root.pem
  chancery timestamp request --authority http://tsa.example/tsr --ca tsa-root.pem --out monday.timestamp`,
    )
    .action((flags: RequestFlags) => act(flags, (session) => requestTimestamp(session, flags)));
}

function declareVerify(command: Command, act: Act): void {
  command
    .description('check what an authority attested, without any network')
    .argument('<file>', 'a timestamp that was kept')
    .requiredOption('--ca <file>', caTold)
    .option('--checkpoint <file>', 'a checkpoint that it must be of')
    .option('--alone', 'look into no ledger and no home: only that it is of --checkpoint')
    .option('--json', 'one JSON line of type "timestamp"')
    .addHelpText(
      'after',
      `
Says at which time the checkpoint in the file existed at the latest, by whose word, and whether the
ledger goes on from that checkpoint. With --alone nobody needs the ledger: who signed the checkpoint
is then left to whoever has it. Revocation of certificates is not looked up.

Examples:
  chancery timestamp verify monday.timestamp --ca tsa-root.pem
  chancery timestamp verify monday.timestamp --ca tsa-root.pem --checkpoint monday.checkpoint
  chancery timestamp verify monday.timestamp --ca tsa-root.pem --checkpoint monday.checkpoint --alone`,
    )
    .action((file: string, flags: VerifyFlags) =>
      act(flags, (session) => verifyTimestamp(session, file, flags)),
    );
}
