// Numbers and times in words.

const WHOLE = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const SHORT = new Intl.NumberFormat('en', { maximumSignificantDigits: 3 });
const CLOCK = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' });

/** What is not known, or does not apply. */
export const NOTHING = '-';

export const count = (value) => (value === null || value === undefined ? NOTHING : WHOLE.format(value));

export function bytes(value) {
  if (value === null || value === undefined) {
    return NOTHING;
  }
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];
  let unit = 0;
  let amount = value;
  while (amount >= 1000 && unit < units.length - 1) {
    amount /= 1024;
    unit++;
  }
  return `${SHORT.format(amount)} ${units[unit]}`;
}

export function micros(value) {
  if (value === null || value === undefined) {
    return NOTHING;
  }
  if (value < 1000) {
    return `${WHOLE.format(value)} µs`;
  }
  return value < 1e6 ? `${SHORT.format(value / 1000)} ms` : `${SHORT.format(value / 1e6)} s`;
}

export function seconds(value) {
  const whole = Math.max(0, Math.floor(value));
  const [days, hours, minutes] = [Math.floor(whole / 86400), Math.floor(whole / 3600) % 24, Math.floor(whole / 60) % 60];
  if (days > 0) {
    return `${days} d ${hours} h`;
  }
  if (hours > 0) {
    return `${hours} h ${minutes} min`;
  }
  return minutes > 0 ? `${minutes} min ${whole % 60} s` : `${whole} s`;
}

export const percent = (value) => (value === null || value === undefined ? NOTHING : `${SHORT.format(value * 100)} %`);

/** Hours, minutes and seconds here, of an ISO-8601 text, of epoch seconds or of a Date. */
export function clock(time) {
  return CLOCK.format(typeof time === 'number' ? new Date(time * 1000) : new Date(time));
}

/** {"REFUSED": 5, "TIMEOUT": 1} as "REFUSED 5, TIMEOUT 1". */
export function causes(failed) {
  return Object.entries(failed ?? {}).map(([cause, times]) => `${cause} ${count(times)}`).join(', ');
}

export const sum = (failed) => Object.values(failed ?? {}).reduce((all, one) => all + one, 0);
