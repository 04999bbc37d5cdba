/** Content-Security-Policy of a page with the panel: it may load its own files and the media of a run. */
export const PAGE_POLICY = [
  "default-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "media-src 'self' data: blob:",
  "object-src 'none'",
  "base-uri 'none'",
].join('; ');
