import { hexOfBytes } from '../encoding/index.ts';
import { partsOf, tags, type Element } from './der.ts';
import { oidOf } from './values.ts';

/** Short names of what stands in the name of somebody (RFC 4519). */
const words: ReadonlyMap<string, string> = new Map([
  ['2.5.4.3', 'CN'],
  ['2.5.4.5', 'serialNumber'],
  ['2.5.4.6', 'C'],
  ['2.5.4.7', 'L'],
  ['2.5.4.8', 'ST'],
  ['2.5.4.10', 'O'],
  ['2.5.4.11', 'OU'],
  ['2.5.4.97', 'organizationIdentifier'],
  ['0.9.2342.19200300.100.1.25', 'DC'],
  ['1.2.840.113549.1.9.1', 'emailAddress'],
]);

const decoders: ReadonlyMap<number, string> = new Map([
  [tags.utf8, 'utf-8'],
  [tags.printable, 'latin1'],
  [tags.teletex, 'latin1'],
  [tags.ia5, 'latin1'],
  [tags.bmp, 'utf-16be'],
]);

/** A Name (RFC 5280, section 4.1.2.4) for a person, in its own order; no value can look like another. */
export function nameText(name: Element | undefined): string {
  const sets = partsOf(name, tags.sequence) ?? [];
  const parts = sets.flatMap((set) => partsOf(set, tags.set) ?? []);
  return parts.map(partText).join(', ');
}

function partText(part: Element): string {
  const [type, value] = partsOf(part, tags.sequence) ?? [];
  const oid = oidOf(type) ?? '?';
  return `${words.get(oid) ?? oid}=${valueText(value)}`;
}

function valueText(value: Element | undefined): string {
  if (value === undefined) return '';
  const decoder = decoders.get(value.tag);
  if (decoder === undefined) return `#${hexOfBytes(value.raw)}`;
  return new TextDecoder(decoder).decode(value.content).replaceAll(/[\\,=]/g, String.raw`\$&`);
}
