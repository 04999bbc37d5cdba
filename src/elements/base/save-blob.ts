/** Lets the browser download a blob as a file with this name. */
export function saveBlob(blob: Blob, name: string): void {
  const url = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The browser has begun to read it once this task has ended.
  setTimeout(() => URL.revokeObjectURL(url));
}
