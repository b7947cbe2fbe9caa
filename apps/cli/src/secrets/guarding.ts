import { existsSync } from 'node:fs';
import { minSecretChars, type Redactor } from '@chancery/runtime/redaction';
import { redactorOf } from '../compose/house.ts';
import { keySecretsOf } from '../compose/keys.ts';
import { lendingVault, type Guarded, type HomeVault } from '../compose/vault.ts';
import { databaseSecrets } from '../database.ts';
import { granted } from '../exit.ts';
import { secretsOf } from './secret-variables.ts';
import type { Session } from '../session.ts';

/** Guards what the environment and the home say is secret, its keys too, without the values of the vault. */
export async function outerRedactor({
  env,
  home,
}: Pick<Session, 'env' | 'home'>): Promise<Redactor> {
  return redactorOf([...secretsOf(env), ...databaseSecrets(home), ...(await keySecretsOf(home))]);
}

/**
 * Guards the values of the vault besides. Where a person would have to open that, says once that they
 * are not known. Refuses `vault.*` and `passphrase.*`: nothing is recorded beside a vault that is amiss.
 */
export async function wholeRedactor(session: Session, vault: HomeVault): Promise<Redactor> {
  return knowing(session, granted(await vault.guarded()));
}

/** The same for what has to work with any vault, as to stop something: says what is amiss, and goes on. */
export async function bestRedactor(session: Session, vault: HomeVault): Promise<Redactor> {
  const guarded = await vault.guarded();
  if (guarded.ok) return knowing(session, guarded.value);
  noteUnknown(session, `does not open (${guarded.refusal.code})`);
  return outerRedactor(session);
}

async function knowing(session: Session, guarded: Guarded): Promise<Redactor> {
  if (guarded.kind === 'locked') noteUnknown(session, 'is locked');
  const outer = await outerRedactor(session);
  return outer.knowing(guarded.kind === 'known' ? guarded.texts : []);
}

function noteUnknown({ terminal }: Session, why: string): void {
  terminal.note(`The vault ${why}: redaction does not know its values.`);
}

/** What a person said, as it may be recorded. The vault is opened for a text that can hold a value. */
export async function redactedSaying(session: Session, said: string): Promise<string> {
  if (said.length < minSecretChars) return said;
  const redactor = await bestRedactor(session, await lendingVault(session, false));
  return redactor.redactText(said).value;
}

/** For the reason of the switch file, where it is only shown: a vault is opened if there is one. */
export async function switchRedactor(session: Session): Promise<Redactor> {
  if (!existsSync(session.home.switchFile)) return outerRedactor(session);
  return bestRedactor(session, await lendingVault(session, false));
}
