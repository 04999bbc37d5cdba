/** The address in the error of a failed import: Chromium and Firefox name it, WebKit does not. */
const ADDRESS = /https?:\/\/\S+/;

/**
 * Repeats a failed import. Some browsers remember that a module could not be fetched and never request it again (Firefox
 * before 155, Chromium for a while): then this requests the same file with `?again=` and the number of the try.
 *
 * @throws what the import throws
 */
export async function importAgain<Module>(load: () => Promise<Module>, tries: number): Promise<Module> {
  try {
    return await load();
  } catch (error) {
    const known = tries === 0 ? undefined : ADDRESS.exec(String(error))?.[0];
    if (known === undefined) throw error;
    const url = new URL(known);
    url.searchParams.set('again', String(tries));
    const address = url.href;
    // A template: for any other expression, Vite's server adds its own client to the page.
    return await import(/* @vite-ignore */ /* webpackIgnore: true */ `${address}`);
  }
}
