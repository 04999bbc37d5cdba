import { expect } from '@open-wc/testing';
import { sendKeys } from '@web/test-runner-commands';
import { NONE_OF_THE_ABOVE } from '../../../src/protocol/questions/interactions.js';
import { accessibilityProblems, settled, until } from '../../support/elements/page.js';
import {
  ask,
  askForm,
  askMood,
  pictureFile,
  askText,
  refused,
  show,
  type Card,
  pasteOf,
} from '../../support/elements/question-support.js';

const text = (content: string) => ({ kind: 'text', content: { role: 'user', parts: [{ text: content }] } });

/** Presses keys as a person does, and waits for the card. */
async function keys(card: Card, ...presses: readonly string[]): Promise<void> {
  for (const press of presses) {
    const [key = '', ...modifiers] = press.split('+').reverse();
    for (const down of modifiers) await sendKeys({ down });
    await sendKeys({ press: key });
    for (const up of modifiers) await sendKeys({ up });
    await card.element.updateComplete;
  }
}

/** Resolves when the next file that a card reads has been read, after the card was notified. */
function nextRead(): Promise<void> {
  const { readAsDataURL } = FileReader.prototype;
  return new Promise((resolve) => {
    FileReader.prototype.readAsDataURL = function read(blob) {
      FileReader.prototype.readAsDataURL = readAsDataURL;
      this.addEventListener('loadend', () => resolve());
      readAsDataURL.call(this, blob);
    };
  });
}

describe('a question card', () => {
  it('shows the node that asks, and the question', async () => {
    const card = await show(askText());
    expect(card.text).to.contain('Question · Poet').and.to.contain('How many stanzas?');
    const group = card.root.querySelector('[role="group"]')!;
    expect(card.root.getElementById(group.getAttribute('aria-labelledby')!)!.innerText.trim()).to.equal(
      'Question · Poet',
    );
  });

  it('cuts a very long node title to two lines, and has the whole title as tooltip', async () => {
    const name = 'Summarise everything that was found '.repeat(20).trim();
    const card = await show(askText(), { nodeTitle: name });
    const who = card.root.querySelector<HTMLElement>('#who')!;
    expect(who.clientHeight).to.be.at.most(2 * Number.parseFloat(getComputedStyle(who).lineHeight) + 1);
    expect(who.title).to.equal(`Question · ${name}`);
    expect(who.innerText).to.contain(name);
  });

  it('does not take focus when it appears', async () => {
    const card = await show(askText());
    expect(document.activeElement === card.element).to.equal(false);
  });

  it('focuses its control', async () => {
    const card = await show(askForm({ name: { type: 'string' } }));
    card.element.focus();
    expect(card.focused).to.equal('Name');
    const choice = await show(askMood(), { draft: { kind: 'choice', selectedIds: ['playful'] } });
    choice.element.focus();
    expect(choice.focused).to.equal('Playful');
    const consent = await show(ask({ queryConsent: {} }));
    consent.element.focus();
    expect(consent.focused).to.equal('Don’t allow');
  });

  it('shows nothing without a question', async () => {
    const element = document.createElement('sessions-panel-question');
    document.body.append(element);
    await element.updateComplete;
    expect(element.shadowRoot!.querySelectorAll('.card').length).to.equal(0);
    element.remove();
  });

  it('offers Skip when the question allows it', async () => {
    const card = await show(askText({ skipLabel: 'Not now' }));
    await card.press('Not now');
    expect(card.answers).to.deep.equal([{ kind: 'skip' }]);
    expect((await show(askText())).hasButton('Skip')).to.equal(false);
  });

  it('has no style attribute, which a strict content security policy would block', async () => {
    for (const interaction of [askText({ inputType: 'any' }), askMood(), ask({ queryConsent: {} })]) {
      const card = await show(interaction);
      expect(card.count('[style]')).to.equal(0);
    }
  });
});

