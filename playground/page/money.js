// Writes minor units as money.

const WHOLE = new Set(["XTR", "JPY", "KRW", "VND", "CLP", "ISK", "UGX"]);

export function money(minor, currency) {
  if (currency === "XTR") return `⭐ ${minor}`;
  const digits = WHOLE.has(currency) ? 0 : 2;
  try {
    return new Intl.NumberFormat(undefined, { style: "currency", currency, minimumFractionDigits: digits }).format(minor / 10 ** digits);
  } catch {
    return `${(minor / 10 ** digits).toFixed(digits)} ${currency}`;
  }
}
