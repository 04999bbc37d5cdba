/** Rows of two lines, or of one. */
export type ListDensity = 'comfortable' | 'compact';

/** Reads a density that was stored as text; `comfortable` for anything else. */
export function parseDensity(text: string | undefined): ListDensity {
  return text === 'compact' ? text : 'comfortable';
}
