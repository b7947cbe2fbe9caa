import type { Amounts, Dimension, TokenPrice } from '@chancery/kernel/account';

/** Micro-USD as dollars: cents, or more places where there is less. */
export function dollars(costMicrousd: number): string {
  return `${dollarFigure(costMicrousd)} USD`;
}

function dollarFigure(costMicrousd: number): string {
  const places =
    costMicrousd > 0 && costMicrousd < 10_000 ? 6 : costMicrousd % 10_000 === 0 ? 2 : 4;
  return (costMicrousd / 1_000_000).toFixed(places);
}

/** What a million tokens cost. */
export function priceText(price: TokenPrice): string {
  const { inputMicrousd, cachedInputMicrousd, outputMicrousd } = price;
  const [input, cached, output] = [inputMicrousd, cachedInputMicrousd, outputMicrousd].map(dollars);
  return `${input} in, ${cached} cached, ${output} out, for a million tokens`;
}

/** An integer with its thousands apart. */
export function count(value: number): string {
  return value.toLocaleString('en-US');
}

/** A number of entries. */
export function entryCount(number: number): string {
  return `${count(number)} ${number === 1 ? 'entry' : 'entries'}`;
}

/** A number of contents. */
export function contentsText(number: number): string {
  return `${count(number)} ${number === 1 ? 'content' : 'contents'}`;
}

/** An amount of bytes in its largest unit of 1,024. */
export function bytesText(bytes: number): string {
  const units = ['bytes', 'KiB', 'MiB', 'GiB'];
  const power = Math.min(units.length - 1, Math.floor(Math.log2(Math.max(1, bytes)) / 10));
  const amount = bytes / 1_024 ** power;
  return `${power === 0 ? amount : amount.toFixed(1)} ${units[power] ?? ''}`;
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

/** How each dimension of a budget is headed, and how an amount of it stands under that. */
export const figures: Readonly<
  Record<Dimension, { readonly head: string; readonly figure: (amount: number) => string }>
> = {
  costMicrousd: { head: 'USD', figure: dollarFigure },
  tokens: { head: 'tokens', figure: count },
  calls: { head: 'calls', figure: count },
  wallMs: { head: 'time', figure: duration },
  cpuMs: { head: 'processor', figure: duration },
  bytesOut: { head: 'sent', figure: bytesText },
};

/** An instant, to the second, in the time of this machine. */
export function instant(atMs: number): string {
  const at = new Date(atMs - new Date(atMs).getTimezoneOffset() * 60_000);
  return Number.isNaN(at.getTime())
    ? beyondDates(atMs)
    : at.toISOString().slice(0, 19).replace('T', ' ');
}

/** An instant, to the millisecond, in universal time. */
export function instantUtc(atMs: number): string {
  const at = new Date(atMs);
  return Number.isNaN(at.getTime()) ? beyondDates(atMs) : at.toISOString();
}

/** Entries and witnesses may name a time that no calendar of ours has. */
function beyondDates(atMs: number): string {
  return `${atMs} ms`;
}
