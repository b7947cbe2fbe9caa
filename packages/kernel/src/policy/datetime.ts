import { fitsLong } from './long.ts';
import { ExtensionValue, Failure } from './value.ts';

const dayMs = 86_400_000n;

const badDatetime = new Failure('datetime: not a well-formed date and time');
const badDuration = new Failure('duration: not a well-formed duration of 64 bits');
const overflow = new Failure('datetime: beyond 64 bits of milliseconds');

const datetimeForm =
  /^(\d{4})-(\d\d)-(\d\d)(?:T(\d\d):(\d\d):(\d\d)(?:\.(\d{3}))?(?:Z|([+-])(\d\d)(\d\d)))?$/;
const durationForm = /^(-?)(?=\d)(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?(?:(\d+)ms)?$/;

function daysInMonth(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}

/** Days from 1970-01-01 in the proleptic Gregorian calendar; years count from March. */
function daysFromEpoch(year: number, month: number, day: number): number {
  const shifted = month <= 2 ? year - 1 : year;
  const era = Math.floor(shifted / 400);
  const yearOfEra = shifted - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const dayOfEra =
    yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}

/**
 * Reads `YYYY-MM-DD`, alone or with `Thh:mm:ss`, `.SSS` and `Z` or `±hhmm`, as milliseconds since
 * the epoch. No leap seconds.
 */
export function parseDatetime(text: string): ExtensionValue | Failure {
  const found = datetimeForm.exec(text);
  if (found === null) return badDatetime;
  const [year, month, day, hour, minute, second, millis] = found
    .slice(1, 8)
    .map((digits: string | undefined) => Number(digits ?? 0)) as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const [offsetHour, offsetMinute] = [Number(found[9] ?? 0), Number(found[10] ?? 0)];
  if (month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return badDatetime;
  if (hour > 23 || minute > 59 || second > 59) return badDatetime;
  if (offsetHour > 23 || offsetMinute > 59) return badDatetime;
  const offset = (offsetHour * 60 + offsetMinute) * (found[8] === '-' ? -1 : 1);
  const minutes = (daysFromEpoch(year, month, day) * 24 + hour) * 60 + minute - offset;
  return new ExtensionValue('datetime', BigInt((minutes * 60 + second) * 1000 + millis));
}

/** Reads `-?` and at least one of `<n>d <n>h <n>m <n>s <n>ms`, in this order, unspaced. */
export function parseDuration(text: string): ExtensionValue | Failure {
  const found = durationForm.exec(text);
  if (found === null) return badDuration;
  const [days, hours, minutes, seconds, millis] = found
    .slice(2, 7)
    .map((digits: string | undefined) => BigInt(digits ?? 0)) as [
    bigint,
    bigint,
    bigint,
    bigint,
    bigint,
  ];
  const size = (((days * 24n + hours) * 60n + minutes) * 60n + seconds) * 1000n + millis;
  return fitted('duration', found[1] === '-' ? -size : size, badDuration);
}

function fitted(
  type: 'datetime' | 'duration',
  amount: bigint,
  otherwise: Failure,
): ExtensionValue | Failure {
  return fitsLong(amount) ? new ExtensionValue(type, amount) : otherwise;
}

export function offset(from: ExtensionValue, by: ExtensionValue): ExtensionValue | Failure {
  return fitted('datetime', from.amount + by.amount, overflow);
}

export function durationSince(to: ExtensionValue, from: ExtensionValue): ExtensionValue | Failure {
  return fitted('duration', to.amount - from.amount, overflow);
}

function timeOfDay(amount: bigint): bigint {
  return ((amount % dayMs) + dayMs) % dayMs;
}

/** Midnight of the same day. */
export function toDate(value: ExtensionValue): ExtensionValue | Failure {
  return fitted('datetime', value.amount - timeOfDay(value.amount), overflow);
}

/** Time since that midnight. */
export function toTime(value: ExtensionValue): ExtensionValue {
  return new ExtensionValue('duration', timeOfDay(value.amount));
}
