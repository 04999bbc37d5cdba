/** Records what the page copies to the clipboard from now on, in place of copying it; `restore` ends that. */
export function copiedTexts(): { readonly texts: readonly string[]; readonly restore: () => void } {
  const texts: string[] = [];
  const original = navigator.clipboard.writeText;
  navigator.clipboard.writeText = (text) => Promise.resolve(void texts.push(text));
  return {
    texts,
    restore: () => {
      navigator.clipboard.writeText = original;
    },
  };
}
