import { importAgain } from '../../loading/import-again.js';
import { loadOnce } from '../../loading/load-once.js';
import { registerElements, type ElementsByTag } from './register-elements.js';

/** What the panel says in its parts: the first view has only texts of its own. */
const loadTexts = loadOnce(() => import('../strings/english.js'));

/** The module of a part. */
export interface PartModule {
  /** The elements that it adds. */
  readonly elements?: ElementsByTag;
  /** Parts that its elements show, for `fetchAhead`. */
  readonly parts?: readonly LazyPart[];
}

/**
 * A part of the panel whose code is loaded when it is shown, as a chunk of its own, with the texts of all parts. What is loaded is a fact of the page,
 * as its registered elements are, so each part is one constant for all panels.
 */
export class LazyPart<Module extends PartModule = PartModule> {
  readonly #first: () => Promise<Module>;
  readonly #others: readonly (() => Promise<PartModule>)[];
  readonly #listeners = new Set<() => void>();
  #module: Module | undefined;
  #parts: readonly LazyPart[] = [];
  #loading: Promise<boolean> | undefined;
  /** Whether someone waits for it: then its failure counts. */
  #isWanted = false;
  #tries = 0;
  #failures = 0;

  /**
   * @param first imports the module itself, not something made of it: a failed import may be repeated by another address
   * @param others more modules, which are loaded at the same time
   */
  constructor(first: () => Promise<Module>, ...others: readonly (() => Promise<PartModule>)[]) {
    this.#first = first;
    this.#others = others;
  }

  /** The first module of the part; undefined until all of it is loaded and its elements are registered. */
  get module(): Module | undefined {
    return this.#module;
  }

  /** The parts that its elements show. */
  get parts(): readonly LazyPart[] {
    return this.#parts;
  }

  /** True while it is being loaded. */
  get isLoading(): boolean {
    return this.#loading !== undefined;
  }

  /** How often in a row it could not be loaded although someone waited for it. */
  get failures(): number {
    return this.#failures;
  }

  /** Loads the part, again if it could not be loaded before. Resolves with whether it is there; never rejects. */
  load(): Promise<boolean> {
    this.#isWanted = true;
    return this.fetchAhead();
  }

  /** Loads the part before anyone waits for it: if that fails (the server is away), it is loaded again when it is shown. */
  fetchAhead(): Promise<boolean> {
    if (this.#module !== undefined) return Promise.resolve(true);
    if (this.#loading === undefined) {
      this.#loading = this.#tryToLoad();
      this.#notify();
    }
    return this.#loading;
  }

  /** Calls `onChange` whenever a getter changes. Returns the function that ends it. */
  subscribe(onChange: () => void): () => void {
    this.#listeners.add(onChange);
    return () => this.#listeners.delete(onChange);
  }

  async #tryToLoad(): Promise<boolean> {
    try {
      const tries = this.#tries;
      const [module, ...others] = await Promise.all([
        importAgain(this.#first, tries),
        ...this.#others.map((load) => importAgain(load, tries)),
        loadTexts().then((): PartModule => ({})),
      ]);
      const modules = [module, ...others];
      for (const { elements } of modules) registerElements(elements ?? {});
      this.#parts = modules.flatMap(({ parts = [] }) => parts);
      this.#module = module;
      this.#failures = 0;
    } catch (error) {
      this.#tries += 1;
      if (this.#isWanted) {
        this.#failures += 1;
        // oxlint-disable-next-line no-console -- the panel says that it failed, but not why
        console.warn('graph-sessions: a part of the panel could not be loaded.', error);
      }
    }
    this.#isWanted = false;
    this.#loading = undefined;
    this.#notify();
    return this.#module !== undefined;
  }

  #notify(): void {
    for (const listener of this.#listeners) listener();
  }
}
