/** The splitter between the list and the session. */
import { expect } from '@open-wc/testing';
import {
  accessibilityProblems,
  emptyPage,
  forgetful,
  mountPanel,
  one,
  settled,
} from '../../support/elements/page.js';
import { load, row } from '../../support/elements/sample.js';

const widthOf = (panel: Element) => Math.round(one(panel, '.side').getBoundingClientRect().width);

function press(splitter: HTMLElement, key: string): void {
  splitter.dispatchEvent(
    new KeyboardEvent('keydown', { key, bubbles: true, composed: true, cancelable: true }),
  );
}

describe('the splitter between list and session', () => {
  afterEach(emptyPage);

  it('moves by keys within limits, says where it is, and is remembered', async () => {
    const memory = forgetful();
    const { panel, history } = await mountPanel({ memory });
    load(history, [row('a')]);
    await settled(panel);
    const splitter = one(panel, '.splitter');
    const usual = widthOf(panel);
    splitter.focus();
    expect(splitter.ariaValueNow).to.equal(String(usual));
    press(splitter, 'ArrowRight');
    expect(widthOf(panel)).to.equal(usual + 16);
    expect(splitter.ariaValueNow).to.equal(String(usual + 16));
    press(splitter, 'Home');
    expect(widthOf(panel)).to.equal(240);
    press(splitter, 'End');
    expect(splitter.ariaValueNow).to.equal(splitter.ariaValueMax);
    expect(widthOf(panel)).to.equal(one(panel, '.body').clientWidth - 300);
    press(splitter, 'Enter');
    expect(widthOf(panel)).to.equal(usual);
    press(splitter, 'ArrowLeft');
    expect(await accessibilityProblems(panel)).to.deep.equal([]);
    emptyPage();
    const again = await mountPanel({ memory });
    expect(widthOf(again.panel)).to.equal(usual - 16);
  });

  it('moves with the pointer, and a double click restores the usual width', async () => {
    const { panel } = await mountPanel({ memory: forgetful() });
    const splitter = one(panel, '.splitter');
    const usual = widthOf(panel);
    splitter.setPointerCapture = () => undefined;
    splitter.hasPointerCapture = () => true;
    const { left } = one(panel, '.body').getBoundingClientRect();
    splitter.dispatchEvent(new PointerEvent('pointerdown', { button: 0 }));
    splitter.dispatchEvent(new PointerEvent('pointermove', { clientX: left + 420 }));
    expect(widthOf(panel)).to.equal(420);
    splitter.dispatchEvent(new MouseEvent('dblclick'));
    expect(widthOf(panel)).to.equal(usual);
  });

  it('is gone where the session covers the list', async () => {
    const { panel } = await mountPanel({ width: 360, memory: forgetful() });
    expect(getComputedStyle(one(panel, '.splitter')).display).to.equal('none');
  });
});
