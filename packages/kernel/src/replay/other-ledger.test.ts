import {
  anotherWrit,
  declareManifestOn,
  declareOn,
  declareProgramsOn,
  defineOn,
  engageOn,
  ledgerFixture,
  people,
  RunStory,
  signerFrom,
  someBundle,
  someDigest,
  someManifest,
  someRows,
  told,
  type FixtureOptions,
  type LedgerFixture,
} from '@chancery/testkit/builders';
import { describe, expect, test } from 'vitest';
import { removeChannel } from '../channel/index.ts';
import { clear } from '../control/index.ts';
import {
  decodeBase64,
  envelopeOf,
  isJsonObject,
  sealEnvelope,
  type Envelope,
  type Json,
  type JsonObject,
  type PayloadType,
  type Signer,
} from '../encoding/index.ts';
import { catalogue, type Draft, type Kind } from '../ledger/index.ts';
import { manifestDigest, retireManifest } from '../manifest/index.ts';
import {
  activateBundle,
  policySetDigest,
  proposeBundle,
  retireBundle,
  withdrawProposal,
} from '../policy/index.ts';
import { retireProgram, rowDigest, rowsByName } from '../programs/index.ts';
import { blobListDigest, signErasure, signPruning } from '../removal/index.ts';
import {
  closeWrit,
  compromiseKey,
  delegateApproval,
  delegationId,
  endDelegation,
  readDelegation,
  retireKey,
  revokeWrit,
  trustKey,
} from '../writ/index.ts';

const { approver, deputy, lead, legislator, root } = people;
const [clerk, thief] = [signerFrom(8), signerFrom(9)];
const signers = [...Object.values(people), clerk, thief];

/** A ledger in which everything that is signed was said once. */
function fullLife(options: FixtureOptions = {}): LedgerFixture {
  const on = ledgerFixture(options);
  ofRun(on);
  ofPolicy(on);
  ofControls(on);
  ofWrits(on);
  ofApprovers(on);
  ofKeys(on);
  ofRemovals(on);
  return on;
}

function headOf({ recorder, ledger }: LedgerFixture, stream: string): string {
  return recorder.heads.get(stream)?.digest ?? ledger;
}

/** A run that is approved, and in doubt once. */
function ofRun(on: LedgerFixture): void {
  const story = new RunStory(on);
  story.start();
  story.think();
  story.actApproved();
  const action = story.begin();
  story.doubt(action);
  story.reconcile(action, true);
  story.finish();
}

function ofPolicy(on: LedgerFixture): void {
  const { ledger, recorder, policySet } = on;
  const write = (by: Signer, draft: Draft) => recorder.writeBy(by.id, draft);
  const bundle = someBundle({ name: 'team' });
  const at = () => ({ ledger, after: headOf(on, 'policy') });
  const both = policySetDigest([someBundle(), bundle]);
  const activated = activateBundle({ ...at(), bundle, policySet: both, by: legislator });
  write(legislator, { stream: 'policy', kind: 'policy.activated', body: activated });
  const retired = retireBundle({ ...at(), bundle, reason: '', policySet, by: legislator });
  write(legislator, { stream: 'policy', kind: 'policy.retired', body: retired });
  const proposed = proposeBundle({ ...at(), action: someDigest('a'), bundle, by: approver });
  write(approver, { stream: 'policy', kind: 'policy.proposed', body: proposed });
  const withdrawn = withdrawProposal({ ...at(), bundle: proposed.bundle, reason: '' }, approver);
  const kind = 'policy.proposal-withdrawn';
  write(approver, { stream: 'policy', kind, body: { envelope: withdrawn } });
  defineOn(on);
  const removed = removeChannel({ ...at(), name: 'human', reason: '' }, legislator);
  write(legislator, { stream: 'policy', kind: 'channel.removed', body: { envelope: removed } });
  declareOn(on);
  const manifest = someManifest();
  declareManifestOn(on, manifest);
  const what = { name: manifest.name, manifest: manifestDigest(manifest) };
  const ended = retireManifest({ ...at(), ...what }, legislator);
  write(legislator, { stream: 'policy', kind: 'capability.retired', body: { envelope: ended } });
  declareProgramsOn(on);
  for (const [name, row] of rowsByName(someRows).slice(0, 1)) {
    const gone = retireProgram({ ...at(), name, row: rowDigest(row) }, legislator);
    write(legislator, { stream: 'policy', kind: 'programs.retired', body: { envelope: gone } });
  }
}

function ofControls(on: LedgerFixture): void {
  const engaged = engageOn(on, { scope: 'all', run: null }, 'kill');
  const { ledger, recorder } = on;
  const asked = { ledger, after: headOf(on, 'control'), engaged, reason: '' };
  const body = { envelope: clear(asked, approver) };
  recorder.writeBy(approver.id, {
    stream: 'control',
    kind: 'control.cleared',
    body,
    cause: engaged,
  });
}

