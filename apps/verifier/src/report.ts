import type { ShownStream } from '@chancery/kernel/export';
import { exitCodeOf, type Refusal } from '@chancery/kernel/refusal';
import { findingCodes } from '@chancery/kernel/replay';
import type { AttestedHead } from '@chancery/kernel/timestamp';
import type { Outcome } from './examine.ts';
import type { Shown } from './examine-proof.ts';

type WholeOutcome = Extract<Outcome, { readonly scope: 'ledger' }>;

/** Findings that a person is shown; the rest is counted. */
const mostShown = 20;

const failed = 7;

/** Whether all that was looked into holds, and all that was given was looked into. */
export function holds(outcome: Outcome): boolean {
  return outcome.scope !== 'ledger' || outcome.verdict.ok;
}

/** 0 where all holds, 1 where something is only not known, 7 where something does not hold. */
export function exitOf(outcome: Outcome): number {
  if (outcome.scope !== 'ledger' || outcome.verdict.ok) return 0;
  const { verification, refusals } = outcome.verdict;
  const isUnknown = verification.ok && refusals.every(({ code }) => exitCodeOf(code) === 1);
  return isUnknown ? 1 : failed;
}

/** The outcome for a person, a line each; what it quotes of the evidence cannot act on a terminal. */
export function linesOf(outcome: Outcome): readonly string[] {
  if (outcome.scope === 'ledger') return verdictLines(outcome);
  const { size, ledger } = outcome;
  if (outcome.scope === 'proof') {
    return [
      shownLine(outcome.shown),
      `verified  by the signed checkpoint of ${size} entries, from ledger ${ledger}`,
    ];
  }
  const { streams, times } = outcome;
  return [
    ...streams.map(streamLine),
    ...times.map(timeLine),
    `verified  ${streams.length} streams of a ledger that had ${size} entries, from ledger ${ledger}`,
    'what these streams say was not judged: that takes the whole ledger',
  ];
}

function shownLine(shown: Shown): string {
  switch (shown.proof) {
    case 'inclusion':
      return `entry ${shown.seq} of ${plain(shown.stream)} is in the ledger, at position ${shown.index}`;
    case 'consistency':
      return `the ledger has only grown, from ${shown.from} entries to ${shown.to}`;
    case 'head': {
      const { stream, head } = shown;
      if (head === null) return `there is no stream ${plain(stream)}`;
      return `the last entry of ${plain(stream)} is ${head.seq}, with digest ${head.digest}`;
    }
  }
}

function streamLine({ stream, entries, completeness }: ShownStream): string {
  return `whole ${plain(stream)}  ${entries} entries, ${completeness}`;
}

function timeLine({ size, timeMs, accuracyMs, authority }: AttestedHead): string {
  const off = accuracyMs === null ? '' : `, give or take ${accuracyMs} ms`;
  return `the first ${size} entries existed by ${isoDate(timeMs)}${off}, says ${plain(authority)}`;
}

/** What is only not known is not called false. */
function refusalLine({ code, message }: Refusal): string {
  return `${exitCodeOf(code) === failed ? 'tampered' : 'unknown'} ${code}  ${plain(message)}`;
}

function verdictLines({ verdict, times, unsignedTiles }: WholeOutcome): readonly string[] {
  const { ok, verification, heads, anchored, refusals, missingContents, pruned, erased } = verdict;
  const { findings, entries, streams, runs, ledger } = verification;
  const shown = findings.slice(0, mostShown);
  const what = `${entries} entries in ${streams} streams, ${runs.length} runs, from ledger ${ledger}`;
  return [
    ...shown.flatMap(({ severity, code, stream, seq, position, message }) => [
      `${severity} ${code}  entry ${seq} of ${plain(stream)} (position ${position})`,
      `  ${plain(message)}`,
      `  ${findingCodes[code].means}`,
    ]),
    ...(findings.length > mostShown ? [`… and ${findings.length - mostShown} more`] : []),
    ...refusals.slice(0, mostShown).map(refusalLine),
    ...(refusals.length > mostShown ? [`… and ${refusals.length - mostShown} more`] : []),
    ...heads.flatMap(({ size, log, witnesses }) => [
      `signed for ${size} entries by ${log.join(', ')}`,
      ...witnesses.map(
        ({ name, timeS }) => `  cosigned by ${plain(name)}, which says at ${dateOf(timeS)}`,
      ),
    ]),
    ...times.map(timeLine),
    ...(anchored > 0 ? [`goes on from ${anchored} checkpoints that anchors keep`] : []),
    ...(heads.length + anchored === 0
      ? ['no checkpoint holds: what is missing at the end cannot be seen']
      : []),
    ...Object.entries({ pruned, erased }).flatMap(([how, number]) =>
      number > 0 ? [`${contentsText(number)} ${how}, by a signed entry`] : [],
    ),
    ...(missingContents > 0
      ? [`${contentsText(missingContents)} not given and not looked into`]
      : []),
    ...(unsignedTiles > 0
      ? [`${unsignedTiles} tiles hold more than the checkpoint covers: nobody has signed what`]
      : []),
    `${ok ? 'verified' : 'NOT verified'}  ${what}`,
  ];
}

/** The outcome for a program, see docs/guides/verify-offline.md. */
export function jsonOf(outcome: Outcome): string {
  if (outcome.scope !== 'ledger') {
    return JSON.stringify({ type: 'verdict', ok: true, ...outcome });
  }
  const { ok, verification, heads, anchored, refusals, missingContents, pruned, erased } =
    outcome.verdict;
  const { ledger, entries, streams, findings, runs } = verification;
  return JSON.stringify({
    type: 'verdict',
    ok,
    scope: outcome.scope,
    ledger,
    entries,
    streams,
    findings,
    runs,
    heads,
    anchored,
    times: outcome.times,
    refusals,
    missingContents,
    pruned,
    erased,
    unsignedTiles: outcome.unsignedTiles,
  });
}

function contentsText(number: number): string {
  return number === 1 ? '1 content was' : `${number} contents were`;
}

/** Untrusted text on one line: everything that is no plain character of ASCII is written out. */
function plain(text: string): string {
  return text.replaceAll(/[^ -~]/gu, (character) => {
    const hex = (character.codePointAt(0) ?? 0).toString(16);
    return `\\u{${hex}}`;
  });
}

function dateOf(timeS: number): string {
  return isoDate(timeS * 1_000);
}

function isoDate(timeMs: number): string {
  const date = new Date(timeMs);
  return Number.isNaN(date.getTime()) ? `${timeMs} ms` : date.toISOString();
}
