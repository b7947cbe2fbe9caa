export {
  channelForm,
  defineChannel,
  readChannel,
  readChannelRemoval,
  removeChannel,
  type Channel,
} from './channel.ts';
export { checkChannel, checkChannelEntry, checkRemoval } from './check.ts';
export {
  approversOn,
  evolveChannels,
  isChannelEntry,
  type ApproversContext,
  type ChannelEntry,
  type Channels,
} from './evolve.ts';
