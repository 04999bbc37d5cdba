/** A module that is there from the start, or is loaded when it is first needed. */
export interface OnDemand<Module> {
  /** The module, if it is there. */
  readonly now: Module | undefined;
  /** Resolves with the module as soon as it is there, also when another caller loads it. Never rejects. */
  readonly loaded: Promise<Module>;
  /** Resolves with the module. Rejects with what the import throws; a later call tries again. */
  load(): Promise<Module>;
}

/** A module that is there from the start. */
export function present<Module>(module: Module): OnDemand<Module> {
  const loaded = Promise.resolve(module);
  return { now: module, loaded, load: () => loaded };
}

/** A module that `load` imports when it is first needed. */
export function onDemand<Module>(load: () => Promise<Module>): OnDemand<Module> {
  let now: Module | undefined;
  let resolve: (module: Module) => void;
  const loaded = new Promise<Module>((whenLoaded) => {
    resolve = whenLoaded;
  });
  return {
    get now() {
      return now;
    },
    loaded,
    async load() {
      now ??= await load();
      resolve(now);
      return now;
    },
  };
}