describe('a request for text', () => {
  it('sends what was typed', async () => {
    const card = await show(askText());
    await card.enter('Your answer', 'Three\nor four');
    await card.press('Send');
    expect(card.answers).to.deep.equal([text('Three\nor four')]);
  });

  for (const press of ['Control+Enter', 'Meta+Enter']) {
    it(`sends with ${press}`, async () => {
      const card = await show(askText());
      card.element.focus();
      await sendKeys({ type: 'Three' });
      await keys(card, press);
      expect(card.answers).to.deep.equal([text('Three')]);
    });
  }

  it('breaks the line with Enter', async () => {
    const card = await show(askText());
    card.element.focus();
    await sendKeys({ type: 'Three' });
    await keys(card, 'Enter');
    expect(card.answers).to.deep.equal([]);
    expect(card.control('Your answer').value).to.equal('Three\n');
  });

  it('does not send an empty answer, and says so at the field', async () => {
    const card = await show(askText());
    await card.enter('Your answer', '  ');
    await card.press('Send');
    expect(card.answers).to.deep.equal([]);
    const field = card.control('Your answer');
    expect(card.problems).to.deep.equal(['Type an answer first']);
    expect(field.getAttribute('aria-invalid')).to.equal('true');
    expect(field.getAttribute('aria-describedby')).to.contain('problem');
    expect(card.focused).to.equal('Your answer');
    await card.enter('Your answer', 'Three');
    expect(card.problems).to.deep.equal([]);
  });
});

