import { expect } from '@open-wc/testing';
import { html, LitElement, type TemplateResult } from 'lit';
import { layoutList } from '../../../../src/elements/base/rows/list-layout.js';
import { ResizeController } from '../../../../src/elements/base/resize-controller.js';
import { VirtualList } from '../../../../src/elements/base/rows/virtual-list.js';
import { all, box, emptyPage, one, settled, until } from '../../../support/elements/page.js';

const ROW_EM = 2;

/** A virtual list of numbers. */
class NumberList extends LitElement {
  readonly list = new VirtualList(this, { rowEm: ROW_EM });
  count = 10_000;
  isAtEnd = false;

  protected override render(): TemplateResult {
    const layout = layoutList(this.count, [], this.list.heights);
    const { start, end } = this.list.show(layout, this.isAtEnd);
    const rows = Array.from({ length: end - start }, (_, index) => start + index);
    return html`<div class="scroller" style="block-size:100%;overflow:auto" @scroll=${this.#onScroll}>
      <div style="position:relative;block-size:${layout.height}px">
        ${rows.map((row) => html`<p style="position:absolute;top:${layout.top(row)}px">${row}</p>`)}
      </div>
    </div>`;
  }

  readonly #onScroll = (): void => {
    if (this.list.isOutOfDate()) this.requestUpdate();
  };
}
customElements.define('test-number-list', NumberList);

async function mount(style: string): Promise<NumberList> {
  const element = new NumberList();
  element.style.cssText = `display:block;${style}`;
  box().append(element);
  await settled(element);
  return element;
}

const shown = (element: NumberList) => all(element, 'p').map(({ textContent }) => Number(textContent));

describe('VirtualList', () => {
  afterEach(emptyPage);

  it('has the heights of the element’s font before anything is drawn', async () => {
    const element = new NumberList();
    element.style.fontSize = '20px';
    box().append(element);
    await element.updateComplete;
    expect(element.list.heights).to.deep.equal({ row: 40, heading: 0, tall: 0 });
  });

  it('renders the rows in view and a few around them, and others after scrolling', async () => {
    const element = await mount('block-size:200px;font-size:10px');
    expect(shown(element)[0]).to.equal(0);
    expect(shown(element).length).to.be.within(11, 25);
    one(element, '.scroller').scrollTop = 100_000;
    await until(() => shown(element).includes(5000));
    expect(shown(element)).to.include(5009);
    expect(shown(element).length).to.be.below(40);
  });

  it('renders more rows when the element gets higher, and fewer when its font grows', async () => {
    const element = await mount('block-size:200px;font-size:10px');
    const before = shown(element).length;
    element.style.blockSize = '600px';
    await until(() => shown(element).length === before + 20);
    // A font alone does not change the size of the box; the reader's zoom and a change of layout do.
    element.style.fontSize = '20px';
    element.style.blockSize = '601px';
    await until(() => element.list.heights.row === 40);
    await settled(element);
    expect(shown(element).length).to.be.below(before + 20);
  });

  it('renders the end before the element has scrolled there', async () => {
    const element = await mount('block-size:200px;font-size:10px');
    element.isAtEnd = true;
    element.requestUpdate();
    await settled(element);
    expect(shown(element).at(-1)).to.equal(9999);
  });

  it('scrolls just far enough to reveal a row, and pages by what is in view', async () => {
    const element = await mount('block-size:200px;font-size:10px');
    element.list.reveal(50);
    expect(element.list.scroller?.scrollTop).to.equal(51 * 20 - 200);
    element.list.reveal(49);
    expect(element.list.scroller?.scrollTop).to.equal(51 * 20 - 200);
    element.list.reveal(3);
    expect(element.list.scroller?.scrollTop).to.equal(60);
    expect(element.list.rowsPerPage).to.equal(9);
  });
});

/** An element that gets higher with each of its first resizes. */
class Growing extends LitElement {
  resizes = 0;

  constructor() {
    super();
    this.addController(
      new ResizeController(this, () => {
        this.resizes += 1;
        if (this.resizes < 4) this.style.blockSize = `${this.resizes * 50}px`;
      }),
    );
  }
}
customElements.define('test-growing', Growing);

describe('ResizeController', () => {
  afterEach(emptyPage);

  it('lets an element resize itself without an error of the page, until it is removed', async () => {
    const errors: string[] = [];
    const onError = (event: ErrorEvent): void => void errors.push(event.message);
    window.addEventListener('error', onError);
    try {
      const element = new Growing();
      element.style.display = 'block';
      box().append(element);
      await until(() => element.resizes === 4);
      expect(errors).to.deep.equal([]);
      element.remove();
      box().append(element);
      await until(() => element.resizes === 5);
      element.style.blockSize = '10px';
      element.remove();
      await settled(document.body);
      expect(element.resizes).to.equal(5);
    } finally {
      window.removeEventListener('error', onError);
    }
  });
});
