import {
  declareManifestOn,
  ledgerFixture,
  people,
  someDigest,
  someManifest,
  told,
  type LedgerFixture,
} from '@chancery/testkit/builders';
import { describe, expect, test } from 'vitest';
import { sealEnvelope, type Envelope, type Signer } from '../encoding/index.ts';
import { compromiseKey, foldTrust, isTrustEntry } from '../writ/index.ts';
import {
  declareManifest,
  evolveManifests,
  isManifestEntry,
  manifestDigest,
  retireManifest,
  type DeclaredManifests,
  type Manifest,
} from './index.ts';

const { approver, legislator, lead, root } = people;
const manifest = someManifest();
const digest = manifestDigest(manifest);

function headOf({ recorder, ledger }: LedgerFixture): string {
  return recorder.heads.get('policy')?.digest ?? ledger;
}

function record(
  fixture: LedgerFixture,
  envelope: Envelope,
  { by = legislator, kind = 'capability.declared' }: Recording = {},
): void {
  fixture.recorder.writeBy(by.id, { stream: 'policy', kind, body: { envelope } });
}

interface Recording {
  readonly by?: Signer;
  readonly kind?: 'capability.declared' | 'capability.retired';
}

function retire(fixture: LedgerFixture, of: Manifest = manifest, by = legislator): void {
  const { ledger } = fixture;
  const said = { ledger, after: headOf(fixture), name: of.name, manifest: manifestDigest(of) };
  record(fixture, retireManifest(said, by), { by, kind: 'capability.retired' });
}

/** What the manifests on a ledger come to. */
function manifestsIn({ recorder, ledger }: LedgerFixture): DeclaredManifests {
  const placed = recorder.entries.map((sealed, position) => ({ ...sealed, position }));
  const trust = foldTrust(
    ledger,
    placed.flatMap(({ entry, position }) => (isTrustEntry(entry) ? [{ entry, position }] : [])),
  );
  let manifests: DeclaredManifests = new Map();
  for (const { entry, digest: of, position } of placed) {
    if (!isManifestEntry(entry) || !trust.ok) continue;
    const evolved = evolveManifests(manifests, { entry, digest: of, position }, trust.value);
    if (evolved.ok) manifests = evolved.value;
  }
  return manifests;
}

const wrongly = 'manifest.invalid at capability.declared';

