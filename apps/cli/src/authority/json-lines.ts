import { keyKinds, purposes } from '@chancery/kernel/writ';
import {
  any,
  closed,
  count,
  digest,
  keyId,
  line,
  listOf,
  oneOf,
  orNull,
  text,
  truth,
} from '../json-line.ts';

const placed = closed({ bundle: digest, repository: orNull(text) });

const counted = closed({ kind: text, count, first: count });

/** What the commands about keys tell. */
export const keyLines = {
  rotated: line(
    ['keys rotate'],
    'Another key has taken the place of one: the ledger trusts it for the same, and the old one is retired and kept in a file.',
    { ...{ key: keyId, before: keyId, label: text }, ...{ file: text, kept: text } },
  ),
  'key-locked': line(
    ['keys passphrase'],
    'A key of this home is under a passphrase from now on, or under none.',
    { ...{ key: keyId, label: text, file: text }, locked: truth },
  ),
  key: line(
    ['keys list', 'keys create', 'keys trust', 'keys retire', 'keys compromise'],
    'A key: what the ledger trusts it for, how it stands and since which entry, whether it is a root, and its file where it is in this home.',
    {
      ...{ key: keyId, label: text, root: truth },
      ...{ purposes: listOf(oneOf(...purposes)), file: orNull(text) },
      state: oneOf('unknown', 'trusted', 'retired', 'compromised'),
      ...{ since: orNull(count), voidFrom: orNull(count) },
    },
  ),
  'key-outlook': line(
    ['keys compromise'],
    'What would count no more if the key were said to be compromised: by kind, the entries that it has `signed` and those that stand `upon` them; by level and name, the policies that would be active instead; each on one `repository` or on every one; channels that would be as before; price tables that would count no more; programs of which would be known what was before; controls that would be engaged again. `permitsMore`: whether the policies that remain may permit more than those of now. `grantsMore`: channels on which more may be granted, or later.',
    {
      ...{ key: keyId, fromSize: count, signed: listOf(counted), upon: listOf(counted) },
      policies: listOf(closed({ name: text, before: orNull(placed), after: orNull(placed) })),
      ...{ channels: listOf(text), prices: listOf(digest) },
      ...{ programs: listOf(text), permitsMore: truth },
      ...{ grantsMore: listOf(text), engagedAgain: listOf(digest) },
    },
  ),
  statement: line(
    [
      'init',
      ...['trust', 'rotate', 'retire', 'compromise', 'sign', 'record'].map(
        (name) => `keys ${name}`,
      ),
    ],
    'What roots have signed, or are to sign, as its envelope has it: `threshold` of the `roots` must, as the file says, which the ledger decides, and `signers` have.',
    {
      kind: oneOf('ledger.created', ...keyKinds),
      statement: any,
      ...{ roots: listOf(keyId), threshold: count, signers: listOf(keyId) },
    },
  ),
};
