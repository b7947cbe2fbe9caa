/** Text of the bytes that ASCII has letters for; any other becomes one that no time has. */
function lettersIn(content: Uint8Array): string {
  return String.fromCharCode(...content.subarray(0, lettersMax));
}

const lettersMax = 32;
const utcForm = /^(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/;
/** To a second or parts of it, in UTC, without superfluous zeros. */
const generalizedForm = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(?:\.(\d{0,8}[1-9]))?Z$/;

/** The two digits of a year before this one are of this century (RFC 5280, section 4.1.2.5.1). */
const turn = 50;

/** A UTCTime in milliseconds since the epoch; undefined for what is none. */
export function utcTimeMs(content: Uint8Array): number | undefined {
  const [isTime, year, ...rest] = utcForm.exec(lettersIn(content)) ?? [];
  if (isTime === undefined) return undefined;
  const short = Number(year);
  return timeMs([short + (short < turn ? 2_000 : 1_900), ...rest.map(Number)], '');
}

/** A GeneralizedTime, cut to milliseconds. */
export function generalizedTimeMs(content: Uint8Array): number | undefined {
  const found = generalizedForm.exec(lettersIn(content));
  if (found === null) return undefined;
  return timeMs(found.slice(1, 7).map(Number), found[7] ?? '');
}

const monthDays = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** A day or an hour that there is not is none, and not the next. */
function timeMs(parts: readonly number[], fraction: string): number | undefined {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts;
  const days = (monthDays[month - 1] ?? 0) + (month === 2 && isLeap(year) ? 1 : 0);
  if (day < 1 || day > days || hour > 23 || minute > 59 || second > 59) return undefined;
  const hours = (daysBefore(year, month) + day - 1) * 24 + hour;
  return (
    ((hours * 60 + minute) * 60 + second) * 1_000 + Number(fraction.slice(0, 3).padEnd(3, '0'))
  );
}

function isLeap(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

const daysBeforeEpoch = 719_162;

/** Days from the epoch to the first of a month. */
function daysBefore(year: number, month: number): number {
  const past = year - 1;
  const leaps = Math.floor(past / 4) - Math.floor(past / 100) + Math.floor(past / 400);
  const months = monthDays.slice(0, month - 1).reduce((sum, days) => sum + days, 0);
  const leapDay = month > 2 && isLeap(year) ? 1 : 0;
  return past * 365 + leaps + months + leapDay - daysBeforeEpoch;
}
