// Sizes as people say them.

const UNITS = ["byte", "kilobyte", "megabyte", "gigabyte"];

export function sizeOf(bytes) {
  const power = Math.min(UNITS.length - 1, bytes < 1_000 ? 0 : Math.floor(Math.log10(bytes) / 3));
  return new Intl.NumberFormat(undefined, { style: "unit", unit: UNITS[power], maximumSignificantDigits: 3, unitDisplay: "short" })
    .format(bytes / 1_000 ** power);
}
