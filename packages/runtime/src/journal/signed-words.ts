import { readChannel, readChannelRemoval } from '@chancery/kernel/channel';
import { readClearance, readEngagement } from '@chancery/kernel/control';
import type { Body, Draft, Kind } from '@chancery/kernel/ledger';
import { readProposal, readRetired } from '@chancery/kernel/policy';
import { readManifest, readManifestRetirement } from '@chancery/kernel/manifest';
import { readPrices } from '@chancery/kernel/prices';
import { readProgramRetirement, readPrograms } from '@chancery/kernel/programs';
import { RefusalError, type Result } from '@chancery/kernel/refusal';
import { readErasure, readPruning } from '@chancery/kernel/removal';
import {
  readClosing,
  readDelegation,
  readDelegationEnd,
  readKeyStatement,
  readRevocation,
} from '@chancery/kernel/writ';

type Reader<K extends Kind> = (body: Body<K>) => Result<unknown> | undefined;

type Readers = { readonly [K in Kind]?: Reader<K> };

/** How whoever reads the ledger reads what somebody has signed to change what it stands for. */
const readers: Readers = {
  'key.trusted': ({ envelope }) => readKeyStatement('key.trusted', envelope),
  'key.retired': ({ envelope }) => readKeyStatement('key.retired', envelope),
  'key.compromised': ({ envelope }) => readKeyStatement('key.compromised', envelope),
  'approver.delegated': ({ envelope }) => readDelegation(envelope),
  'approver.delegation-ended': ({ envelope }) => readDelegationEnd(envelope),
  'blob.pruned': ({ envelope }) => readPruning(envelope),
  'subject.erased': ({ envelope }) => readErasure(envelope),
  'policy.retired': ({ envelope }) => readRetired(envelope),
  'policy.proposed': ({ proposal }) => readProposal(proposal, 'make'),
  'policy.proposal-withdrawn': ({ envelope }) => readProposal(envelope, 'withdraw'),
  'channel.defined': ({ envelope }) => readChannel(envelope),
  'channel.removed': ({ envelope }) => readChannelRemoval(envelope),
  'prices.declared': ({ envelope }) => readPrices(envelope),
  'capability.declared': ({ envelope }) => readManifest(envelope),
  'capability.retired': ({ envelope }) => readManifestRetirement(envelope),
  'programs.declared': ({ envelope }) => readPrograms(envelope),
  'programs.retired': ({ envelope }) => readProgramRetirement(envelope),
  'control.engaged': ({ envelope }) => readEngagement(envelope),
  'control.cleared': ({ envelope }) => readClearance(envelope),
  'writ.closed': ({ envelope }) => (envelope === undefined ? undefined : readClosing(envelope)),
  'writ.revoked': ({ envelope }) => readRevocation(envelope),
};

/**
 * Keeps out of the ledger what could not be read in it: nobody could decide upon it any more, and
 * nothing takes it away again.
 * @throws {RefusalError} `envelope.invalid`, which names what is malformed.
 */
export function assertReadable<K extends Kind>({ kind, body }: Draft<K>): void {
  const reader = readers[kind] as Reader<K> | undefined;
  const read = reader?.(body as Body<K>);
  if (read?.ok === false) throw new RefusalError(read.refusal);
}
