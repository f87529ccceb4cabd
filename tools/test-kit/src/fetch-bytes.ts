/** A file the test server hands out. For what it does not have, it sends its start page. */
export async function fetchBytes(url: string): Promise<Uint8Array> {
  const response = await fetch(url);
  if (!response.ok || response.headers.get('content-type')?.startsWith('text/html')) {
    throw new Error(`test-kit: expected a file at ${url}, found status ${response.status}`);
  }
  return new Uint8Array(await response.arrayBuffer());
}
