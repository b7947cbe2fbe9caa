import { type AuditTrust } from '@chancery/kernel/audit';
import { isDigest } from '@chancery/kernel/encoding';
import { RefusalError, refusal } from '@chancery/kernel/refusal';
import { parseVerifierKey } from '@chancery/kernel/tree';
import { examineExport, type Outcome } from '../examine.ts';
import { show, showRefusal } from './show.ts';

/* The page: takes one file, and shows the verdict. */

const field = {
  ledger: element('ledger', HTMLInputElement),
  keys: element('keys', HTMLTextAreaElement),
  checkpoint: element('checkpoint', HTMLTextAreaElement),
  file: element('file', HTMLInputElement),
  drop: element('drop', HTMLLabelElement),
  progress: element('progress', HTMLProgressElement),
  verdict: element('verdict', HTMLElement),
};

/** The file that is looked at; another one that comes meanwhile takes its place. */
let current: File | undefined;

async function take(file: File): Promise<void> {
  current = file;
  field.verdict.hidden = true;
  field.progress.hidden = false;
  field.progress.removeAttribute('value');
  try {
    const outcome = await outcomeOf(file);
    if (current === file) show(field.verdict, outcome, file.name);
  } catch (error) {
    if (!(error instanceof RefusalError)) throw error;
    if (current === file) showRefusal(field.verdict, error.refusal, file.name);
  } finally {
    if (current === file) field.progress.hidden = true;
  }
}

async function outcomeOf(file: File): Promise<Outcome> {
  const kept = field.checkpoint.value.trim();
  const asked = {
    trust: trustAsked(),
    kept: kept === '' ? [] : [`${kept}\n`],
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
  const lines = field.keys.value.split('\n').filter((line) => line.trim() !== '');
  const keys = lines.map((line) => {
    const read = parseVerifierKey(line.trim());
    if (!read.ok) throw new RefusalError(read.refusal);
    return read.value;
  });
  return { ledger, log: keys.length === 0 ? undefined : keys, witnesses: [], quorum: 0 };
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
  const [file] = field.file.files ?? [];
  if (file !== undefined) void take(file);
});
document.addEventListener('dragover', (event) => {
  event.preventDefault();
  field.drop.classList.add('over');
});
document.addEventListener('dragleave', () => field.drop.classList.remove('over'));
document.addEventListener('drop', (event) => {
  event.preventDefault();
  field.drop.classList.remove('over');
  const [file] = event.dataTransfer?.files ?? [];
  if (file !== undefined) void take(file);
});