describe('files', () => {
  it('are added, shown, removed and sent with the text', async () => {
    const card = await show(askText({ inputType: 'asterisk' }));
    await card.pick(
      new File(['one'], 'one.txt', { type: 'text/plain' }),
      new File(['two'], 'two.bin'),
      new File([], 'empty.txt', { type: 'text/plain' }),
    );
    await until(() => card.count('.file-chip') === 3);
    await card.press('Remove one.txt');
    await card.enter('Your answer', 'See');
    await card.press('Send');
    expect(card.answers).to.deep.equal([
      {
        kind: 'text',
        content: {
          role: 'user',
          parts: [
            { text: 'See' },
            { inlineData: { mimeType: 'application/octet-stream', data: 'dHdv', title: 'two.bin' } },
            { inlineData: { mimeType: 'text/plain', data: '', title: 'empty.txt' } },
          ],
        },
      },
    ]);
  });

  it('are added in the order in which they were chosen, however long each takes, and are waited for', async () => {
    const { readAsDataURL } = FileReader.prototype;
    const held: (() => void)[] = [];
    FileReader.prototype.readAsDataURL = function hold(this: FileReader, file: Blob) {
      if (file instanceof File && file.name.startsWith('slow'))
        held.push(() => readAsDataURL.call(this, file));
      else readAsDataURL.call(this, file);
    };
    try {
      const card = await show(askText({ inputType: 'asterisk' }));
      await card.pick(new File(['1'], 'slow 1'), new File(['2'], 'quick 2'));
      await card.pick(new File(['3'], 'quick 3'), new File(['4'], 'slow 4'));
      await card.enter('Your answer', 'See');
      await card.press('Send');
      expect([card.answers.length, card.count('.file-chip')]).to.deep.equal([0, 0]);
      held.shift()!();
      await until(() => card.count('.file-chip') === 3);
      await card.press('Send');
      expect(card.answers).to.have.length(0);
      held.shift()!();
      await until(() => card.count('.file-chip') === 4);
      await card.press('Send');
      const [answer] = card.answers;
      const parts = answer?.kind === 'text' ? answer.content.parts : [];
      expect(parts.map((part) => ('inlineData' in part ? part.inlineData.title : undefined))).to.deep.equal([
        undefined,
        'slow 1',
        'quick 2',
        'quick 3',
        'slow 4',
      ]);
    } finally {
      FileReader.prototype.readAsDataURL = readAsDataURL;
    }
  });

  it('move the focus to the next one when they are removed, and after the last to the button that adds files', async () => {
    const card = await show(askText({ inputType: 'asterisk' }));
    await card.pick(...['a', 'b', 'c'].map((name) => new File([name], name)));
    await until(() => card.count('.file-chip') === 3);
    for (const [name, next] of [
      ['b', 'Remove c'],
      ['c', 'Remove a'],
      ['a', 'Add files'],
    ] as const) {
      card.button(`Remove ${name}`).focus();
      await card.press(`Remove ${name}`);
      expect(card.focused).to.equal(next);
    }
  });

  it('have a size even when empty', async () => {
    const card = await show(askText({ inputType: 'asterisk' }));
    await card.pick(new File([], 'empty.txt', { type: 'text/plain' }));
    await until(() => card.count('.file-chip') === 1);
    expect(card.text).to.match(/empty\.txt\s+0 bytes/);
  });

  it('are not added, and are named, when they are too large together', async () => {
    const card = await show(askText({ inputType: 'upload' }));
    await card.pick(new File([new Uint8Array(4e6)], 'a.bin'), new File([new Uint8Array(4e6)], 'b.bin'));
    await until(() => card.count('.file-chip') === 1);
    expect(card.text).to.contain('“b.bin” is too large: files can total 6 MB');
    await card.pick(new File([new Uint8Array(3e6)], 'c.bin'));
    await card.element.updateComplete;
    expect(card.text).to.contain('“c.bin” is too large').and.not.to.contain('b.bin');
  });

  it('are read before an answer is sent', async () => {
    const card = await show(askText({ inputType: 'any' }));
    await card.enter('Your answer', 'See');
    await card.pick(new File(['one'], 'one.txt'));
    await card.press('Send');
    expect(card.answers).to.deep.equal([]);
    await until(() => card.count('.file-chip') === 1);
    await card.press('Send');
    expect(card.answers.length).to.equal(1);
  });

  it('are accepted when dropped or pasted', async () => {
    const card = await show(askText({ inputType: 'any' }));
    const field = card.control('Your answer');
    const transfer = new DataTransfer();
    transfer.items.add(new File(['one'], 'one.txt'));
    const over = new DragEvent('dragover', { dataTransfer: transfer, bubbles: true, cancelable: true });
    const drop = new DragEvent('drop', { dataTransfer: transfer, bubbles: true, cancelable: true });
    const paste = pasteOf(transfer);
    for (const event of [over, drop, paste]) {
      field.dispatchEvent(event);
      expect(event.defaultPrevented).to.equal(true);
    }
    await until(() => card.count('.file-chip') === 2);
  });

  it('are accepted anywhere on a card with one drop target, and never opened by the browser', async () => {
    const file = new DataTransfer();
    file.items.add(new File(['x'], 'a.txt', { type: 'text/plain' }));
    const drag = (card: Card, kind: string) => {
      const event = new DragEvent(kind, { dataTransfer: file, bubbles: true, cancelable: true });
      card.root.querySelector('.head')!.dispatchEvent(event);
      return event.defaultPrevented;
    };
    const card = await show(askText({ inputType: 'any' }));
    expect(drag(card, 'dragover')).to.equal(true);
    expect(card.count('[data-drop]')).to.equal(1);
    drag(card, 'dragleave');
    expect(card.count('[data-drop]')).to.equal(0);
    expect([drag(card, 'dragover'), drag(card, 'drop')]).to.deep.equal([true, true]);
    await until(() => card.count('.file-chip') === 1);
    await card.set({ answerState: { phase: 'sending' } });
    expect([drag(card, 'dragover'), card.count('[data-drop]')]).to.deep.equal([true, 0]);
    const content = { behavior: ['llm-content'] };
    for (const interaction of [askText(), askForm({ front: content, back: content })]) {
      const other = await show(interaction);
      expect([drag(other, 'dragover'), drag(other, 'drop')]).to.deep.equal([true, true]);
      expect([other.count('[data-drop]'), other.count('.file-chip')]).to.deep.equal([0, 0]);
    }
  });

  it('mark the drop target while they are dragged over it', async () => {
    const card = await show(askText({ inputType: 'any' }));
    const area = card.root.querySelector<HTMLElement>('.content-input')!;
    const field = card.control('Your answer');
    const files = new DataTransfer();
    files.items.add(new File(['one'], 'one.txt'));
    const text = new DataTransfer();
    text.setData('text/plain', 'one');
    const drag = (kind: string, dataTransfer: DataTransfer, relatedTarget: EventTarget | null = null) =>
      field.dispatchEvent(
        new DragEvent(kind, { dataTransfer, relatedTarget, bubbles: true, cancelable: true, composed: true }),
      );
    const outline = () => getComputedStyle(area).outlineStyle;
    drag('dragover', text);
    expect(outline()).to.equal('none');
    drag('dragover', files);
    expect(outline()).to.equal('dashed');
    drag('dragleave', files, area.querySelector('.add-files'));
    expect(outline(), 'still over another part of it').to.equal('dashed');
    // So it also ends with Escape.
    drag('dragleave', files);
    expect(outline()).to.equal('none');
    drag('dragover', files);
    drag('drop', files);
    expect(outline()).to.equal('none');
    await until(() => card.count('.file-chip') === 1);
  });

  it('are not added to another question', async () => {
    const card = await show(askText({ inputType: 'any' }));
    const read = nextRead();
    await card.pick(new File(['one'], 'one.txt'));
    await card.set({ interaction: askText({ inputType: 'any' }) });
    await read;
    await settled(card.element);
    expect(card.count('.file-chip')).to.equal(0);
  });

  it('come before the text when the question asks for files', async () => {
    const card = await show(askText({ inputType: 'upload' }));
    await card.press('Send');
    expect(card.problems).to.deep.equal(['Add a file first']);
    expect(card.focused).to.equal('Add files');
    expect(card.count('textarea[aria-invalid]')).to.equal(0);
  });

  it('are shown as thumbnails when they are pictures, otherwise by name and size', async () => {
    const card = await show(askText({ inputType: 'any' }));
    await card.pick(pictureFile('beans.png'), new File(['one'], 'one.txt', { type: 'text/plain' }));
    await until(() => card.count('.file-chip') === 2);
    const picture = card.root.querySelector<HTMLImageElement>('.file-chip img')!;
    await picture.decode();
    expect([picture.naturalWidth, card.count('.file-chip img')]).to.deep.equal([1, 1]);
    expect(card.text).to.contain('one.txt').and.to.contain('3 bytes').and.to.contain('beans.png');
  });
});