describe('a manifest on the ledger', () => {
  test('is offered as it was declared, and tells who signed it and when', () => {
    const fixture = ledgerFixture();
    const declaredAt = fixture.recorder.nowMs;
    const entry = declareManifestOn(fixture);
    const declared = { manifest, digest, entry, by: legislator.id, declaredAt, isOffered: true };
    expect([[...manifestsIn(fixture).values()], told(fixture)]).toEqual([[declared], []]);
  });

  test('gives way to a later version of its name, and to no other', () => {
    const fixture = ledgerFixture();
    declareManifestOn(fixture);
    declareManifestOn(fixture, someManifest({ name: 'things.other' }));
    declareManifestOn(fixture, someManifest({ version: '1.10.0' }));
    const versions = [...manifestsIn(fixture)].map(([name, each]) => [name, each.manifest.version]);
    expect([versions, told(fixture)]).toEqual([
      [
        ['things.note', '1.10.0'],
        ['things.other', '1.0.0'],
      ],
      [],
    ]);
  });

  test.each(['1.0.0', '0.9.9', '1.0.0'])('does not come again as %s', (version) => {
    const fixture = ledgerFixture();
    declareManifestOn(fixture);
    declareManifestOn(fixture, someManifest({ version, risk: 'high' }));
    expect(told(fixture)).toEqual([wrongly]);
  });

  test('is retired by its digest, and comes back as a later version alone', () => {
    const fixture = ledgerFixture();
    declareManifestOn(fixture);
    retire(fixture);
    expect(manifestsIn(fixture).get(manifest.name)?.isOffered).toBe(false);
    declareManifestOn(fixture, someManifest({ version: '1.0.1' }));
    expect(manifestsIn(fixture).get(manifest.name)?.isOffered).toBe(true);
    expect(told(fixture)).toEqual([]);
    declareManifestOn(fixture);
    expect(told(fixture)).toEqual([wrongly]);
  });

  test('is not retired twice, nor by another digest', () => {
    const retiredWrongly = 'manifest.invalid at capability.retired';
    const [one, other] = [ledgerFixture(), ledgerFixture()];
    for (const fixture of [one, other]) declareManifestOn(fixture);
    retire(one, someManifest({ version: '2.0.0' }));
    expect(manifestsIn(one).get(manifest.name)?.isOffered).toBe(true);
    retire(other);
    expect(told(other)).toEqual([]);
    retire(other);
    expect([told(one), told(other)]).toEqual([[retiredWrongly], [retiredWrongly]]);
  });

  test.each([
    ['one who approves', approver],
    ['a root', root],
    ['nobody who is known', lead],
  ])('is not believed of %s', (_, signer) => {
    const fixture = ledgerFixture();
    declareManifestOn(fixture, manifest, signer);
    expect([told(fixture), manifestsIn(fixture).size]).toEqual([[wrongly], 0]);
  });

  const declared = (ledger: string, after: string, by = legislator): Envelope =>
    declareManifest({ ledger, after, manifest }, by);

  test.each<[string, (fixture: LedgerFixture, after: string) => void]>([
    ['in another ledger', (on, after) => record(on, declared(someDigest('x'), after))],
    ['at another place', (on) => record(on, declared(on.ledger, someDigest('x')))],
    ['by another author', (on, after) => record(on, declared(on.ledger, after), { by: approver })],
    [
      'with another form',
      (on, after) => {
        const said = { v: 1, ledger: on.ledger, after, manifest: { ...manifest, more: 1 } };
        record(on, sealEnvelope('application/vnd.chancery.manifest+json', said, [legislator]));
      },
    ],
    [
      'that says less than it does',
      (on, after) => {
        const said = { v: 1, ledger: on.ledger, after, manifest: { ...manifest, effect: 'pure' } };
        record(on, sealEnvelope('application/vnd.chancery.manifest+json', said, [legislator]));
      },
    ],
    [
      'with a member beside it',
      (on, after) => {
        const said = { v: 1, ledger: on.ledger, after, manifest, note: '' };
        record(on, sealEnvelope('application/vnd.chancery.manifest+json', said, [legislator]));
      },
    ],
    [
      'with two signatures',
      (on, after) => {
        const [one, other] = [legislator, approver].map((by) => declared(on.ledger, after, by));
        const signatures = [one, other].flatMap((envelope) => envelope?.signatures ?? []);
        if (one !== undefined) record(on, { ...one, signatures });
      },
    ],
  ])('is not believed %s', (_, write) => {
    const fixture = ledgerFixture();
    write(fixture, headOf(fixture));
    expect([told(fixture), manifestsIn(fixture).size]).toEqual([[wrongly], 0]);
  });

  test('says nothing where its key was in other hands, and the one before counts again', () => {
    const fixture = ledgerFixture();
    const { ledger, recorder } = fixture;
    declareManifestOn(fixture);
    const fromSize = recorder.entries.length;
    declareManifestOn(fixture, someManifest({ version: '2.0.0' }));
    const said = { ledger, key: legislator.id, earlier: 1, fromSize, reason: '', roots: [root] };
    const body = { envelope: compromiseKey(said) };
    recorder.writeBy(root.id, { stream: 'ledger', kind: 'key.compromised', body });
    expect(manifestsIn(fixture).get(manifest.name)?.manifest.version).toBe('1.0.0');
    expect(told(fixture)).toEqual(['key.compromised at capability.declared']);
  });
});
