const units = new Map([
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1_000],
  ['ms', 1],
]);

const part = /(\d+)(ms|[dhms])/y;

/** Milliseconds of a text such as "1h 30m". Throws a RangeError for anything else. */
export function parseDuration(text) {
  const compact = text.replaceAll(' ', '');
  let total = 0;
  part.lastIndex = 0;
  while (part.lastIndex < compact.length || compact === '') {
    const found = part.exec(compact);
    if (found === null) throw new RangeError(`"${text}" is not a duration`);
    total += Number(found[1]) * units.get(found[2]);
  }
  return total;
}

/** The shortest text that `parseDuration` reads back as this number of milliseconds. */
export function formatDuration(ms) {
  if (!Number.isSafeInteger(ms) || ms < 0) throw new RangeError(`${ms} is not a duration`);
  const parts = [];
  let rest = ms;
  for (const [unit, size] of units) {
    const count = Math.floor(rest / size);
    rest -= count * size;
    if (count > 0) parts.push(`${count}${unit}`);
  }
  return parts.join(' ') || '0ms';
}
