import { objectDigest, type Digest } from '../encoding/index.ts';
import type { Contract } from './model.ts';

/** Digest over every byte of the contract. */
export function contractDigest(contract: Contract): Digest {
  return objectDigest('contract', contract);
}
