const names = new Intl.DisplayNames('en', { type: 'region', fallback: 'code' });
let codes: ReadonlyMap<string, string> | null = null;

export function countryName(code: string): string {
  try {
    return names.of(code) ?? code;
  } catch {
    return code; // Not shaped like a country code.
  }
}

/** `FR` of `France` in any case; null for a name that is none. */
export function codeOfCountry(name: string): string | null {
  codes ??= readCodes();
  return codes.get(name.trim().toLowerCase()) ?? null;
}

function readCodes(): Map<string, string> {
  const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];
  const known = letters.flatMap((first) => letters.map((second) => first + second))
    // A code that was given up stands for the one that took its place: DD for DE.
    .filter((code) => new Intl.Locale(`und-${code}`).region === code && countryName(code) !== code);
  return new Map(known.map((code) => [countryName(code).toLowerCase(), code]));
}