function ofWrits(on: LedgerFixture): void {
  const { ledger, recorder, above } = on;
  const given = anotherWrit(on);
  const closed = closeWrit({ ledger, writ: given.id, reason: '', by: lead });
  recorder.write({
    stream: `writ:${above.id}`,
    kind: 'writ.closed',
    body: { child: given.id, returned: given.writ.budget, envelope: closed },
  });
  const { id } = anotherWrit(on);
  const envelope = revokeWrit({ ledger, writ: id, reason: '', by: root });
  recorder.write({ stream: `writ:${id}`, kind: 'writ.revoked', body: { envelope } });
}

function ofApprovers(on: LedgerFixture): void {
  const { ledger, recorder } = on;
  const at = () => ({ ledger, after: headOf(on, 'ledger') });
  const window = { channel: null, notBefore: 0, notAfter: 9_000, reason: '' };
  const envelope = delegateApproval({ ...at(), delegate: clerk.id, ...window }, deputy);
  recorder.writeBy(deputy.id, { stream: 'ledger', kind: 'approver.delegated', body: { envelope } });
  const read = readDelegation(envelope);
  const id = read.ok ? delegationId(read.value.said) : '';
  const kind = 'approver.delegation-ended';
  const body = { envelope: endDelegation({ ...at(), id, reason: '' }, deputy) };
  recorder.writeBy(deputy.id, { stream: 'ledger', kind, body });
}

function ofKeys(on: LedgerFixture): void {
  const { ledger, recorder } = on;
  const roots = [root];
  for (const { id: key } of [clerk, thief]) {
    const purposes = ['work'] as const;
    const envelope = trustKey({ ledger, key, label: 'x', purposes, earlier: 0, roots });
    recorder.write({ stream: 'ledger', kind: 'key.trusted', body: { envelope } });
  }
  const said = { ledger, earlier: 1, reason: '', roots };
  const retired = { envelope: retireKey({ ...said, key: clerk.id }) };
  recorder.write({ stream: 'ledger', kind: 'key.retired', body: retired });
  const compromised = { envelope: compromiseKey({ ...said, key: thief.id, fromSize: 1 }) };
  recorder.write({ stream: 'ledger', kind: 'key.compromised', body: compromised });
}

function ofRemovals(on: LedgerFixture): void {
  const { ledger, recorder } = on;
  const at = () => ({ ledger, after: headOf(on, 'ledger'), reason: '' });
  const blobs = [someDigest('blob')];
  const pruned = signPruning({ ...at(), blobs: blobListDigest(blobs) }, approver);
  const body = { blobs, envelope: pruned };
  recorder.writeBy(approver.id, { stream: 'ledger', kind: 'blob.pruned', body });
  const erased = { envelope: signErasure({ ...at(), key: someDigest('k') }, approver) };
  recorder.writeBy(approver.id, { stream: 'ledger', kind: 'subject.erased', body: erased });
}

/** The same, said and signed by the same keys in another ledger; as it is where it names none. */
function saidElsewhere(envelope: Envelope): Envelope {
  const bytes = decodeBase64(envelope.payload);
  const payload = JSON.parse(new TextDecoder().decode(bytes)) as JsonObject;
  if (!Object.hasOwn(payload, 'ledger')) return envelope;
  const by = envelope.signatures.map(({ keyid }) => {
    const signer = signers.find(({ id }) => id === keyid);
    if (signer === undefined) throw new Error(`nobody has ${keyid}`);
    return signer;
  });
  const type = envelope.payloadType as PayloadType;
  return sealEnvelope(type, { ...payload, ledger: someDigest('another ledger') }, by);
}

function carriedOver(body: object): object {
  const members = Object.entries(body as Readonly<Record<string, Json>>);
  return Object.fromEntries(
    members.map(([name, value]) => {
      const envelope = isJsonObject(value) ? envelopeOf(value) : undefined;
      return [name, envelope === undefined ? value : saidElsewhere(envelope)];
    }),
  );
}

/** Kinds in which something is signed, but the genesis, whose digest is the ledger. */
const signedKinds = (Object.keys(catalogue) as readonly Kind[]).filter(
  (kind) => kind !== 'ledger.created' && JSON.stringify(catalogue[kind]).includes('"keyid"'),
);

describe('what was signed for another ledger', () => {
  test('is of every kind in which something is signed, each of which is sound as it is', () => {
    const on = fullLife();
    const kinds = new Set<Kind>(on.recorder.entries.map(({ entry }) => entry.kind));
    expect(signedKinds.filter((kind) => !kinds.has(kind))).toEqual([]);
    expect(told(on)).toEqual([]);
  });

  test.each(signedKinds)('%s says nothing in this one', (kind) => {
    const edit = (drafts: readonly Draft[]): readonly Draft[] =>
      drafts.map((draft) =>
        draft.kind === kind ? ({ ...draft, body: carriedOver(draft.body) } as Draft) : draft,
      );
    // A vote is counted where it is resolved.
    const place = kind === 'approval.voted' ? 'approval.resolved' : kind;
    expect(told(fullLife({ edit })).some((line) => line.endsWith(`.invalid at ${place}`))).toBe(
      true,
    );
  });
});
