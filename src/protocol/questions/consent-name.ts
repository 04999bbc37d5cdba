/** English names of the permissions that known kinds of consent grant. */
const CONSENT_NAMES: ReadonlyMap<string, string> = new Map([['GET_ANY_WEBPAGE', 'read any web page']]);

/** Names the permission of a consent: `GET_ANY_WEBPAGE` is “read any web page”, `SEND_MAIL` “send mail”. */
export function consentName(consentType: string): string {
  return CONSENT_NAMES.get(consentType) ?? consentType.replaceAll('_', ' ').toLowerCase();
}
