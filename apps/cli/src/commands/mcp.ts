import type { Command } from 'commander';
import { newConversation, serveClient, serveClients, type McpService } from '../compose/mcp.ts';
import { refuse } from '../exit.ts';
import { readAddress } from '../listen-address.ts';
import { writing, type OpenLedger } from '../opening.ts';
import { privateText } from '../secrets/private-text.ts';
import { askedToStop } from '../runs/stopping.ts';
import { declareAuthority } from '../runs/term-flags.ts';
import { scrubOf } from '../secrets/scrub.ts';
import {
  readyToResume,
  readyToStart,
  type Opening,
  type ServingFlags,
} from '../serving/opening-run.ts';
import { answersOf, ServedRun } from '../serving/served-run.ts';
import type { Act, CommonFlags, Session } from '../session.ts';
import { openTerminal } from '../terminal/terminal.ts';
import { visible } from '../terminal/visible.ts';

interface Flags extends CommonFlags, ServingFlags {
  readonly resume?: string;
  readonly listen?: string;
  readonly tokenFile?: string;
}

/** Options that are those of a session, whether its run begins with it or not. */
const ofSession = new Set(['resume', 'listen', 'tokenFile', 'apply', 'unlockVault', 'verbose']);

export function declare(command: Command, act: Act): void {
  declareAuthority(command)
    .option(
      '--repo <dir>',
      'git repository to work on: all of it, also when a folder of it is named',
      '.',
    )
    .option('--allow-dirty', 'start from the last commit although the checkout has changes')
    .option('--task <text>', 'what the work is for; recorded', 'Work that an MCP client asks for')
    .option('--resume <run>', 'go on with the run of a session that was cut')
    .option(
      '--listen <host:port>',
      'serve streamable HTTP on this machine instead of standard input and output; port 0 for any',
    )
    .option('--token-file <file>', 'file (mode 600) with the bearer token that --listen asks for')
    .option('--apply', 'bring the result into your checkout when it has succeeded')
    .option('--verbose', 'show every entry')
    .addHelpText(
      'after',
      `
Offers the capabilities of a run to an MCP client, which is the agent: Claude Code, Cursor, Codex … The run
begins when the client first asks what there is; what is wrong with its terms is told before that, with exit
code 2 or that of the refusal. Every call is decided, held and recorded as one of a model is. What waits for a
human is answered in another terminal, with a signature; the client can wait for it, and never answer it. When
the client says that the work is done, or goes, the gates are run and the result is a branch, as of any run.
What happens is told on standard error. Tools that the client has of its own are not governed: take them away.

Examples:
  claude mcp add chancery -- chancery mcp --repo . --gate "npm test"
  chancery mcp --repo . --writ review.writ
  chancery mcp --resume 6gzs
  chancery mcp --repo . --listen 127.0.0.1:8484 --token-file ~/.config/chancery-token`,
    )
    .action((flags: Flags) =>
      act(flags, (session) => {
        const given = Object.keys(flags).filter(
          (name) => command.getOptionValueSource(name) === 'cli' && !ofSession.has(name),
        );
        if (flags.resume !== undefined && given.length > 0) {
          refuse('usage.invalid', `a run that goes on has its terms: ${given.join(', ')}`);
        }
        return serve(session, flags);
      }),
    );
}

async function serve(outer: Session, flags: Flags): Promise<number> {
  const { env } = outer;
  const place = placeOf(flags);
  const { stderr } = process;
  // Standard output is the protocol's.
  const terminal = openTerminal({ stdout: stderr, stderr, env, scrub: await scrubOf(env) });
  const session = { ...outer, terminal, json: false };
  return writing(session.home, async (open) => {
    const conversation = await newConversation();
    const opening = await openingOf(session, open, flags);
    const run = new ServedRun(session, conversation, { opening, apply: flags.apply === true });
    const service: McpService = {
      version: '0.1.0',
      conversation,
      begin: run.begin,
      answers: (waiting) => answersOf(session, waiting),
      onFault: (error) => terminal.note(`mcp: ${visible(error.message)}`),
    };
    return place === undefined
      ? overStreams(service, run)
      : overHttp(session, service, { run, place });
  });
}

function openingOf(session: Session, open: OpenLedger, flags: Flags): Promise<Opening> {
  const { resume: named } = flags;
  return named === undefined
    ? readyToStart(session, open, flags)
    : readyToResume(session, open, { flags, named });
}

async function overStreams(service: McpService, run: ServedRun): Promise<number> {
  const { gone, close } = await serveClient(service);
  // A run that has ended is told to whoever asks; one that was stopped has nobody to serve.
  await Promise.race([gone, run.stopped]);
  const exit = await run.end();
  await close();
  return exit;
}

interface Place {
  readonly host: string;
  readonly port: number;
  readonly token: string;
}

async function overHttp(
  { terminal }: Session,
  service: McpService,
  { run, place }: { readonly run: ServedRun; readonly place: Place },
): Promise<number> {
  const stop = askedToStop();
  const served = await serveClients(service, place);
  terminal.note(`Serving MCP at ${served.url}; stop with Ctrl-C.`);
  await Promise.race([run.over, stop]);
  const exit = await run.end();
  await served.close();
  return exit;
}

/** Loopback alone, and nobody without the token: whoever is served acts under the writ of the run. */
function placeOf({ listen, tokenFile }: Flags): Place | undefined {
  if (listen === undefined) {
    if (tokenFile === undefined) return undefined;
    return refuse('usage.invalid', '--token-file is of --listen alone');
  }
  const address = readAddress(listen);
  if (!['localhost', '127.0.0.1', '::1'].includes(address.host)) {
    refuse('usage.invalid', `${address.host} is not this machine alone`, {
      remedy: 'Listen at 127.0.0.1, and reach it from elsewhere through a tunnel of your own.',
    });
  }
  if (tokenFile === undefined) refuse('usage.invalid', '--listen needs --token-file');
  return { ...address, token: readToken(tokenFile) };
}

const tokenForm = /^[\x21-\x7e]{32,256}$/;

function readToken(file: string): string {
  const remedy =
    'Make one: (umask 077; head -c 32 /dev/urandom | base64 > FILE), and name it with --token-file.';
  const read = privateText(file);
  if (read.kind === 'exposed') {
    return refuse('usage.invalid', `others can read ${file}`, { remedy: `chmod 600 ${file}` });
  }
  if (read.kind === 'none') return refuse('usage.invalid', `${file} ${read.why}`, { remedy });
  const token = read.text.trim();
  if (tokenForm.test(token)) return token;
  return refuse('usage.invalid', `${file} holds no token of 32 characters or more`, { remedy });
}
