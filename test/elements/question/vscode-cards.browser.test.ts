import { expect } from '@open-wc/testing';
import { accessibilityProblems } from '../../support/elements/page.js';
import { CARD_STATES, QUESTIONS } from '../../support/elements/question-states.js';
import { show } from '../../support/elements/question-support.js';
import { applyTheme, leaveTheme, VSCODE_THEMES, vscodeTheme } from '../../support/elements/vscode-theme.js';

for (const name of VSCODE_THEMES) {
  describe(`in a webview of VS Code with its theme ${name}, axe finds no violations`, () => {
    before(async () => applyTheme(await vscodeTheme(name)));
    after(leaveTheme);

    for (const [question, make] of QUESTIONS) {
      it(`with ${question}, in any state`, async () => {
        for (const [state, properties, pressed] of CARD_STATES) {
          const card = await show(make());
          card.element.style.colorScheme = /light/.test(name) ? 'light' : 'dark';
          await card.set(properties);
          if (pressed !== undefined && card.hasButton(pressed)) await card.press(pressed);
          expect(await accessibilityProblems(card.element), state).to.deep.equal([]);
        }
      });
    }
  });
}
