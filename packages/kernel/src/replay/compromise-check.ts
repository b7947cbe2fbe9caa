import {
  isDigest,
  isJsonObject,
  type Digest,
  type Envelope,
  type KeyId,
} from '../encoding/index.ts';
import { contractDigest } from '../contract/index.ts';
import { contractsOf, readManifest } from '../manifest/index.ts';
import type { Body, Entry, ReadEntry } from '../ledger/index.ts';
import { readPrograms, rowDigest, rowsByName } from '../programs/index.ts';
import { readDelegation, readKeyStatement, readWrit } from '../writ/index.ts';
import { Acts } from './acts.ts';
import type { Findings, Place } from './finding.ts';

/** Something that a key has signed. */
interface Signed {
  readonly place: Place;
  readonly digest: Digest;
  readonly kind: Entry['kind'];
}

interface ActingRun {
  readonly place: Place;
  readonly writ: Digest;
  readonly actor: KeyId;
  /** The price table that it pays by. */
  readonly table: Digest | undefined;
  /** Commits, by the number of their contract, and executions that failed: what was done. */
  readonly acts: Acts;
}

/** Stands for the contract of an execution that failed. */
const noContract = -1;

interface Stretch {
  /** Position of the change after which a bundle decides, or none of its name. */
  readonly from: number;
  readonly until: number;
}

/**
 * What stands on the signatures of each key, so that all of it can be told when one turns out to have
 * been in other hands: what was signed, the writs below those that were issued, and what was done
 * under them, by an activated policy, at a price of a table, by what a manifest declares, by a command
 * that was read by a row of its program, by a vote, or by a run that acts as the key.
 */
export class CompromiseCheck {
  private readonly findings: Findings;
  private readonly signed = new Map<KeyId, Signed[]>();
  private readonly children = new Map<Digest, { readonly id: Digest; readonly place: Place }[]>();
  private readonly runs = new Map<string, ActingRun>();
  private readonly bearers = new Map<Digest, ActingRun[]>();
  /** By approver, the keys that may have answered in its place. */
  private readonly delegates = new Map<KeyId, Set<KeyId>>();
  /** Where each held action was carried out. */
  private readonly held = new Map<Digest, Place | undefined>();
  private readonly changes: { readonly position: number; readonly level: string }[] = [];
  /** Contracts of the manifest that an entry declares, and what was done by each. */
  private readonly declared = new Map<Digest, readonly Digest[]>();
  /** Contracts by which something was done, each by a number. */
  private readonly contracts = new Map<Digest, number>();
  /** Rows of programs that an entry declares; those that each action was read by, and where it was done. */
  private readonly rows = new Map<Digest, readonly Digest[]>();
  private readonly readers = new Map<Digest, readonly Digest[] | undefined>();
  private readonly read: { readonly place: Place; readonly rows: readonly Digest[] | undefined }[] =
    [];
  private readonly told = new Set<number>();

  constructor(findings: Findings) {
    this.findings = findings;
  }

  take(place: Place, { entry, digest }: ReadEntry): void {
    for (const key of signersOf(entry)) {
      const before = this.signed.get(key);
      const signed = { place, digest, kind: entry.kind };
      if (before === undefined) this.signed.set(key, [signed]);
      else before.push(signed);
    }
    if (entry.kind === 'run.started') {
      const { writ, actor, price } = entry.body;
      const run: ActingRun = {
        place,
        writ,
        actor,
        table: price.table,
        acts: new Acts(place.stream),
      };
      this.runs.set(place.stream, run);
      const others = this.bearers.get(writ);
      if (others === undefined) this.bearers.set(writ, [run]);
      else others.push(run);
    } else if (entry.kind === 'commit' || entry.kind === 'execution.failed') {
      const contract = entry.kind === 'commit' ? this.numberOf(entry.body) : noContract;
      this.runs.get(place.stream)?.acts.push(place, contract);
      if (this.held.has(entry.body.action)) this.held.set(entry.body.action, place);
      if (this.readers.has(entry.body.action)) {
        this.read.push({ place, rows: this.readers.get(entry.body.action) });
      }
    } else if (entry.kind === 'capability.declared') {
      const read = readManifest(entry.body.envelope);
      const contracts = read.ok ? contractsOf(read.value.said.manifest) : [];
      this.declared.set(digest, contracts.map(contractDigest));
    } else if (entry.kind === 'programs.declared') {
      const read = readPrograms(entry.body.envelope);
      const rows = read.ok ? rowsByName(read.value.said.programs) : [];
      this.rows.set(
        digest,
        rows.map(([, row]) => rowDigest(row)),
      );
    } else if (entry.kind === 'proposal.staged' && this.rows.size > 0) {
      const rows = rowsIn(entry.body.action.resolved);
      if (rows?.length !== 0) this.readers.set(entry.body.actionDigest, rows);
    } else if (entry.kind === 'writ.issued') this.issue(place, entry.body.envelope);
    else if (entry.kind === 'approver.delegated') this.delegate(entry.body.envelope);
    else if (entry.kind === 'approval.requested') this.held.set(entry.body.action, undefined);
    else if (entry.kind === 'policy.activated' || entry.kind === 'policy.retired') {
      this.changes.push({ position: place.position, level: entry.body.level });
    }
  }

