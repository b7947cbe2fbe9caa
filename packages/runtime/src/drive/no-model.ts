import { Fault } from '@chancery/kernel/refusal';
import { localPrice, type Model } from '../cognition/index.ts';

/** Stands for the model of a run that asks none. */
export const noModel: Model = {
  id: 'none',
  price: { ...localPrice, source: 'no model is asked' },
  estimateTokens: () => 0,
  stream: () => {
    throw new Fault('a run without a model has asked one');
  },
};
