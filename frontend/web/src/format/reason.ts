const words: Record<string, string> = {
  required: 'Field missing',
  duplicate_field: 'Field given twice',
  wrong_type: 'Wrong type of value',
  too_long: 'Text too long',
  bad_characters: 'Characters not allowed',
  unknown_currency: 'Unknown currency',
  same_currency: 'Same currency twice',
  must_be_positive: 'Not above zero',
  out_of_range: 'Number out of range',
  too_precise: 'Too many digits',
  bad_time: 'Not a real time',
  unknown_country: 'Unknown country',
  malformed_json: 'Not valid JSON',
};

/** A reject code in words; one that is new here is at least readable. */
export function reason(code: string): string {
  const key = code.replaceAll('-', '_');
  const known = words[key];
  if (known) return known;
  const plain = key.replaceAll('_', ' ');
  return plain.charAt(0).toUpperCase() + plain.slice(1);
}
