/**
 * Puts a number in front of the page's title: “(2) My editor”. The host may change its title meanwhile.
 * Off until it is given a number; 0 leaves the title as the host wrote it.
 */
export class TitleCount {
  #prefix = '';
  #count = 0;
  #observer: MutationObserver | undefined;

  show(count: number): void {
    if (count === this.#count) return;
    this.#count = count;
    if (count === 0) {
      this.#observer?.disconnect();
      this.#observer = undefined;
    }
    this.#write();
    if (count === 0 || this.#observer !== undefined) return;
    this.#observer = new MutationObserver(() => this.#write());
    this.#observer.observe(document.head, { childList: true, subtree: true, characterData: true });
  }

  #write(): void {
    const { title } = document;
    const bare = title.startsWith(this.#prefix) ? title.slice(this.#prefix.length) : title;
    this.#prefix = this.#count === 0 ? '' : `(${this.#count}) `;
    // The observer sees this as well; writing only what differs ends that.
    if (title !== this.#prefix + bare) document.title = this.#prefix + bare;
  }
}
