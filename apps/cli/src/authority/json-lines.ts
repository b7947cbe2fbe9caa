import { keyKinds, purposes } from '@chancery/kernel/writ';
import { any, count, keyId, line, listOf, oneOf, orNull, text, truth } from '../json-line.ts';

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