describe('an answer being sent', () => {
  for (const phase of ['sending', 'sent'] as const) {
    it(`stays shown and cannot be given again while it is ${phase}`, async () => {
      const card = await show(askText({ skipLabel: 'Not now' }));
      await card.enter('Your answer', 'Three');
      card.button('Send').focus();
      await card.set({ answerState: { phase } });
      expect(card.control('Your answer').value).to.equal('Three');
      expect(card.control('Your answer').matches(':disabled')).to.equal(true);
      expect(card.button('Sending…').ariaDisabled).to.equal('true');
      expect(card.focused).to.equal('Sending…');
      await card.press('Sending…');
      await card.press('Not now');
      await keys(card, 'Control+Enter');
      expect(card.answers).to.deep.equal([]);
    });
  }

  it('keeps focus in the card when the field is disabled', async () => {
    const card = await show(askText());
    card.element.focus();
    await sendKeys({ type: 'Three' });
    await keys(card, 'Control+Enter');
    await card.set({ answerState: { phase: 'sending' } });
    expect(card.focused).to.equal('Sending…');
  });

  it('stays in the field when refused, with the reason', async () => {
    const card = await show(askText());
    await card.enter('Your answer', 'Three');
    card.button('Send').focus();
    await card.set({ answerState: { phase: 'sending' } });
    await card.set({ answerState: refused('network') });
    expect(card.control('Your answer').value).to.equal('Three');
    const error = card.root.querySelector<HTMLElement>('[role="alert"]')!;
    expect(error.innerText).to.contain('Can’t reach the server');
    expect(card.focused).to.equal(error.innerText);
    await card.press('Send again');
    expect(card.answers).to.deep.equal([text('Three')]);
  });

  it('does not move the focus back when it is refused after the person left the card', async () => {
    const card = await show(askText(), { answerState: { phase: 'sending' } });
    const elsewhere = document.createElement('button');
    document.body.append(elsewhere);
    elsewhere.focus();
    await card.set({ answerState: refused('network') });
    expect(document.activeElement === elsewhere).to.equal(true);
    elsewhere.remove();
  });

  const REASONS: readonly (readonly [code: string, words: string, isFinal: boolean])[] = [
    ['interaction-conflict', 'Someone already answered', true],
    ['interaction-not-found', 'has closed', true],
    ['session-terminal', 'session has ended', true],
    ['session-not-found', 'no longer exists', true],
    ['session-gone', 'no longer exists', true],
    ['session-deleted', 'no longer exists', true],
    ['unauthenticated', 'signed out', false],
    ['auth-required', 'signed out', false],
    ['forbidden', 'not allowed', false],
    ['payload-too-large', 'too large', false],
    ['timeout', 'took too long', false],
    ['unavailable', 'server is unavailable', false],
    ['invalid-response', 'did not accept the answer: because', false],
  ];
  for (const [code, words, isFinal] of REASONS) {
    it(`shows “${words}” for ${code}`, async () => {
      const card = await show(askMood(), { answerState: refused(code, 'because') });
      expect(card.text).to.contain(words);
      expect(card.hasButton('Send again')).to.equal(!isFinal);
    });
  }
});

