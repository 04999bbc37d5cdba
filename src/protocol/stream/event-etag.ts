/** Returns the `ETag` of one event: the log and the append that it is of. Undefined for an event without a tag. */
export function eventETag(logId: string, tag: string): string | undefined {
  return tag === '' ? undefined : `"${logId}-${tag}"`;
}

/** True when an `ETag`, also one that a proxy made weak, can be of an event of this log. */
export function isETagOfLog(etag: string, logId: string): boolean {
  return etag.replace(/^W\//, '').startsWith(`"${logId}-`);
}
