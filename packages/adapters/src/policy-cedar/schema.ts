import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { bytesDigest, type Digest } from '@chancery/kernel/encoding';

/** The published Cedar schema: the one form of request that policies are written for. */
export const schemaText = readFileSync(join(import.meta.dirname, 'chancery.cedarschema'), 'utf8');

export const schemaDigest: Digest = bytesDigest(schemaText);
