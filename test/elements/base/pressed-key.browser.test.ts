import { expect } from '@open-wc/testing';
import { pressedDigit, pressedKey } from '../../../src/elements/base/pressed-key.js';
import { panelKeyOf } from '../../../src/elements/panel/panel-keys.js';

function down(key: string, code: string, init: KeyboardEventInit = {}): KeyboardEvent {
  return new KeyboardEvent('keydown', { key, code, ...init });
}

/** What the keys of n, z, c, r, p, j and k type on layouts without Latin letters. */
const LAYOUTS: Readonly<Record<string, string>> = {
  Russian: 'тясклзо',
  Ukrainian: 'тяскзол',
  Bulgarian: 'хюъипвк',
  Greek: 'νζψρπξκ',
  Hebrew: 'מזברפחל',
  Arabic: 'ىئؤقحتن',
  Persian: 'دظزقحتن',
  Thai: 'ืผแพยาี'.normalize('NFC'),
  Hindi: 'लॆमहरजक',
  Georgian: 'ნზცრპჯკ',
  Armenian: 'նզցրպյկ',
};

describe('the key of a shortcut', () => {
  for (const [layout, typed] of Object.entries(LAYOUTS)) {
    it(`is that of the same place on a ${layout} layout`, () => {
      const codes = ['n', 'z', 'c', 'r', 'p', 'j', 'k'];
      [...typed].forEach((key, index) => {
        const letter = codes[index] ?? '';
        expect(pressedKey(down(key, `Key${letter.toUpperCase()}`))).to.equal(letter);
      });
    });
  }

  it('is the letter on the key where the layout is Latin, wherever the key is', () => {
    // AZERTY has z at the key of w, Dvorak n at the key of l, QWERTZ z at the key of y.
    expect(pressedKey(down('z', 'KeyW'))).to.equal('z');
    expect(pressedKey(down('n', 'KeyL'))).to.equal('n');
    expect(pressedKey(down('y', 'KeyZ'))).to.equal('y');
    expect(pressedKey(down('é', 'Digit2'))).to.equal('é');
    expect(pressedKey(down('/', 'Digit7', { shiftKey: true }))).to.equal('/');
    // The key of q types / on a Hebrew layout.
    expect(pressedKey(down('/', 'KeyQ'))).to.equal('/');
  });

  it('is a sign as well: / and ? of Arabic layouts', () => {
    expect(pressedKey(down('ظ', 'Slash'))).to.equal('/');
    expect(pressedKey(down('؟', 'Slash', { shiftKey: true }))).to.equal('?');
  });

  it('does not depend on Caps Lock', () => {
    expect(pressedKey(down('N', 'KeyN', { modifierCapsLock: true }))).to.equal('n');
    expect(pressedKey(down('n', 'KeyN', { modifierCapsLock: true, shiftKey: true }))).to.equal('N');
  });

  it('is nothing while a character is composed or typed with AltGraph, and for dead keys', () => {
    const withAltGraph = down('ñ', 'KeyN', { modifierAltGraph: true });
    const typed = [
      down('n', 'KeyN', { isComposing: true }),
      down('Process', 'KeyN', { keyCode: 229 }),
      down('Escape', 'Escape', { isComposing: true }),
      down('Dead', 'KeyN'),
      // WebKit knows no AltGraph.
      ...(withAltGraph.getModifierState('AltGraph') ? [withAltGraph] : []),
    ];
    for (const event of typed) {
      expect(pressedKey(event)).to.equal('');
      expect(pressedDigit(event)).to.equal(undefined);
      expect(panelKeyOf(event)).to.equal(undefined);
    }
  });

  it('is a digit on AZERTY and Czech layouts without Shift, and not on a number pad without Num Lock', () => {
    expect(pressedDigit(down('&', 'Digit1'))).to.equal(1);
    expect(pressedDigit(down('1', 'Digit1', { shiftKey: true }))).to.equal(1);
    expect(pressedDigit(down('ě', 'Digit2'))).to.equal(2);
    expect(pressedDigit(down('!', 'Digit1', { shiftKey: true }))).to.equal(undefined);
    expect(pressedDigit(down('End', 'Numpad1'))).to.equal(undefined);
    expect(pressedDigit(down('1', 'Numpad1'))).to.equal(1);
  });
});

describe('a key of the panel', () => {
  it('works on Cyrillic, Greek, Hebrew and Arabic layouts, with Caps Lock, and is no typed character', () => {
    for (const key of ['т', 'ν', 'מ', 'ى', 'N'])
      expect(panelKeyOf(down(key, 'KeyN'))).to.equal('next-question');
    for (const key of ['я', 'ζ', 'ז', 'ئ', 'z', 'Z']) {
      expect(panelKeyOf(down(key, 'KeyZ', { ctrlKey: true }))).to.equal('undo');
      expect(panelKeyOf(down(key, 'KeyZ', { metaKey: true }))).to.equal('undo');
      expect(panelKeyOf(down(key, 'KeyZ', { ctrlKey: true, shiftKey: true }))).to.equal(undefined);
    }
    expect(panelKeyOf(down('т', 'KeyN', { altKey: true }))).to.equal(undefined);
    expect(panelKeyOf(down('т', 'KeyN', { ctrlKey: true }))).to.equal(undefined);
  });
});
