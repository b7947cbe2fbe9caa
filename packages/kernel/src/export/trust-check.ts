import { type Entry } from '../ledger/index.ts';
import { done, refused, type Result } from '../refusal/index.ts';
import { openCheckpoint, originOf, type OpenedCheckpoint } from '../tree/index.ts';
import { foldTrust, isTrustedFor, type TrustEntry } from '../writ/index.ts';
import { type Manifest } from './manifest.ts';

/** Follows the keys of a ledger, to learn who may sign its checkpoints. */
export class TrustCheck {
  readonly #entries: TrustEntry[] = [];

  take(entry: Entry): void {
    if (entry.kind === 'ledger.created' || entry.kind === 'key.trusted') this.#entries.push(entry);
  }

  /**
   * The checkpoint, signed by all keys that the manifest names, each of which the ledger trusts to run.
   * Refuses `export.tampered`.
   */
  open({ ledger, note, keys }: Manifest): Result<OpenedCheckpoint> {
    const trust = foldTrust(ledger, this.#entries);
    if (!trust.ok) return untrusted(trust.refusal.message);
    const stranger = keys.find(({ key }) => !isTrustedFor(trust.value, key, 'run'));
    if (stranger !== undefined)
      return untrusted(`the ledger does not trust ${stranger.key} to run`);
    const believed = { origin: originOf(ledger), log: keys, witnesses: [], quorum: 0 };
    const opened = openCheckpoint(note, believed);
    if (!opened.ok) return untrusted(opened.refusal.message);
    const missing = opened.value.signatures.length < keys.length;
    return missing ? untrusted('a key that is named has not signed') : done(opened.value);
  }
}

function untrusted(message: string): Result<never> {
  return refused('export.tampered', `its checkpoint is not to be believed: ${message}`);
}
