import type { Manifest } from '@chancery/kernel/manifest';
import { githubPullRequest } from './github-pull-request.ts';
import { textCount } from './text-count.ts';
import { webhookPost } from './webhook-post.ts';

/** Manifests to begin with, by name; what they say of hosts is for whoever signs them. */
export const shippedManifests: ReadonlyMap<string, Manifest> = new Map(
  [githubPullRequest, textCount, webhookPost].map((manifest) => [manifest.name, manifest]),
);
