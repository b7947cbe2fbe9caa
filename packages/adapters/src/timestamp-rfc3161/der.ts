import { fromBER, type BaseBlock } from 'asn1js';
import { AsnParser } from '@peculiar/asn1-schema';

/** A class that the fields of a type of ASN.1 are told of. */
export type Structure<T> = new () => T;

/** One element that fills these bytes; undefined where they are none, or more than one. */
export function elementOf(bytes: Uint8Array): BaseBlock | undefined {
  return read(() => {
    const { offset, result } = fromBER(bytes);
    return offset === bytes.length && result.error === '' ? result : undefined;
  });
}

/** Bytes as a type of ASN.1; undefined where they are none of it, or more. */
export function structureOf<T>(bytes: Uint8Array, type: Structure<T>): T | undefined {
  const element = elementOf(bytes);
  return element === undefined ? undefined : read(() => AsnParser.fromASN(element, type));
}

/** What an element is made of; nothing for one that has no parts. */
export function partsOf(element: BaseBlock | undefined): readonly BaseBlock[] {
  const block: object = element?.valueBlock ?? {};
  return 'value' in block && Array.isArray(block.value) ? (block.value as BaseBlock[]) : [];
}

/** The whole element, as it was read. */
export function rawOf(element: BaseBlock): Uint8Array {
  return new Uint8Array(element.valueBeforeDecodeView);
}

/** The bytes in an element that has no parts; undefined for one of another tag of its class. */
export function contentOf(element: BaseBlock | undefined, tag: number): Uint8Array | undefined {
  if (element?.idBlock.tagClass !== 1 || element.idBlock.tagNumber !== tag) return undefined;
  const block: object = element.valueBlock;
  if (element.idBlock.isConstructed || !('valueHexView' in block)) return undefined;
  return block.valueHexView instanceof Uint8Array ? block.valueHexView : undefined;
}

export function hexOf(bytes: ArrayBuffer | Uint8Array): string {
  return Buffer.from(bytes instanceof Uint8Array ? bytes : new Uint8Array(bytes)).toString('hex');
}

/** These readers throw plain errors for bytes that they cannot read, and for nothing else. */
export function read<T>(reader: () => T): T | undefined {
  try {
    return reader();
  } catch (error) {
    if (error instanceof Error) return undefined;
    throw error;
  }
}
