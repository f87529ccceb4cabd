/**
 * Options as they are, or those of a representation handed over where its JSON is asked for, as its type allows: what it has besides are no
 * options.
 */
export const plainOptions = <Options extends object>(options: Options & { readonly toJSON?: () => Options }): Options =>
  options.toJSON?.() ?? options;
