// Shows instants in the reader's own time zone and language.

const clockFace = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const clockSeconds = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" });
const weekday = new Intl.DateTimeFormat(undefined, { weekday: "short" });
const weekdayLong = new Intl.DateTimeFormat(undefined, { weekday: "long" });
const dayMonth = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "long" });
const dayMonthShort = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short" });
const dateShort = new Intl.DateTimeFormat(undefined, { day: "2-digit", month: "2-digit", year: "2-digit" });
const dateLong = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "long", year: "numeric" });

const relatives = new Map();

// How long it is still, in the language of whose phone it is.
function relativeIn(language) {
  if (!relatives.has(language)) relatives.set(language, new Intl.RelativeTimeFormat(language || undefined, { numeric: "auto" }));
  return relatives.get(language);
}

const asDate = (unix) => new Date(unix * 1000);

export const timeOf = (unix) => clockFace.format(asDate(unix));

export const preciseTimeOf = (unix) => clockSeconds.format(asDate(unix));

export const topDate = (unix) => `${weekday.format(asDate(unix))} ${dayMonthShort.format(asDate(unix))}`;

export const fullMoment = (unix) => `${dateLong.format(asDate(unix))}, ${clockSeconds.format(asDate(unix))}`;

export function dayKey(unix) {
  const day = asDate(unix);
  return `${day.getFullYear()}-${day.getMonth()}-${day.getDate()}`;
}

export function dayName(unix, now) {
  if (dayKey(unix) === dayKey(now)) return "Today";
  if (dayKey(unix) === dayKey(now - 86400)) return "Yesterday";
  const sameYear = asDate(unix).getFullYear() === asDate(now).getFullYear();
  return (sameYear ? dayMonth : dateLong).format(asDate(unix));
}

export function listTime(unix, now) {
  if (dayKey(unix) === dayKey(now)) return timeOf(unix);
  if (Math.abs(now - unix) < 6 * 86400) return weekday.format(asDate(unix));
  return dateShort.format(asDate(unix));
}

export function fromNow(unix, now, language = "") {
  const relative = relativeIn(language);
  const left = unix - now;
  for (const [unit, seconds] of [["day", 86400], ["hour", 3600], ["minute", 60]]) {
    if (Math.abs(left) >= seconds) return relative.format(Math.round(left / seconds), unit);
  }
  return relative.format(Math.round(left), "second");
}

// The format letters of a date_time entity: r | w?[dD]?[tT]?
export function entityTime(unix, format, now, language) {
  if (format.includes("r")) return fromNow(unix, now, language);
  const parts = [];
  if (format.includes("w")) parts.push(weekdayLong.format(asDate(unix)));
  if (format.includes("d")) parts.push(dateShort.format(asDate(unix)));
  if (format.includes("D")) parts.push(dateLong.format(asDate(unix)));
  if (format.includes("t")) parts.push(timeOf(unix));
  if (format.includes("T")) parts.push(preciseTimeOf(unix));
  return parts.join(", ");
}

export function offsetWords(seconds) {
  if (Math.abs(seconds) < 30) return "";
  const days = Math.floor(seconds / 86400);
  const hours = Math.floor((seconds % 86400) / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  return `+${[days && `${days} d`, hours && `${hours} h`, minutes && `${minutes} min`].filter(Boolean).join(" ")}`;
}
