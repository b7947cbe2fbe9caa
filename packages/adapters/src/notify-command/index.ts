export { commandCourier, type CommandOptions } from './command.ts';
