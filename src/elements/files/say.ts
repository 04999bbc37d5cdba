/** Shows a message of the panel; one that is no error disappears by itself. Undefined removes it. */
export type Say = (notice: { readonly text: string; readonly isError: boolean } | undefined) => void;
