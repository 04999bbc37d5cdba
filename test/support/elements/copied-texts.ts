/** Records what the page copies to the clipboard from now on, in place of copying it; `restore` ends that. */
export function copiedTexts(): { readonly texts: readonly string[]; readonly restore: () => void } {
  const texts: string[] = [];
  const original = navigator.clipboard.writeText;
  const { write } = navigator.clipboard;
  navigator.clipboard.writeText = (text) => Promise.resolve(void texts.push(text));
  navigator.clipboard.write = async (items) => {
    for (const item of items) texts.push(await (await item.getType('text/plain')).text());
  };
  return {
    texts,
    restore: () => {
      navigator.clipboard.writeText = original;
      navigator.clipboard.write = write;
    },
  };
}
