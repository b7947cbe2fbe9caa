import {
  checkpointText,
  cosignNote,
  formatNote,
  formatProofFile,
  ledgerVerifier,
  originOf,
  parseNote,
  proveInclusion,
  signCheckpoint,
  verifierKey,
  verifierKeyText,
  type Checkpoint,
} from '@chancery/kernel/tree';
import { leavesOf, nodesOf, signerFrom, valueOf } from '@chancery/testkit/builders';
import { altered, rootAt } from './tree.ts';

const ledger = 'ab'.repeat(32);
const seeds = { log: 1, witness: 2 };
const [log, witness] = [signerFrom(seeds.log), signerFrom(seeds.witness)];
const witnessName = 'witness.example/w1';
const timeS = 1_679_315_147;
const [index, size] = [4, 13];
const head: Checkpoint = {
  origin: originOf(ledger),
  size,
  root: rootAt(size),
  heads: '12'.repeat(32),
};

export function checkpointVectors(): object {
  const note = cosigned();
  const leaf = leavesOf(size)[index] ?? '';
  const { path } = valueOf(proveInclusion(nodesOf(leavesOf(size)), index, size));
  const file = formatProofFile({ index, path, checkpoint: note });
  return {
    about: 'signed notes, checkpoints and proof files; a seed is its byte 32 times (RFC 8032)',
    ledger,
    seeds,
    keys: {
      log: verifierKeyText(ledgerVerifier(ledger, log.id)),
      witness: verifierKeyText(verifierKey(witnessName, witness.id, 'cosignature')),
    },
    checkpoint: { ...head, text: checkpointText(head), timeS },
    notes: noteCases(note),
    proofFiles: fileCases(file, leaf),
  };
}

function cosigned(): string {
  const { text, signatures } = valueOf(parseNote(signCheckpoint(head, [log])));
  const more = cosignNote(text, witnessName, witness, timeS);
  return formatNote({ text, signatures: [...signatures, more] });
}

/** `quorum` is how many witnesses are asked for. */
function noteCases(note: string): readonly object[] {
  const lines = note.split('\n');
  const without = (line: number) => lines.filter((_, at) => at !== line).join('\n');
  return [
    { title: 'signed by the log and a witness', valid: true, quorum: 1, note },
    { title: 'signed by the log alone', valid: true, quorum: 0, note: without(6) },
    { title: 'no witness where one is asked for', valid: false, quorum: 1, note: without(6) },
    { title: 'signed by the witness alone', valid: false, quorum: 1, note: without(5) },
    { title: 'another size', valid: false, quorum: 0, note: note.replace('\n13\n', '\n14\n') },
    { title: 'no stream heads', valid: false, quorum: 0, note: without(3) },
    { title: 'no blank line', valid: false, quorum: 0, note: without(4) },
    { title: 'no newline at the end', valid: false, quorum: 0, note: note.slice(0, -1) },
    { title: 'carriage returns', valid: false, quorum: 0, note: note.replaceAll('\n', '\r\n') },
    { title: 'a hyphen for the dash', valid: false, quorum: 0, note: note.replaceAll('—', '-') },
  ];
}

function fileCases(text: string, leaf: string): readonly object[] {
  const of = (title: string, valid: boolean, file: string, about = leaf) => ({
    title,
    valid,
    leaf: about,
    text: file,
  });
  return [
    of('leaf 4 of 13', true, text),
    of('with extra data', true, text.replace('index 4', 'extra AQID\nindex 4')),
    of('another leaf', false, text, altered(leaf)),
    of('another index', false, text.replace('index 4', 'index 5')),
    of('an index with a zero before it', false, text.replace('index 4', 'index 04')),
    of('another version', false, text.replace('@v1', '@v2')),
    of('without a step', false, text.replace(/index 4\n[^\n]+\n/, 'index 4\n')),
    of('without the checkpoint', false, text.slice(0, text.indexOf('\n\n') + 2)),
  ];
}
