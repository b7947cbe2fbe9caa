import { expect, it } from 'vitest';
import { readText } from './files.ts';

it.each(['/dev/zero', '/'])('%s is no text file, and is not read', (file) => {
  expect(() => readText(file)).toThrow(`${file} cannot be read (no regular file)`);
});
