/** The characters that are not drawn, and so can stand within an address unseen. */
const INVISIBLE = /\p{Default_Ignorable_Code_Point}/gu;

/** Maximum length of a link's text that is read, in characters. */
const MAX_TEXT_LENGTH = 1000;

/**
 * The host or mail address to which a link leads, when its text shows another one: `https://a.example` for a link to
 * `https://b.example`. Undefined for any other link. `url` is absolute and normalised.
 */
export function hiddenTarget(text: string, url: string): string | undefined {
  const { protocol, host, pathname } = new URL(url);
  const target = protocol === 'mailto:' ? decodeAddress(pathname) : host;
  const shown = text.slice(0, MAX_TEXT_LENGTH).normalize('NFKC').replaceAll(INVISIBLE, '');
  const addresses = shown.split(/\s+/).flatMap(addressesIn);
  return addresses.every((address) => isSame(address, target)) ? undefined : target;
}

/** The part of a word that looks like a host: before its path, and on both sides of an `@`. */
function addressesIn(word: string): readonly string[] {
  const isUrl = /^\W*[a-z][a-z\d+.-]{0,20}:\/\//i.test(word);
  const start = isUrl ? word.indexOf('://') + 3 : 0;
  const [authority = ''] = word.slice(start).split(/[/?#\\]/, 1);
  return authority
    .split('@')
    .map((part) => part.replaceAll(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, ''))
    .filter((part) => /[\p{L}\p{N}][.。]\p{L}{2,}/u.test(part));
}

/** True when an address is the target, its domain, or differs only in `www.`. */
function isSame(address: string, target: string): boolean {
  const host = target.slice(target.lastIndexOf('@') + 1);
  return [target, host].some((known) => bare(known) === bare(address));
}

/** The host as URLs have it; an address that cannot be one stays as it is. */
function bare(address: string): string {
  const url = `https://${address}`;
  const host = URL.canParse(url) ? new URL(url).host : address;
  return host.replace(/^www\./, '');
}

function decodeAddress(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    // It is not encoded as addresses are.
    return path;
  }
}
