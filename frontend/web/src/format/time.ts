const clock = new Intl.DateTimeFormat(
  'en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' });
const minute = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });
const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' });

const offset = new Intl.DateTimeFormat('en-GB', { timeZoneName: 'shortOffset' });

/** Times are shown in the reader's zone. */
export function clockTime(ms: number): string { return clock.format(ms); }

export function clockMinute(ms: number): string { return minute.format(ms); }

export function shortDay(ms: number): string { return day.format(ms); }

/** The time alone for today, with the day before it otherwise. */
export function dayTime(ms: number, nowMs: number): string {
  const today = new Date(ms).toDateString() === new Date(nowMs).toDateString();
  return today ? clockMinute(ms) : `${day.format(ms)}, ${clockMinute(ms)}`;
}

/** The reader's zone at that time: `UTC+9`. */
export function zone(ms: number): string {
  const name = offset.formatToParts(ms).find(({ type }) => type === 'timeZoneName')?.value;
  return name?.replace('GMT', 'UTC') ?? 'UTC';
}

/** `18:32–18:33`, with the days where it is not within one: `29 Nov, 18:00–30 Nov, 18:00`. */
export function spanBetween(from: number, to: number): string {
  const [begin, end] = [clockMinute(from), clockMinute(to)];
  if (new Date(from).toDateString() !== new Date(to - 1).toDateString() || to - from > 43_200_000) {
    return `${shortDay(from)}, ${begin}–${shortDay(to)}, ${end}`;
  }
  return begin === end ? begin : `${begin}–${end}`;
}

/** In the reader's zone: `2025-01-24 19:27:44 UTC+9`. */
export function zoned(ms: number): string {
  const days = new Date(ms - new Date(ms).getTimezoneOffset() * 60_000).toISOString();
  return `${days.slice(0, 19).replace('T', ' ')} ${zone(ms)}`;
}

/** For the pointer: `2025-01-24 10:27:44 UTC`. */
export function utc(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

/** `120 ms`, `2.3 s`, `2 min 5 s`, `3 h 4 min`. */
export function duration(ms: number): string {
  if (ms < 999.5) return `${Math.round(ms)} ms`;
  if (ms < 9_950) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return joined(Math.floor(seconds / 60), 'min', seconds % 60, 's');
  const minutes = Math.floor(seconds / 60);
  return joined(Math.floor(minutes / 60), 'h', minutes % 60, 'min');
}

/** `1 s`, `15 min`, `4 h`: of a step between two points. */
export function stepWords(ms: number): string {
  if (ms < 60_000) return `${ms / 1000} s`;
  if (ms < 3_600_000) return `${ms / 60_000} min`;
  return ms < 86_400_000 ? `${ms / 3_600_000} h` : `${ms / 86_400_000} d`;
}

/** Whole units only, for spans that tick: `12 s`, `4 min`. */
export function span(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`;
  if (seconds < 172_800) return `${Math.round(seconds / 3600)} h`;
  return `${Math.round(seconds / 86_400)} d`;
}

function joined(large: number, largeUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${large} ${largeUnit}` : `${large} ${largeUnit} ${small} ${smallUnit}`;
}
