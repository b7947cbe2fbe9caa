import { done, refused, type Result } from '@chancery/kernel/refusal';
import type { TimeAuthority } from '@chancery/runtime/transparency';
import { checkReply, type Certificate } from '@chancery/kernel/timestamp';
import { post } from './post.ts';
import { requestFor } from './request.ts';

export interface AuthorityOptions {
  /** Over http or https, without a name or password. */
  readonly url: string;
  readonly trusted: readonly Certificate[];
  /** How long an answer may take. */
  readonly patienceMs?: number;
}

const defaultPatienceMs = 30_000;

/** An authority of RFC 3161. Refuses `usage.invalid` for what is no address of one. */
export function timeAuthority(options: AuthorityOptions): Result<TimeAuthority> {
  const { trusted, patienceMs = defaultPatienceMs } = options;
  const url = URL.parse(options.url);
  if (url === null || !/^https?:$/.test(url.protocol) || url.username + url.password !== '') {
    return refused('usage.invalid', `${JSON.stringify(options.url)} is no http or https address`);
  }
  return done({
    attest: async (content) => {
      const { bytes, nonce } = requestFor(content);
      const reply = await post(url, bytes, patienceMs);
      if (!reply.ok) return reply;
      const time = checkReply(reply.value, { content, nonce, trusted });
      return time.ok ? done({ reply: reply.value, time: time.value }) : time;
    },
  });
}
