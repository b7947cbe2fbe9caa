import type { AuditTrust } from '@chancery/kernel/audit';
import { isDigest } from '@chancery/kernel/encoding';
import { RefusalError, refusal, type Result } from '@chancery/kernel/refusal';
import { parseTimestampFile, readTrusted, type Certificate } from '@chancery/kernel/timestamp';
import { parseVerifierKey, type VerifierKey } from '@chancery/kernel/tree';
import { anchoredIn } from '../anchored.ts';
import { examineExport, type Outcome } from '../examine.ts';
import { examineProof } from '../examine-proof.ts';
import { beginsProof, proofBytesMax, proofStartBytes } from '../proof-evidence.ts';
import { show, showRefusal } from './show.ts';

/* The page: takes an export, files that anchors keep and timestamps, or a proof, and shows the verdict. */

/** How the checkpoints of ledgers begin, and no export does. */
const originPrefix = 'chancery.alt/';

/** How the file of a timestamp begins. */
const timestampPrefix = 'chancery-timestamp/';

/** How the canonical text of an entry begins. */
const entryPrefix = '{"at":';

const field = {
  ledger: element('ledger', HTMLInputElement),
  keys: element('keys', HTMLTextAreaElement),
  witnesses: element('witnesses', HTMLTextAreaElement),
  checkpoint: element('checkpoint', HTMLTextAreaElement),
  authorities: element('authorities', HTMLTextAreaElement),
  file: element('file', HTMLInputElement),
  drop: element('drop', HTMLLabelElement),
  progress: element('progress', HTMLProgressElement),
  verdict: element('verdict', HTMLElement),
};

/** The files that are looked at; others that come meanwhile take their place. */
let current: Dropped | undefined;

/** An export, what anchors keep, and timestamps; or a proof, and the entry that it is about. */
interface Dropped {
  readonly file: File;
  readonly anchors: readonly File[];
  readonly timestamps: readonly File[];
  readonly entry: File | undefined;
}

async function take(files: readonly File[]): Promise<void> {
  const dropped = await told(files);
  if (dropped === undefined) return;
  const { name } = dropped.file;
  current = dropped;
  field.verdict.hidden = true;
  field.progress.hidden = false;
  field.progress.removeAttribute('value');
  try {
    const outcome = await outcomeOf(dropped);
    if (current === dropped) show(field.verdict, outcome, name);
  } catch (error) {
    if (!(error instanceof RefusalError)) throw error;
    if (current === dropped) showRefusal(field.verdict, error.refusal, name);
  } finally {
    if (current === dropped) field.progress.hidden = true;
  }
}

/** Tells them apart by how they begin. What comes alone and is no evidence belongs to the file that is here. */
async function told(files: readonly File[]): Promise<Dropped | undefined> {
  const starts = await Promise.all(files.map(startOf));
  const prefixes = [originPrefix, timestampPrefix, entryPrefix];
  const begun = (prefix: string): readonly File[] =>
    files.filter((_, index) => starts[index]?.startsWith(prefix));
  const [anchors = [], timestamps = [], [entry] = []] = prefixes.map(begun);
  const beside = new Set(prefixes.flatMap(begun));
  const file = files.find((each) => !beside.has(each));
  if (file !== undefined) return { file, anchors, timestamps, entry };
  if (current === undefined) return undefined;
  return {
    file: current.file,
    anchors: [...current.anchors, ...anchors],
    timestamps: [...current.timestamps, ...timestamps],
    entry: entry ?? current.entry,
  };
}

function startOf(file: File): Promise<string> {
  return file.slice(0, proofStartBytes).text();
}

async function outcomeOf({ file, anchors, timestamps, entry }: Dropped): Promise<Outcome> {
  const checkpoint = field.checkpoint.value.trim();
  const kept = checkpoint === '' ? [] : [`${checkpoint}\n`];
  const trust = trustAsked();
  if (file.size <= proofBytesMax && beginsProof(await startOf(file))) {
    const text = (await entry?.text())?.replace(/\n$/, '');
    return examineProof(await file.text(), { trust, kept, entry: text });
  }
  const texts = await Promise.all(anchors.map((anchor) => anchor.text()));
  const attested = await Promise.all(timestamps.map((each) => each.text()));
  const asked = {
    trust,
    kept,
    timestamps: attested.map((text) => granted(parseTimestampFile(text))),
    authorities: authoritiesAsked(),
    anchored: texts.flatMap((text, index) =>
      anchoredIn(text, trust.ledger, anchors[index]?.name ?? ''),
    ),
    onProgress: () => breathe(),
  };
  return examineExport(() => chunksOf(file), asked);
}

function trustAsked(): AuditTrust {
  const ledger = field.ledger.value.trim();
  if (!isDigest(ledger)) {
    const message = 'the ledger id is missing: 64 hexadecimal digits, as its owner told you';
    throw new RefusalError(refusal('usage.invalid', message));
  }
  const [keys, witnesses] = [keysIn(field.keys), keysIn(field.witnesses)];
  const log = keys.length === 0 ? undefined : keys;
  return { ledger, log, witnesses, quorum: witnesses.length };
}

function authoritiesAsked(): readonly Certificate[] {
  const pem = field.authorities.value.trim();
  return pem === '' ? [] : granted(readTrusted(pem));
}

function granted<T>(result: Result<T>): T {
  if (!result.ok) throw new RefusalError(result.refusal);
  return result.value;
}

function keysIn({ value }: HTMLTextAreaElement): readonly VerifierKey[] {
  const lines = value.split('\n').filter((line) => line.trim() !== '');
  return lines.map((line) => granted(parseVerifierKey(line.trim())));
}

async function* chunksOf(file: File): AsyncGenerator<Uint8Array, void, undefined> {
  const size = 1024 * 1024;
  for (let at = 0; at < file.size; at += size) {
    yield new Uint8Array(await file.slice(at, at + size).arrayBuffer());
    field.progress.value = Math.min(1, (at + size) / file.size);
  }
}

/** Lets the browser draw. */
function breathe(): Promise<void> {
  return new Promise((resolve) => void setTimeout(resolve));
}

function element<T extends HTMLElement>(id: string, type: { new (): T; prototype: T }): T {
  const found = document.getElementById(id);
  if (!(found instanceof type)) throw new Error(`the page has no ${id}`);
  return found;
}

field.file.addEventListener('change', () => {
  void take([...(field.file.files ?? [])]);
});
document.addEventListener('dragover', (event) => {
  event.preventDefault();
  field.drop.classList.add('over');
});
document.addEventListener('dragleave', () => field.drop.classList.remove('over'));
document.addEventListener('drop', (event) => {
  event.preventDefault();
  field.drop.classList.remove('over');
  void take([...(event.dataTransfer?.files ?? [])]);
});
