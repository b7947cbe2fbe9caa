import type { Command } from 'commander';
import type { StoredEntry } from '@chancery/kernel/ledger';
import { formatProofFile, proofText, type Proof } from '@chancery/kernel/tree';
import {
  latestCheckpoint,
  proveEntry,
  proveGrowth,
  proveStream,
  type LogOptions,
  type SignedCheckpoint,
} from '@chancery/runtime/transparency';
import { tilesOf } from '../compose/log.ts';
import { exitCodes, refuse } from '../exit.ts';
import { logKeys } from '../evidence/log-keys.ts';
import { reading } from '../opening.ts';
import { findRun } from '../runs/reading.ts';
import type { Act, CommonFlags, Session } from '../session.ts';
import { absentOf, streamNamed } from '../evidence/stream-names.ts';

interface Flags extends CommonFlags {
  readonly consistency?: readonly string[];
  readonly stream?: string;
}

export function declare(command: Command, act: Act): void {
  command
    .argument('[entry]', 'position of an entry, or its place as STREAM/SEQ or RUN/SEQ')
    .option(
      '--consistency <sizes...>',
      'OLD [NEW]: that the ledger has only grown from OLD entries to NEW, or to the checkpoint',
    )
    .option(
      '--stream <name>',
      'of a stream or run: which entry is the last, or that there is no such stream',
    )
    .option('--json', 'one JSON line of type "proof"')
    .addHelpText(
      'after',
      `
Proves something by the latest checkpoint, for somebody who trusts its key and not this ledger. The
proof of an entry is printed as transparency logs have it (C2SP tlog-proof), with the checkpoint in
it; the others are JSON (docs/internals/tree.md). Nothing is signed here: \`chancery checkpoint\` is.

Examples:
  chancery prove 42
  chancery prove 6gzs/12 > entry.tlog-proof
  chancery prove --consistency 120
  chancery prove --consistency 120 480
  chancery prove --stream run:6gzspxva`,
    )
    .action((entry: string | undefined, flags: Flags) =>
      act(flags, (session) => prove(session, entry, flags)),
    );
}

async function prove(session: Session, named: string | undefined, flags: Flags): Promise<number> {
  const { consistency, stream } = flags;
  if ([named, consistency, stream].filter((each) => each !== undefined).length !== 1) {
    refuse('usage.invalid', 'name one entry, or --consistency OLD [NEW], or --stream NAME');
  }
  return reading(session.home, async ({ store, config }) => {
    const { ledger } = config;
    const log = { store, ledger, tiles: await tilesOf(session.home) };
    const signed = await latestCheckpoint(log.tiles, ledger, await logKeys(store, ledger));
    if (signed === undefined) return refuse('proof.unavailable', 'there is no checkpoint yet');
    const meant = stream === undefined ? {} : { stream: await streamNamed(store, stream) };
    await absentOf(store, Object.values(meant), session.terminal);
    show(session, signed, await proofOf(log, signed, { named, ...flags, ...meant }));
    return exitCodes.ok;
  });
}

interface Proved {
  readonly proof: Proof;
  /** Of a proof of inclusion: the entry, and the hash of its leaf. */
  readonly entry: StoredEntry | null;
  readonly leaf: string | null;
}

async function proofOf(
  log: LogOptions,
  signed: SignedCheckpoint,
  { named, consistency, stream }: Flags & { readonly named: string | undefined },
): Promise<Proved> {
  if (stream !== undefined) {
    return { proof: await proveStream(log, signed, stream), entry: null, leaf: null };
  }
  if (consistency !== undefined) {
    const [from, to] = sizesOf(consistency);
    return { proof: await proveGrowth(log, signed, from, to), entry: null, leaf: null };
  }
  const position = await positionOf(log, named ?? '');
  const { entry, leaf, inclusion } = await proveEntry(log, signed, position);
  return { proof: inclusion, entry, leaf };
}

async function positionOf({ store }: LogOptions, named: string): Promise<number> {
  const position = wholeNumber(named);
  if (position !== undefined) return position;
  const slash = named.lastIndexOf('/');
  const seq = wholeNumber(named.slice(slash + 1));
  if (slash < 1 || seq === undefined) {
    return refuse('usage.invalid', `${JSON.stringify(named)} is no position, and no STREAM/SEQ`);
  }
  const name = named.slice(0, slash);
  const isStream = (await store.head(name)) !== null;
  const stream = isStream ? name : `run:${await findRun(store, name)}`;
  const [entry] = await store.read(stream, seq, 1);
  if (entry?.seq === seq) return entry.position;
  return refuse('proof.unavailable', `${stream} has no entry ${seq}`);
}

function sizesOf(words: readonly string[]): readonly [from: number, to: number | undefined] {
  const [from, to, ...more] = words.map((word) => wholeNumber(word) ?? Number.NaN);
  if (from === undefined || more.length > 0 || Number.isNaN(from + (to ?? 0))) {
    return refuse('usage.invalid', '--consistency takes one or two numbers of entries');
  }
  return [from, to];
}

function wholeNumber(text: string): number | undefined {
  return /^(0|[1-9]\d{0,14})$/.test(text) ? Number(text) : undefined;
}

function show({ terminal, json }: Session, { note }: SignedCheckpoint, proved: Proved): void {
  const { proof, entry, leaf } = proved;
  if (json) terminal.json({ type: 'proof', proof, entry, leaf, checkpoint: note });
  else if (proof.type === 'inclusion') {
    const { index, path } = proof;
    terminal.line(formatProofFile({ index, path, checkpoint: note }).trimEnd());
  } else terminal.line(proofText(proof));
}