  /** Tells everything that stands on a key; `entry` has been found to be signed as it must be. */
  compromised({ body }: Entry<'key.compromised'>): void {
    const read = readKeyStatement('key.compromised', body.envelope);
    if (!read.ok || read.value.statement.kind !== 'key.compromised') return;
    const { key, fromSize } = read.value.statement;
    this.voided(key, fromSize);
  }

  /** Positions of what a key has signed. */
  signedBy(key: KeyId): ReadonlySet<number> {
    return new Set(this.signed.get(key)?.map(({ place }) => place.position));
  }

  /** Tells everything that stands on what a key has signed from a size of the ledger on. */
  voided(key: KeyId, fromSize: number): void {
    for (const { place, digest, kind } of this.signed.get(key) ?? []) {
      if (place.position < fromSize) continue;
      this.tell(place, `${key} has signed it, and is compromised from entry ${fromSize} on`);
      if (kind === 'writ.issued') this.below(place.stream.slice('writ:'.length));
      if (kind === 'policy.activated' || kind === 'policy.retired') {
        this.decided(this.stretchOf(place.position));
      }
      if (kind === 'approval.voted') this.released(place.stream.slice('approval:'.length));
      if (kind === 'prices.declared') this.paying(digest);
      if (kind === 'capability.declared') this.executing(digest);
      if (kind === 'programs.declared') this.readBy(digest);
    }
    this.lent(key, fromSize);
    for (const run of this.runs.values()) {
      if (run.actor !== key) continue;
      for (const place of [run.place, ...run.acts.places()]) {
        if (place.position >= fromSize) this.tell(place, `its run acts as ${key}`);
      }
    }
  }

  private delegate(envelope: Envelope): void {
    const read = readDelegation(envelope);
    if (!read.ok) return;
    const { approver, delegate } = read.value.said;
    const others = this.delegates.get(approver);
    if (others === undefined) this.delegates.set(approver, new Set([delegate]));
    else others.add(delegate);
  }

  /** Votes by those to whom a key has delegated, and what they released. */
  private lent(key: KeyId, fromSize: number): void {
    for (const delegate of this.delegates.get(key) ?? []) {
      for (const { place, kind } of this.signed.get(delegate) ?? []) {
        if (kind !== 'approval.voted' || place.position < fromSize) continue;
        this.tell(place, `${key}, which is compromised, has delegated to who voted`);
        this.released(place.stream.slice('approval:'.length));
      }
    }
  }

  private issue({ position, stream, seq }: Place, envelope: Envelope): void {
    const read = readWrit(envelope);
    const parent = read.ok ? read.value.writ.parent : null;
    if (!read.ok || parent === null) return;
    const child = { id: read.value.id, place: { position, stream, seq } };
    const others = this.children.get(parent);
    if (others === undefined) this.children.set(parent, [child]);
    else others.push(child);
  }

