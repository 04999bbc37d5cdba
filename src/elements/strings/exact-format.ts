/**
 * Returns what writes a number with all its digits, as a language with the digits 0 to 9 does (“1,234.5”). The format
 * is made once: making it for each number takes longer than drawing what the number stands in.
 */
export function exactFormat(locale: string): (value: number) => string {
  let format: Intl.NumberFormat | undefined;
  return (value) => {
    // Most numbers are small counts, and the first format of a page takes several milliseconds.
    if (Number.isInteger(value) && value >= 0 && value < 1000 && !Object.is(value, -0)) return String(value);
    format ??= new Intl.NumberFormat(locale, { maximumFractionDigits: 20 });
    return format.format(value);
  };
}
