import { type Amounts } from '@chancery/kernel/account';

/** Micro-USD as dollars: cents, or more places where there is less. */
export function dollars(costMicrousd: number): string {
  const places =
    costMicrousd > 0 && costMicrousd < 10_000 ? 6 : costMicrousd % 10_000 === 0 ? 2 : 4;
  return `${(costMicrousd / 1_000_000).toFixed(places)} USD`;
}

/** An integer with its thousands apart. */
export function count(value: number): string {
  return value.toLocaleString('en-US');
}

/** A length of time in its two largest units. */
export function duration(ms: number): string {
  if (ms < 1_000) return `${ms} ms`;
  const seconds = Math.round(ms / 1_000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60)
    return seconds % 60 === 0 ? `${minutes} min` : `${minutes} min ${seconds % 60} s`;
  const hours = Math.floor(minutes / 60);
  return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
}

/** What was spent, or may be. */
export function amountsText(amounts: Amounts): string {
  const { costMicrousd, tokens, calls, wallMs } = amounts;
  return `${dollars(costMicrousd)} · ${count(tokens)} tokens · ${count(calls)} calls · ${duration(wallMs)}`;
}

/** An instant, to the second, in the time of this machine. */
export function instant(atMs: number): string {
  const at = new Date(atMs - new Date(atMs).getTimezoneOffset() * 60_000);
  return at.toISOString().slice(0, 19).replace('T', ' ');
}
