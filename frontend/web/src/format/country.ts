const names = new Intl.DisplayNames('en', { type: 'region', fallback: 'code' });

export function countryName(code: string): string {
  try {
    return names.of(code) ?? code;
  } catch {
    return code; // Not shaped like a country code.
  }
}
