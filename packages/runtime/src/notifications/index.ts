export { deliverNew, type Delivered, type Delivery } from './deliver.ts';
export { keepDelivering, type KeepDelivering } from './keep-delivering.ts';
export type { Courier, HeldPlace, HookPlaces } from './ports.ts';
