export { newWebhookSecret, readWebhookSecret } from './secret.ts';
export { readWebhookUrl, webhookCourier, type WebhookOptions } from './webhook.ts';
