import type { TokenPrice } from '../account/index.ts';
import {
  closed,
  exactly,
  isAscending,
  isCount,
  isDigest,
  listOf,
  misfit,
  readStatement,
  recordText,
  sealEnvelope,
  textOf,
  type Digest,
  type Envelope,
  type Form,
  type JsonObject,
  type ReadStatement,
  type Signer,
} from '../encoding/index.ts';
import { refusal, type Refusal, type Result } from '../refusal/index.ts';
import { modelForm, sourceMax, tokenPriceMax, type ModelPrice, type PriceTable } from './table.ts';

/** Payload of `prices.declared`. */
export interface PriceDeclaration extends PriceTable {
  readonly v: 1;
  readonly ledger: Digest;
  /** The entry of the stream `policy` that it was signed upon. */
  readonly after: Digest;
}

const payloadType = 'application/vnd.chancery.prices+json';

const isPrice: Form = (value) => isCount(value) && (value as number) <= tokenPriceMax;

const price: Readonly<Record<keyof TokenPrice, Form>> = {
  inputMicrousd: isPrice,
  cachedInputMicrousd: isPrice,
  outputMicrousd: isPrice,
};

const rows = listOf(
  closed({
    ...price,
    model: (value) => typeof value === 'string' && modelForm.test(value),
  }),
);

const tableForm: Readonly<Record<keyof PriceTable, Form>> = {
  effectiveFrom: isCount,
  models: (value) => rows(value) && isInOrder(value as unknown as readonly ModelPrice[]),
  fallback: (value) => value === null || closed(price)(value),
  source: textOf(0, sourceMax),
};

const form: Readonly<Record<keyof PriceDeclaration, Form>> = {
  v: exactly(1),
  ledger: isDigest,
  after: isDigest,
  ...tableForm,
};

/** Each model once. */
function isInOrder(models: readonly ModelPrice[]): boolean {
  return isAscending(models.map(({ model }) => model));
}

/** Signs what models cost from a time on. */
export function declarePrices(asked: Omit<PriceDeclaration, 'v'>, by: Signer): Envelope {
  const { ledger, after, effectiveFrom, models, fallback, source } = asked;
  const payload: PriceDeclaration = {
    ...{ v: 1, ledger, after },
    ...{ effectiveFrom, models, fallback, source },
  };
  return sealEnvelope(payloadType, payload, [by]);
}

/** Reads a declaration, signed by exactly one key. Refuses with `envelope.invalid`. */
export function readPrices(envelope: Envelope): Result<ReadStatement<PriceDeclaration>> {
  return readStatement<PriceDeclaration>(envelope, {
    type: payloadType,
    what: 'the price table',
    wrongIn: (payload) => misfit(payload, form),
  });
}

/** More, in base64 and signed, would not fit into an entry. */
const tableBytesMax = 47_000;

const utf8 = new TextEncoder();

/** Why a table could not be declared: a member is not what it should be, or it is too long. Refuses with `prices.invalid`. */
export function checkTable(table: PriceTable): Refusal | undefined {
  const wrong = misfit(table as unknown as JsonObject, tableForm);
  if (wrong !== undefined) {
    return refusal('prices.invalid', `the price table has a malformed "${wrong}"`);
  }
  const { length } = utf8.encode(recordText(table));
  return length <= tableBytesMax
    ? undefined
    : refusal('prices.invalid', `the price table takes ${length} bytes, ${tableBytesMax} at most`);
}
