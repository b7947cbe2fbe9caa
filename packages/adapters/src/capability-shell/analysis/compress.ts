import type { Row } from '../programs/row.ts';
import { playOperands, readOptions } from './operands.ts';
import type { Site } from './site.ts';
import { isWhole, type Word } from './word.ts';

const packed = /\.(?:gz|z|bz2?|xz|lzma|zst|lz4|br)$/i;
const packedTar = /\.(?:tgz|taz|tbz2?|txz|tlz|tzst)$/i;

/** Programs that make of each file another, and take the first away; both are told. */
export function readCompress(words: readonly Word[], row: Row, site: Site): void {
  const { operands, met } = readOptions(words, row, site);
  const has = (...names: readonly string[]): boolean =>
    met.some(({ name }) => names.includes(name));
  const isTold =
    has('l', 'list', 't', 'test') && !has('d', 'z', 'decompress', 'uncompress', 'compress');
  if (isTold || has('c', 'stdout', 'to-stdout')) {
    playOperands(operands, 'read*', site);
    return;
  }
  playOperands(operands, 'edit*', site);
  const suffix = met.findLast(({ name }) => name === 'S' || name === 'suffix')?.value;
  for (const word of operands.filter(isWhole)) {
    const { text } = word;
    for (const made of madeOf(text, suffix?.text ?? row.suffix ?? '')) {
      site.writes({ ...word, text: made });
    }
    // The name that stands in the file.
    if (has('N', 'name')) {
      site.writes({ kind: 'glob', text: text.slice(0, text.lastIndexOf('/') + 1), splits: true });
    }
  }
}

function madeOf(name: string, suffix: string): readonly string[] {
  if (packedTar.test(name)) return [name.replace(packedTar, '.tar')];
  if (name.endsWith(suffix)) return [name.slice(0, name.length - suffix.length)];
  return [packed.test(name) ? name.replace(packed, '') : `${name}${suffix}`];
}