describe('a choice', () => {
  const chosen = (...selectedIds: readonly string[]) => [{ kind: 'choice', selectedIds }];

  it('of one option is a group of radio buttons with the names of the choices', async () => {
    const card = await show(askMood());
    const group = card.root.querySelector('[role="radiogroup"]')!;
    expect(card.root.getElementById(group.getAttribute('aria-labelledby')!)!.innerText.trim()).to.equal(
      'Which mood?',
    );
    await card.tick('Playful');
    await card.tick('Calm');
    expect(card.chosen).to.deep.equal(['Calm']);
    expect(card.answers).to.deep.equal([]);
    await card.press('Send');
    expect(card.answers).to.deep.equal(chosen('calm'));
  });

  it('is made with the arrow keys and sent with Enter', async () => {
    const card = await show(askMood());
    card.element.focus();
    await keys(card, ' ', 'ArrowDown');
    expect(card.chosen).to.deep.equal(['Playful']);
    await keys(card, 'Enter');
    expect(card.answers).to.deep.equal(chosen('playful'));
  });

  it('is made with a digit, and sent with the same digit', async () => {
    const card = await show(askMood());
    card.element.focus();
    await keys(card, '3');
    expect(card.chosen).to.deep.equal(['Melancholy']);
    expect(card.answers).to.deep.equal([]);
    await keys(card, '9', '3');
    expect(card.answers).to.deep.equal(chosen('melancholy'));
  });

  it('is not sent while it is empty', async () => {
    const card = await show(askMood());
    await card.press('Send');
    expect(card.answers).to.deep.equal([]);
    expect(card.problems).to.deep.equal(['Choose an option first']);
    expect(card.focused).to.equal('Calm');
  });

  it('of several options is sent in the order of the choices', async () => {
    const card = await show(askMood({ selectionMode: 'multiple' }));
    expect(card.count('input[type="checkbox"]')).to.equal(3);
    card.element.focus();
    await keys(card, '3', '1', '2', '2', 'Control+Enter');
    expect(card.answers).to.deep.equal(chosen('calm', 'melancholy'));
  });

  for (const selectionMode of ['single', 'multiple']) {
    it(`of none of the above excludes the others (${selectionMode})`, async () => {
      const card = await show(askMood({ selectionMode, noneOfTheAboveLabel: 'None of these' }));
      await card.tick('Calm');
      await card.tick('None of these');
      expect(card.chosen).to.deep.equal(['None of these']);
      await card.press('Send');
      expect(card.answers).to.deep.equal(chosen(NONE_OF_THE_ABOVE));
      await card.tick('Playful');
      expect(card.chosen).to.deep.equal(['Playful']);
    });
  }

  it('shows a hundred of very many choices, the chosen one, none of them, and the others on request', async () => {
    const choices = Array.from({ length: 350 }, (_, number) => ({
      id: `n${number}`,
      content: { parts: [{ text: `Choice ${number}` }] },
    }));
    const card = await show(ask({ waitForChoice: { choices, noneOfTheAboveLabel: 'None of these' } }));
    expect(card.count('.choice')).to.equal(101);
    await card.press('Show 250 more choices');
    expect(card.count('.choice')).to.equal(201);
    await card.press('Show 150 more choices');
    await card.press('Show 50 more choices');
    expect(card.count('.choice')).to.equal(351);
    await card.tick('Choice 349');
    await card.press('Send');
    expect(card.answers).to.deep.equal(chosen('n349'));
  });

  it('shows the content of its choices', async () => {
    const data = btoa('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>');
    const picture = { inlineData: { mimeType: 'image/svg+xml', data, title: 'A green square' } };
    const card = await show(
      ask({ waitForChoice: { choices: [{ id: 'a', content: { parts: [picture] } }], layout: 'grid' } }),
    );
    expect(card.root.querySelector('.choice img')!.getAttribute('alt')).to.equal('A green square');
    expect(card.control('A green square').type).to.equal('radio');
  });
});

