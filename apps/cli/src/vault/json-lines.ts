import { closed, count, line, listOf, text, truth } from '../json-line.ts';

const secret = { name: text, scope: text, setAtMs: count, hosts: listOf(text) };

/** What the commands about the vault tell; never a value. */
export const vaultLines = {
  vault: line(
    ['vault init', 'vault rotate', 'vault passphrase'],
    'The vault, its key, and whether that is under a passphrase.',
    { ...{ file: text, key: text, locked: truth }, secrets: listOf(closed(secret)) },
  ),
  secret: line(['vault list'], 'A secret of the vault.', secret),
  'secret-set': line(['vault set'], 'A secret has a value; `replaced` tells that it had another.', {
    ...secret,
    replaced: truth,
  }),
  'secret-removed': line(['vault remove'], 'A secret and all of its values are forgotten.', {
    name: text,
  }),
};
