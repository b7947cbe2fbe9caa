import { join } from 'node:path';
import type { Hook } from '@chancery/domain/notifications';
import { done, type Result } from '@chancery/kernel/refusal';
import type { Courier, HookPlaces } from '@chancery/runtime/notifications';
import type { HooksFolder } from '@chancery/adapters/hooks-folder';
import type { Home } from '../home.ts';
import { openClock } from './house.ts';
import { foundedKey } from './keys.ts';

export async function hooksOf(home: Home): Promise<HooksFolder> {
  const { hooksFolder } = await import('@chancery/adapters/hooks-folder');
  return hooksFolder(home.hooks);
}

export async function hookPlacesOf(home: Home): Promise<HookPlaces> {
  const { folderHookPlaces } = await import('@chancery/adapters/hooks-folder');
  const { folderLocks } = await import('@chancery/adapters/locks-folder');
  return folderHookPlaces(home.hooks, folderLocks(join(home.hooks, 'locks')));
}

/** A new secret of a webhook, as text. */
export async function newHookSecret(): Promise<string> {
  const { newWebhookSecret } = await import('@chancery/adapters/notify-webhook');
  return newWebhookSecret();
}

/** Where a hook goes, once it is known to lead anywhere. Refuses `hook.invalid`. */
export async function checkWebhook(url: string): Promise<Result<URL>> {
  const { readWebhookUrl } = await import('@chancery/adapters/notify-webhook');
  return readWebhookUrl(url);
}

/** Who brings notifications where the hook says. Refuses `hook.invalid`, and as `loadKey`. */
export async function courierOf(
  home: Home,
  { name, to }: Hook,
  env: NodeJS.ProcessEnv,
): Promise<Result<Courier>> {
  if (to.type === 'command') {
    const { commandCourier } = await import('@chancery/adapters/notify-command');
    const { PATH, HOME, LANG, DBUS_SESSION_BUS_ADDRESS, DISPLAY } = env;
    const kept = { PATH, HOME, LANG, DBUS_SESSION_BUS_ADDRESS, DISPLAY };
    return done(commandCourier({ argv: to.argv, folder: home.folder, env: kept }));
  }
  const { readWebhookSecret, readWebhookUrl, webhookCourier } =
    await import('@chancery/adapters/notify-webhook');
  const url = readWebhookUrl(to.url);
  if (!url.ok) return url;
  const text = (await hooksOf(home)).secret(name);
  const secret = text.ok ? readWebhookSecret(text.value) : text;
  if (!secret.ok) return secret;
  const signer = await foundedKey(home.runtimeKey, env);
  if (!signer.ok) return signer;
  const clock = await openClock(0);
  const nowMs = (): number => clock.nowMs();
  return done(
    webhookCourier({ url: url.value, secret: secret.value, signer: signer.value, nowMs }),
  );
}