describe('a request for consent', () => {
  const interaction = ask({
    queryConsent: { consentType: 'GET_ANY_WEBPAGE', scope: { hosts: ['example.org', 'example.com'] } },
  });

  for (const [name, isGranted] of [
    ['Allow', true],
    ['Don’t allow', false],
  ] as const) {
    it(`names the requested consent, and accepts “${name}”`, async () => {
      const card = await show(interaction);
      expect(card.text).to.contain('Allow “Poet” to read any web page?');
      expect(card.text).to.contain('Limited to hosts: example.org, example.com.');
      await card.press(name);
      expect(card.answers).to.deep.equal([{ kind: 'consent', isGranted }]);
    });
  }

  it('names the pages it is about in the question, which then needs no limits', async () => {
    const url = 'https://example.org';
    const card = await show(ask({ queryConsent: { consentType: 'GET_ANY_WEBPAGE', scope: { url } } }));
    expect(card.text).to.contain(`Allow “Poet” to read ${url}?`);
    expect(card.text).not.to.contain('any web page').and.not.to.contain('Limited');
    await card.set({ interaction: ask({ queryConsent: { consentType: 'GET_ANY_WEBPAGE', scope: {} } }) });
    expect(card.text).to.contain('read any web page?').and.to.contain('No limits given.');
  });

  it('cannot be given with a keyboard shortcut', async () => {
    const card = await show(interaction);
    card.button('Don’t allow').focus();
    await keys(card, 'Control+Enter');
    expect(card.answers.filter((answer) => answer.kind === 'consent' && answer.isGranted)).to.deep.equal([]);
  });
});

