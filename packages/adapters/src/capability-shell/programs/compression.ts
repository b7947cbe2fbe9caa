import type { ProgramRow, Family } from './row.ts';

/** Programs that pack one file into another, which they name by what they add. */
const packing = (suffix: string, cases: ProgramRow['cases']): ProgramRow => ({
  form: 'compress',
  lenient: true,
  suffix,
  options:
    'c stdout to-stdout l list t test d z decompress uncompress compress N name o=write output=write S=text suffix=text T= threads= ' +
    'output-dir-flat=write output-dir-mirror=write trace=write D=read patch-from=read files?!unclear files0?!unclear filelist=unclear',
  operands: 'edit*',
  cases,
});

export const compression: Family = {
  'gzip gunzip pigz unpigz': packing('.gz', {
    'gzip -k a': 'read write <a >a >a.gz',
    'gunzip a.gz': 'read write <a.gz >a >a.gz',
    'gunzip b/a.tgz': 'read write <b/a.tgz >b/a.tar >b/a.tgz',
    'gunzip -N b/a.gz': 'read write <b/a.gz >b/** >b/a >b/a.gz',
    'gzip -dc a.gz': 'read <a.gz',
    'gzip -S .x b': 'read write <b >b >b.x',
    'gzip -d -S .x b.x': 'read write <b.x >b >b.x',
  }),
  'bzip2 bunzip2': packing('.bz2', { 'bunzip2 a.bz2': 'read write <a.bz2 >a >a.bz2' }),
  'xz unxz': packing('.xz', {
    'xz -d a.xz': 'read write <a.xz >a >a.xz',
    'xz -t -d a.xz': 'read write <a.xz >a >a.xz',
    'xz -l a.xz': 'read <a.xz',
    'xz --files=a': 'unknown',
  }),
  'zstd unzstd': packing('.zst', {
    'zstd a -o b': 'read write <a >a >a.zst >b',
    'zstd -d --output-dir-flat=b a.zst': 'read write <a.zst >a >a.zst >b',
  }),
  'lz4 unlz4': packing('.lz4', { 'lz4 a b': 'read write <a <b >a >a.lz4 >b >b.lz4' }),
  brotli: packing('.br', { 'brotli a': 'read write <a >a >a.br' }),
  'compress uncompress': packing('.Z', { 'uncompress a.Z': 'read write <a.Z >a >a.Z' }),
};
