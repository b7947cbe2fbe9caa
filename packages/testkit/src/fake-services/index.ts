export { startFakeGithub, type FakeGithub, type PullRequest } from './github.ts';
export { listening, type Asked, type Listening } from './listening.ts';
export { startFakeWebhook, type FakeWebhook } from './webhook.ts';
