/** A file that the page has offered to save. */
export interface SavedFile {
  readonly name: string;
  readonly blob: Blob;
}

/** Records the files that the page saves from now on, in place of saving them; `restore` ends that. */
export function savedFiles(): { readonly files: readonly SavedFile[]; readonly restore: () => void } {
  const files: SavedFile[] = [];
  const blobs = new Map<string, Blob>();
  const { createObjectURL } = URL;
  const { click } = HTMLAnchorElement.prototype;
  URL.createObjectURL = (object) => {
    const url = createObjectURL.call(URL, object);
    if (object instanceof Blob) blobs.set(url, object);
    return url;
  };
  HTMLAnchorElement.prototype.click = function () {
    const blob = blobs.get(this.href);
    if (blob === undefined) click.call(this);
    else files.push({ name: this.download, blob });
  };
  return {
    files,
    restore: () => {
      URL.createObjectURL = createObjectURL;
      HTMLAnchorElement.prototype.click = click;
    },
  };
}
