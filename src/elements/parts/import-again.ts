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
    const address = tries === 0 ? undefined : ADDRESS.exec(String(error))?.[0];
    if (address === undefined) throw error;
    const url = new URL(address);
    url.searchParams.set('again', String(tries));
    return await import(/* @vite-ignore */ /* webpackIgnore: true */ url.href);
  }
}
