import { describe, expect, it } from 'vitest';
import { formatTimestampFile, parseTimestampFile } from './timestamp-file.ts';

const reply = Uint8Array.of(0x30, 0x03, 0x02, 0x01, 0x00);
const checkpoint = 'log\n1\nroot\n\n— log signature\n';
const text = `chancery-timestamp/v1\nreply MAMCAQA=\n\n${checkpoint}`;

describe('the file of a timestamp', () => {
  it('is one line of reply, and the checkpoint as it is', () => {
    expect(formatTimestampFile({ reply, checkpoint })).toBe(text);
    expect(parseTimestampFile(text)).toEqual({ ok: true, value: { reply, checkpoint } });
  });

  it.each([
    ['has no checkpoint', 'chancery-timestamp/v1\nreply MAMCAQA=\n'],
    ['does not begin', text.replace('/v1', '/v2')],
    ['does not begin', `\n${text}`],
    ['no single reply', text.replace('reply ', 'reply')],
    ['no single reply', text.replace('\n\n', '\nreply MAMCAQA=\n\n')],
    ['no base64', text.replace('MAMCAQA=', 'MAMCAQA')],
    ['no base64', text.replace('MAMCAQA=', '')],
    ['has no checkpoint', ''],
  ])('is refused where it %s', (why, wrong) => {
    const parsed = parseTimestampFile(wrong);
    expect(parsed).toMatchObject({ ok: false, refusal: { code: 'timestamp.invalid' } });
    expect(!parsed.ok && parsed.refusal.message).toContain(why);
  });
});