  /** The writs below one that is void, and what was done under it and them. */
  private below(void_: Digest): void {
    for (const waiting = [void_]; waiting.length > 0;) {
      const writ = waiting.pop();
      if (writ === undefined) return;
      for (const { id, place } of this.children.get(writ) ?? []) {
        this.tell(place, `it was carved from the writ ${writ}, which is void`);
        waiting.push(id);
      }
      for (const run of this.bearers.get(writ) ?? []) {
        for (const place of [run.place, ...run.acts.places()]) {
          this.tell(place, `its run acts under the writ ${writ}, which is void`);
        }
      }
    }
  }

  /** Until another bundle of the level decides; which of several names it is, is not told apart. */
  private stretchOf(position: number): Stretch {
    const level = this.changes.find((each) => each.position === position)?.level;
    const next = this.changes.find((each) => each.position > position && each.level === level);
    return { from: position, until: next?.position ?? Number.MAX_SAFE_INTEGER };
  }

  private decided({ from, until }: Stretch): void {
    for (const { acts } of this.runs.values()) {
      for (const place of acts.places()) {
        if (place.position <= from || place.position >= until) continue;
        this.tell(place, `a policy decided it whose change at ${from} is void`);
      }
    }
  }

  private paying(table: Digest): void {
    for (const run of this.runs.values()) {
      if (run.table === table)
        this.tell(run.place, `its run pays by the table ${table}, which is void`);
    }
  }

  private numberOf({ contractDigest: contract }: Body<'commit'>): number {
    const known = this.contracts.get(contract);
    if (known !== undefined) return known;
    this.contracts.set(contract, this.contracts.size);
    return this.contracts.size - 1;
  }

  private executing(declaration: Digest): void {
    const contracts = this.declared.get(declaration) ?? [];
    const numbers = new Set(contracts.flatMap((contract) => this.contracts.get(contract) ?? []));
    for (const { acts } of this.runs.values()) {
      for (const place of acts.by(numbers)) {
        this.tell(place, `its capability is declared by a manifest that is void: ${declaration}`);
      }
    }
  }

  private readBy(declaration: Digest): void {
    const void_ = this.rows.get(declaration);
    for (const { place, rows } of this.read) {
      if (rows?.some((row) => void_?.includes(row)) === false) continue;
      this.tell(place, `its command was read by a row of a program that is void: ${declaration}`);
    }
  }

  private released(action: Digest): void {
    const place = this.held.get(action);
    if (place !== undefined) this.tell(place, 'it was released by a vote that is void');
  }

  /** Each entry once, whatever it stands on. */
  private tell(place: Place, message: string): void {
    if (this.told.has(place.position)) return;
    this.told.add(place.position);
    this.findings.add('key.compromised', place, message);
  }
}

/** Keys that have signed what an entry embeds; whether they have, others check. */
function signersOf(entry: Entry): ReadonlySet<KeyId> {
  const { kind, body } = entry;
  if (kind === 'snapshot.taken' || kind === 'anchor.published') return new Set([entry.by]);
  if (kind === 'execution.reconciled') return signersIn(body.word);
  if (kind !== 'policy.activated') {
    return isSigned(kind) && 'envelope' in body ? signersIn(body.envelope) : new Set();
  }
  const { activation, envelope } = body;
  return new Set([...signersIn(activation), ...('blob' in envelope ? [] : signersIn(envelope))]);
}

/** What the roots say of keys is not among them: their keys do not end. */
function isSigned(kind: Entry['kind']): boolean {
  return !kind.startsWith('key.') && kind !== 'ledger.created';
}

function signersIn(envelope: unknown): ReadonlySet<KeyId> {
  const signed = (envelope ?? {}) as Partial<Envelope>;
  return new Set((signed.signatures ?? []).map(({ keyid }) => keyid));
}

/** Rows that a command was read by; undefined where they stand outside the entry. */
function rowsIn(
  resolved: Body<'proposal.staged'>['action']['resolved'],
): readonly Digest[] | undefined {
  if (!('inline' in resolved)) return undefined;
  const { inline } = resolved;
  const rows = isJsonObject(inline) ? inline['rows'] : undefined;
  return isJsonObject(rows ?? null) ? Object.values(rows as object).filter(isDigest) : [];
}
