/**
 * What a draft is made of: how often each tab has changed it, by the tab's id (a version vector). Of two
 * drafts that have seen each other, one includes the other; else each has something that the other has not.
 */
export type DraftVersions = Readonly<Record<string, number>>;

/** True when a draft of versions `a` was made with all of `b` in sight. */
export function includesVersions(a: DraftVersions, b: DraftVersions): boolean {
  return Object.entries(b).every(([tab, count]) => (a[tab] ?? 0) >= count);
}

/** Of each tab the newer. */
export function mergedVersions(a: DraftVersions, b: DraftVersions): DraftVersions {
  const merged: Record<string, number> = { ...a };
  for (const [tab, count] of Object.entries(b)) merged[tab] = Math.max(merged[tab] ?? 0, count);
  return merged;
}