describe('a question of an unknown kind', () => {
  const interaction = ask({ applyEdits: { message: 'Rename it?', label: 'Rename' } });

  it('shows the request, and accepts a JSON object', async () => {
    const card = await show(interaction);
    expect(card.text).to.contain('Rename it?').and.to.contain('applyEdits');
    const details = card.root.querySelector('sessions-panel-json')!;
    await details.updateComplete;
    expect(details.shadowRoot!.textContent).to.contain('"label": "Rename"');
    await card.enter('Answer (JSON)', '{"applied": true}');
    await card.press('Send');
    expect(card.answers).to.deep.equal([{ kind: 'unknown', response: { applied: true } }]);
  });

  for (const [json, words] of [
    ['', 'Enter a JSON object: {…}'],
    ['[1]', 'Enter a JSON object: {…}'],
    ['{\n"a": tru}', 'This is not valid JSON: see line 2, column 6'],
  ] as const) {
    it(`shows “${words}” for ${JSON.stringify(json)}`, async () => {
      const card = await show(interaction);
      await card.enter('Answer (JSON)', json);
      await card.press('Send');
      expect(card.answers).to.deep.equal([]);
      expect(card.problems).to.deep.equal([words]);
      expect(card.focused).to.equal('Answer (JSON)');
    });
  }
});

describe('a draft', () => {
  it('is passed to the host, and adopted by another card', async () => {
    const interaction = askText();
    const first = await show(interaction);
    await first.enter('Your answer', 'Thr');
    expect(first.text).to.contain('Draft saved');
    const stored: unknown = JSON.parse(JSON.stringify(first.drafts.at(-1)));
    const second = await show(interaction, { draft: stored });
    expect(second.control('Your answer').value).to.equal('Thr');
  });

  it('stays when the same question is set again', async () => {
    const interaction = askText();
    const card = await show(interaction);
    await card.enter('Your answer', 'Thr');
    await card.set({ interaction: { ...interaction }, draft: undefined });
    expect(card.control('Your answer').value).to.equal('Thr');
  });

  it('does not show in another question', async () => {
    const card = await show(askText());
    await card.enter('Your answer', 'Three');
    await card.set({ interaction: askText(), draft: undefined });
    expect(card.control('Your answer').value).to.equal('');
  });

  for (const draft of [
    null,
    'text',
    { kind: 'choice', selectedIds: ['calm'] },
    { kind: 'text', content: 7 },
  ]) {
    it(`is ignored when it is invalid: ${JSON.stringify(draft)}`, async () => {
      const card = await show(askText(), { draft });
      expect(card.control('Your answer').value).to.equal('');
    });
  }

  const draftOf = (typed: string) => ({ kind: 'text', content: { role: 'user', parts: [{ text: typed }] } });

  it('follows the input in another tab, and can be continued here', async () => {
    const card = await show(askText());
    await card.set({ draft: draftOf('Thr') });
    expect(card.control('Your answer').value).to.equal('Thr');
    await card.enter('Your answer', 'Three');
    await card.set({ draft: card.drafts.at(-1) });
    expect(card.control('Your answer').value).to.equal('Three');
    await card.set({ draft: draftOf('Three or') });
    expect(card.control('Your answer').value).to.equal('Three or');
    await card.set({ draft: undefined });
    await card.enter('Your answer', 'Three or four');
    await card.set({ draft: undefined });
    expect(card.control('Your answer').value).to.equal('Three or four');
  });

  for (const [name, expected] of [
    ['Use it', 'Two'],
    ['Keep mine', 'Three'],
  ] as const) {
    it(`typed in another tab at the same time is shown next to this one: “${name}”`, async () => {
      const card = await show(askText());
      const decisions: boolean[] = [];
      await card.set({
        onDraft: (draft, overridesOther = false) => {
          card.drafts.push(draft);
          decisions.push(overridesOther);
        },
      });
      await card.enter('Your answer', 'Three');
      await card.set({ draft: card.drafts.at(-1), conflictingDraft: draftOf('Two') });
      const note = card.root.querySelector<HTMLElement>('.other')!;
      expect(note.getAttribute('role')).to.equal('status');
      expect(note.innerText).to.contain('Draft from another tab:').and.to.contain('Two');
      expect(await accessibilityProblems(card.element)).to.deep.equal([]);
      await card.press(name);
      expect(card.drafts.at(-1)).to.deep.equal(draftOf(expected));
      expect(decisions).to.deep.equal([false, true]);
      await card.set({ draft: card.drafts.at(-1), conflictingDraft: undefined });
      expect(card.control('Your answer').value).to.equal(expected);
      expect(card.count('.other')).to.equal(0);
      expect(card.focused).to.equal('Your answer');
    });
  }

  it('of another tab is named as empty when it is', async () => {
    const card = await show(askText(), { conflictingDraft: draftOf('') });
    expect(card.text).to.contain('Cleared in another tab.');
  });

  it('of a choice drops options that are no longer offered', async () => {
    const card = await show(askMood(), { draft: { kind: 'choice', selectedIds: ['gone', 'calm'] } });
    expect(card.chosen).to.deep.equal(['Calm']);
  });
});

