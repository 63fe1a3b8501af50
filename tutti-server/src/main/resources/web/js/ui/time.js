// Times as people say them.

const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });
const weekday = new Intl.DateTimeFormat(undefined, { weekday: "long" });
const shortWeekday = new Intl.DateTimeFormat(undefined, { weekday: "short" });
const date = new Intl.DateTimeFormat(undefined, { dateStyle: "long" });
const shortDate = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short" });
const full = new Intl.DateTimeFormat(undefined, { dateStyle: "full", timeStyle: "medium" });
const DAY_MS = 86_400_000;

export const timeOfDay = (at) => clock.format(new Date(at));
export const dateOf = (at) => date.format(new Date(at));
export const exactly = (at) => full.format(new Date(at));

/** The same for two times if they are on one day here. */
export const dayKey = (at) => new Date(at).setHours(0, 0, 0, 0);

export function dayName(at, now = Date.now()) {
  const days = daysAgo(at, now);
  if (days === 0) return "Today";
  if (days === 1) return "Yesterday";
  return days > 1 && days < 7 ? weekday.format(new Date(at)) : date.format(new Date(at));
}

/** For a list: the time today, the weekday this week, the date before. */
export function briefly(at, now = Date.now()) {
  const days = daysAgo(at, now);
  if (days === 0) return timeOfDay(at);
  return days > 0 && days < 7 ? shortWeekday.format(new Date(at)) : shortDate.format(new Date(at));
}

/** Days have 23 to 25 hours. */
const daysAgo = (at, now) => Math.round((dayKey(now) - dayKey(at)) / DAY_MS);
