import { describe, expect, it } from 'vitest';
import { learningRedactor, redactor } from './index.ts';

describe('a redactor that learns', () => {
  it('guards from then on what it has learned, and what it guarded before', () => {
    const first = redactor({ secrets: ['first secret'] });
    const learning = learningRedactor(first);
    const text = 'first secret, second secret, third secret';
    expect(learning.redactText(text).value).toBe('[redacted:known], second secret, third secret');
    learning.learn(['second secret']);
    learning.learn(['third secret', 'second secret']);
    expect(learning.redactText(text).count).toBe(3);
    expect(learning.redact({ text }).count).toBe(3);
    expect(learning.findSecret('a second secret')).toBe('known');
    const stream = learning.stream();
    expect(stream.write('a third ').value + stream.write('secret').value + stream.end().value).toBe(
      'a [redacted:known]',
    );
    expect(learning.knowing(['a fourth one']).redactText('a fourth one, first secret').count).toBe(
      2,
    );
    expect(first.redactText(text).count).toBe(1);
  });
});
