import { existsSync } from 'node:fs';
import { clampedSubtract } from '@chancery/kernel/account';
import type { Digest } from '@chancery/kernel/encoding';
import { exitCodeOf, refusal, refused, type Refusal, type Result } from '@chancery/kernel/refusal';
import { checkChain, readWrit, type ReadWrit } from '@chancery/kernel/writ';
import { Authority, type Standing } from '@chancery/runtime/authority';
import { openClock } from '../compose/house.ts';
import { exitCodes, granted, refuse } from '../exit.ts';
import { reading, type OpenLedger } from '../opening.ts';
import { allRuns, worthKeeping } from '../runs/kept-runs.ts';
import { streamOf } from '../runs/reading.ts';
import type { Session } from '../session.ts';
import { amountsText, instant } from '../terminal/amounts.ts';
import { showFields } from '../terminal/fields.ts';
import { visible } from '../terminal/visible.ts';
import { loadWrit } from './writ-file.ts';
import { termFields } from './writ-terms.ts';

/** One thing that has to be so for a writ to give authority now. */
interface WritCheck {
  readonly name: 'signature' | 'ledger' | 'chain' | 'revocation' | 'closing' | 'window';
  readonly ok: boolean;
  readonly code: string | null;
  readonly message: string | null;
}

/** Shows a writ with its checks; answers the exit code of the first that fails. */
export async function inspect(session: Session, named: string): Promise<number> {
  return reading(session.home, async (open) => {
    const read = await findWrit(open, named);
    if (!read.ok && read.refusal.code !== 'writ.void') granted(read);
    if (!read.ok) {
      const { remedy } = read.refusal;
      show(session, { checks: [checkOf('signature', read.refusal)], writ: null, remedy });
      return exitCodeOf(read.refusal.code);
    }
    const writ = read.value;
    const authority = new Authority(open.store, open.config.ledger);
    const standing = await authority.standing('', writ.id);
    const nowMs = (await openClock(0)).nowMs();
    const runs = await allRuns(session, open, worthKeeping);
    const under = runs.find((run) => run.writ === writ.id && run.status.phase === 'finished');
    const found = await refusalsOf(open, { writ, standing, authority, nowMs, ended: under?.run });
    const checks = [
      checkOf('signature', undefined),
      ...found.map(([name, no]) => checkOf(name, no)),
    ];
    const first = found.flatMap(([, no]) => no ?? [])[0];
    show(session, { checks, writ: { read: writ, standing }, remedy: first?.remedy ?? null });
    return first === undefined ? exitCodes.ok : exitCodeOf(first.code);
  });
}

/** A file where there is one of this name, otherwise what the ledger has. Refuses `usage.invalid`. */
export async function findWrit({ store }: OpenLedger, named: string): Promise<Result<ReadWrit>> {
  if (existsSync(named) || !/^(?:writ:)?[0-9a-f]{4,64}$/.test(named)) return loadWrit(named);
  const id = named.replace(/^writ:/, '');
  const streams = await store.streams(`writ:${id}`);
  const [first, second] = streams;
  if (first === undefined || second !== undefined) {
    const many = `${streams.length === 0 ? 'no writ begins' : 'several writs begin'} with ${id}`;
    return refused('usage.invalid', many, {
      remedy:
        'Name the file of the writ, or more of its id; `chancery runs --json` shows those of runs.',
    });
  }
  const [issued] = await streamOf(store, first.stream);
  return issued?.entry.kind === 'writ.issued'
    ? readWrit(issued.entry.body.envelope)
    : refuse('ledger.corrupt', `${first.stream} does not begin with a writ`);
}

interface Inspected {
  readonly writ: ReadWrit;
  readonly standing: Standing;
  readonly authority: Authority;
  readonly nowMs: number;
  /** The run that acts under it, where that has ended. */
  readonly ended: string | undefined;
}

