/** Makes a response of JSON that must not be stored. */
export function jsonResponse(body: string, headers: Readonly<Record<string, string>> = {}): Response {
  return new Response(body, {
    headers: { 'Content-Type': 'application/json', 'Cache-Control': 'no-store', ...headers },
  });
}
