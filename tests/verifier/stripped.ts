import { ExportReader, ExportWriter } from '@chancery/kernel/export';

/** The same export, well formed, without the contents that its entries name. */
export function stripped(text: string): string {
  const [writer, read] = [new ExportWriter(), new ExportReader().push(Buffer.from(text))];
  if (!read.ok) throw new Error(read.refusal.message);
  return read.value
    .map((record) => {
      if (record.type === 'manifest') return writer.manifest(record.manifest);
      return record.type === 'entry' ? writer.entry(record.entry.stored.text, []) : writer.end();
    })
    .join('');
}
