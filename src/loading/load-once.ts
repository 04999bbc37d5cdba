import { importAgain } from './import-again.js';

/**
 * Returns a function that loads a module when it is first called, and again only if that has failed. It rejects with what
 * the import throws.
 */
export function loadOnce<Module>(load: () => Promise<Module>): () => Promise<Module> {
  let module: Promise<Module> | undefined;
  let tries = 0;
  const tryToLoad = async (): Promise<Module> => {
    try {
      return await importAgain(load, tries);
    } catch (error) {
      tries += 1;
      module = undefined;
      throw error;
    }
  };
  return () => (module ??= tryToLoad());
}