async function refusalsOf(
  { config }: OpenLedger,
  { writ, standing, authority, nowMs, ended }: Inspected,
): Promise<readonly (readonly [WritCheck['name'], Refusal | undefined])[]> {
  const { ledger, parent, subject, window } = writ.writ;
  const ofThis = ledger === config.ledger;
  const above = await chainAbove(authority, parent);
  const revoked = new Set<Digest>([...standing.revoked, ...above.revoked]);
  const closed = new Set<Digest>([...standing.closed, ...above.closed]);
  const { notBefore, notAfter } = window;
  const late = `it was valid until ${instant(notAfter)}`;
  const early = `it is valid from ${instant(notBefore)}`;
  return [
    ['ledger', ofThis ? undefined : refusal('writ.void', `it is of the ledger ${ledger}`)],
    [
      'chain',
      checkChain([writ, ...above.chain], standing.trust, subject, (id) =>
        id === writ.id ? standing.issuedAt(id) : above.issuedAt(id),
      ),
    ],
    [
      'revocation',
      revoked.size === 0
        ? undefined
        : refusal('writ.revoked', revoked.has(writ.id) ? 'it is revoked' : 'one above is revoked'),
    ],
    [
      'closing',
      closed.size === 0
        ? finishedBy(ended)
        : refusal('writ.closed', closed.has(writ.id) ? 'it is closed' : 'one above is closed'),
    ],
    [
      'window',
      nowMs > notAfter
        ? refusal('writ.expired', late)
        : nowMs < notBefore
          ? refusal('writ.early', early)
          : undefined,
    ],
  ];
}

/** Why a writ is of no use any more where a run has ended that acted under it. */
function finishedBy(run: string | undefined): Refusal | undefined {
  if (run === undefined) return undefined;
  return refusal('writ.closed', `it was that of the run ${run}, which has ended`);
}

async function chainAbove(
  authority: Authority,
  parent: Digest | null,
): Promise<Pick<Standing, 'chain' | 'issuedAt' | 'revoked' | 'closed'>> {
  if (parent !== null) return authority.standing('', parent);
  return { chain: [], issuedAt: () => undefined, revoked: new Set(), closed: new Set() };
}

function checkOf(name: WritCheck['name'], no: Refusal | undefined): WritCheck {
  return { name, ok: no === undefined, code: no?.code ?? null, message: no?.message ?? null };
}

interface Shown {
  readonly checks: readonly WritCheck[];
  readonly writ: { readonly read: ReadWrit; readonly standing: Standing } | null;
  readonly remedy: string | null;
}

function show({ terminal, json }: Session, { checks, writ, remedy }: Shown): void {
  const ok = checks.every((check) => check.ok);
  const recorded = writ !== null && writ.standing.chain.length > 0;
  const left = writ && clampedSubtract(writ.read.writ.budget, writ.standing.carved);
  const issued = writ?.standing.children ?? null;
  if (json) {
    const { id, writ: said } = writ?.read ?? { id: null, writ: null };
    const found = { recorded, issued, left, ok, checks, remedy };
    terminal.json({ type: 'inspection', id, writ: said, ...found });
    return;
  }
  if (writ !== null && left !== null) {
    showFields(terminal, [
      ['Writ', writ.read.id],
      ...termFields(writ.read.writ),
      ['Ledger', recorded ? 'recorded' : 'not presented yet'],
      ['Carved', `${issued ?? 0} writs; left: ${amountsText(left)}`],
    ]);
    terminal.line();
  }
  for (const { name, ok: passes, code, message } of checks) {
    const verdict = passes ? terminal.paint.green('ok  ') : terminal.paint.red('fail');
    const why = code === null ? '' : `${code}: ${visible(message ?? '')}`;
    terminal.line(`${verdict}  ${name.padEnd(12)}${why}`.trimEnd());
  }
  if (remedy !== null) terminal.line(`      ${remedy}`);
}
