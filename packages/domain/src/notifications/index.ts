export { readHook } from './hook.ts';
export {
  notifiedKinds,
  type Destination,
  type Hook,
  type Notification,
  type NotifiedKind,
} from './model.ts';
export { concerns, isNotified, notificationOf } from './notification.ts';
