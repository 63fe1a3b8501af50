// Times as people say them.

const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });
const weekday = new Intl.DateTimeFormat(undefined, { weekday: "long" });
const date = new Intl.DateTimeFormat(undefined, { dateStyle: "long" });
const short = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short" });
const full = new Intl.DateTimeFormat(undefined, { dateStyle: "full", timeStyle: "medium" });
const DAY = 86_400_000;

export const timeOfDay = (at) => clock.format(new Date(at));
export const exactly = (at) => full.format(new Date(at));
export const dayKey = (at) => new Date(at).toDateString();

export function dayName(at, now = Date.now()) {
  const days = daysAgo(at, now);
  if (days === 0) return "Today";
  if (days === 1) return "Yesterday";
  return days < 7 ? weekday.format(new Date(at)) : date.format(new Date(at));
}

/** For a list: the time today, the weekday this week, the date before. */
export function briefly(at, now = Date.now()) {
  const days = daysAgo(at, now);
  if (days === 0) return timeOfDay(at);
  return days < 7 ? weekday.format(new Date(at)).slice(0, 3) : short.format(new Date(at));
}

function daysAgo(at, now) {
  return Math.round((new Date(now).setHours(0, 0, 0, 0) - new Date(at).setHours(0, 0, 0, 0)) / DAY);
}
