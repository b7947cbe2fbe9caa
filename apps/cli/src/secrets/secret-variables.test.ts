import { expect, test } from 'vitest';
import { secretsOf } from './secret-variables.ts';

test('values whose names say that they are secret are known', () => {
  const secret = {
    ...{ ANTHROPIC_API_KEY: 'a', GITHUB_TOKEN: 'b', DB_PASSWORD: 'c', aws_secret_access_key: 'd' },
    ...{ APP_SECRET: 'e', GOOGLE_CREDENTIALS: 'f', TOKEN: 'g' },
  };
  const plain = { PATH: '/bin', KEYBOARD: 'us', TOKENIZER: 'x', HOME: '/home', EMPTY_TOKEN: '' };
  expect(secretsOf({ ...secret, ...plain })).toEqual(['a', 'b', 'c', 'd', 'e', 'f', 'g']);
});