describe('every card is accessible', () => {
  const everything = askForm(
    {
      name: { type: 'string', title: 'Name', description: 'As in the passport' },
      nights: { type: 'integer', minimum: 1, maximum: 9 },
      room: { enum: ['Single', 'Double'] },
      city: { enum: ['Oslo', 'Rome', 'Paris', 'Wien', 'Bonn'] },
      extras: { type: 'array', uniqueItems: true, minItems: 1, items: { enum: ['Breakfast', 'Parking'] } },
      news: { type: 'boolean' },
      place: { type: 'object', properties: { street: { type: 'string' } } },
      tags: { type: 'array', items: { type: 'string' }, default: ['sea'] },
      photo: { behavior: ['llm-content'], format: 'image', title: 'Photo' },
      meta: { type: 'object' },
    },
    ['name', 'nights', 'room', 'city', 'extras', 'photo', 'meta'],
  );
  const file = { inlineData: { mimeType: 'text/plain', data: 'b25l', title: 'one.txt' } };
  const CARDS = {
    text: () => show(askText({ inputType: 'any', skipLabel: 'Not now' })),
    'text with files': () =>
      show(askText({ inputType: 'any' }), { draft: { kind: 'text', content: { parts: [file] } } }),
    'single choice': () => show(askMood({ layout: 'row', noneOfTheAboveLabel: 'None of these' })),
    'multiple choice': () =>
      show(askMood({ selectionMode: 'multiple' }), { draft: { kind: 'choice', selectedIds: ['calm'] } }),
    consent: () => show(ask({ queryConsent: { consentType: 'SEND_EMAIL', scope: { to: 'ann' } } })),
    unknown: () => show(ask({ applyEdits: { label: 'Rename' } })),
    form: () => show(everything),
    sending: () => show(askText(), { answerState: { phase: 'sending' } }),
    refused: () => show(askText(), { answerState: refused('network') }),
    'text with a problem': () => showProblem(askText()),
    'choice with a problem': () => showProblem(askMood()),
    'multiple choice with a problem': () => showProblem(askMood({ selectionMode: 'multiple' })),
    'form with problems': () => showProblem(everything),
  };
  async function showProblem(interaction: ReturnType<typeof ask>): Promise<Card> {
    const card = await show(interaction);
    await card.press('Send');
    expect(card.problems.length).to.be.greaterThan(0);
    return card;
  }
  for (const scheme of ['light', 'dark']) {
    for (const [name, make] of Object.entries(CARDS)) {
      it(`${name}, ${scheme}`, async () => {
        document.documentElement.style.colorScheme = scheme;
        document.body.style.background = scheme === 'dark' ? '#16181d' : '#ffffff';
        await expect((await make()).element).to.be.accessible();
      });
    }
  }
  after(() => {
    document.documentElement.removeAttribute('style');
    document.body.removeAttribute('style');
  });
});
